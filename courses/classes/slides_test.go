package classes_test

import (
	"testing"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestSlideOnTheWall(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(thursday)
		last := len(h.rev.Class.Slides)
		at := func(want int) {
			t.Helper()
			n, err := h.Slide(ctx, h.me, c.ID)
			h.must(err)
			if n != want {
				t.Errorf("slide %d, not %d", n, want)
			}
		}
		at(1)
		for _, n := range []int{2, last, 3} {
			h.must(h.ShowSlide(ctx, h.me, c.ID, n))
			at(n)
		}
		for _, n := range []int{0, -1, last + 1} {
			h.is(h.ShowSlide(ctx, h.me, c.ID, n), storage.ErrNotFound)
		}
		h.is(h.ShowSlide(ctx, h.other, c.ID, 1), storage.ErrNotFound)
		_, err := h.Slide(ctx, h.other, c.ID)
		h.is(err, storage.ErrNotFound)
		at(3)
	})
}
