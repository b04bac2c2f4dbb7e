package views

import (
	"testing"

	"tsunagari/courses/coursetest"
	"tsunagari/storage/storagetest"
)

func TestStartPageOffersTheFirstCourse(t *testing.T) {
	h := readyHouse(t)
	_, _, err := h.deps.Courses.Publish(t.Context(), coursetest.Small("second"))
	h.must(err)
	body := h.shows("/", "", 200, `href="/courses/supporter/ichi-1">読んでみる`, "単元ichi", "ぜんぶで約90分")
	h.lacks(body, "/courses/second")
	_, body = h.get("/", readingCookie+"=e")
	h.has(body, "やさしい単元ichi")
}

func TestStartPageWithoutACourse(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := &house{t: t, db: db, app: New(wired(db))}
	h.lacks(h.shows("/", "", 200, "つながりサポーター養成講座"), "読んでみる")
}
