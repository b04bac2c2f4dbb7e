package views

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
	"tsunagari/storage/storagetest"
)

const tokyo = "p13"

// counted is a house in which people finished over two 年度: in 北見市 3 before and 4
// in this one, in 網走市 one, one in 札幌市 and one in 東京都.
func counted(t *testing.T) *house {
	t.Helper()
	h := readyHouse(t)
	clock := storagetest.Clock(h.db)
	for _, c := range []struct {
		day   string
		towns []string
	}{
		{"2025-06-10", []string{kitami, kitami}},
		{"2025-12-01", []string{kitami}},
		{"2026-05-20", []string{kitami, kitami, kitami, abashiri, sapporo, tokyo}},
		{"2026-11-03", []string{kitami}},
	} {
		day, err := time.ParseInLocation("2006-01-02 15:04", c.day+" 10:00", japan)
		h.must(err)
		clock.Set(day)
		for _, town := range c.towns {
			id, _ := h.learner("北見", "花子", "きたみ", town)
			h.finish(id)
		}
	}
	clock.Set(storagetest.Start)
	return h
}

const sapporo = "011002"

// officer is the cookie of a new officer post of the municipalities.
func (h *house) officer(codes ...string) string {
	h.t.Helper()
	_, cookie := h.staff(strings.Join(codes[:1], "")+"の担当", accounts.Officer, strings.Join(codes, " "), "町野", "一郎")
	return cookie
}

func okhotskCodes() []string { return codesOf(accounts.InBureau("オホーツク総合振興局")) }

var tags2 = regexp.MustCompile(`<[^>]+>`)

// wordsOf is the text of the page's own part, without tags.
func wordsOf(body string) string { return tags2.ReplaceAllString(mainOf(body), "") }

func TestMunicipalityPage(t *testing.T) {
	h := counted(t)
	officer := h.officer(kitami)
	words := wordsOf(h.shows("/municipality", officer, 200, "速報値", "数え方", "居住地は受講者の申告による", "人口を入れる"))
	h.has(words, "令和8年11月23日現在、累計7人、今年度4人", "前年同期 2人", "令和8年5月36速報値", "令和8年9月四半期末06速報値", "令和8年11月17速報値", "令和7年度33", "令和8年度47", "人口がまだ入っていない")
	if own := wordsOf(h.shows("/municipality/areas/"+kitami, officer, 200, "北見市の修了者数")); !strings.Contains(own, "累計7人、今年度4人") {
		t.Error(own)
	}
	h.lacks(words, "網走市", "市町村ごとの数")
	rows, err := h.deps.Counts.Rows(t.Context(), counts.ScopeOfCodes([]string{kitami}), counts.Filter{Areas: []string{kitami}})
	h.must(err)
	n := 0
	for _, r := range rows {
		n += r.People
	}
	if n != 7 {
		t.Errorf("the page says 7, the counts %d", n)
	}
}

func TestBureauComparesAndDrillsDown(t *testing.T) {
	h := counted(t)
	bureau := h.officer(okhotskCodes()...)
	body := h.shows("/municipality", bureau, 200, "オホーツク総合振興局", `class="tiles"`, `href="/municipality/areas/012114"`, "未利用")
	h.has(wordsOf(body), "累計8人、今年度5人", "北見 7", "雄武 …", "全18市町村のうち、0市町村で実施、2市町村で利用", "北見市740", "雄武町………")
	h.has(wordsOf(h.shows("/municipality/areas/"+abashiri, bureau, 200)), "累計1人、今年度1人")
	unused := wordsOf(h.shows("/municipality/areas/015636", bureau, 200))
	h.has(unused, "令和8年11月23日現在 …", "まだこのシステムを使っていません")
	h.lacks(unused, "0人、")
	sorted := h.shows("/municipality?sort=total", bureau, 200)
	if strings.Index(sorted, ">北見市</a></th>") > strings.Index(sorted, ">網走市</a></th>") {
		t.Error("北見市 has more and stands after 網走市")
	}
	h.shows("/municipality?sort="+url.QueryEscape("total; DROP"), bureau, 200)
}

// What was reported apart stands in rows of its own and is never added in.
func TestReportedApart(t *testing.T) {
	h := counted(t)
	bureau := h.officer(okhotskCodes()...)
	for _, town := range []string{"015636", kitami} {
		h.must(h.deps.Counts.AddSeparate(t.Context(), accounts.Shell(), counts.SeparateInput{
			Municipality: town, HeldOn: "2026-06-01", Name: "出前講座", People: "30", Source: "町の報告",
		}))
	}
	words := wordsOf(h.shows("/municipality", bureau, 200))
	h.has(words, "累計8人、今年度5人", "別途報告が60人", "雄武 別途", "雄武町別途報告 30人（別途）（別途）", "北見市別途報告 30人740", "津別町………")
	h.has(wordsOf(h.shows("/municipality/areas/015636", bureau, 200)), "令和8年11月23日現在 （別途）", "別途報告が30人")
}

func TestPrefectureComparesBureaus(t *testing.T) {
	h := counted(t)
	hokkaido := h.officer(codesOf(accounts.InPrefecture("01"))...)
	body := h.shows("/municipality", hokkaido, 200, "北海道", `href="/municipality/bureaus/9"`)
	h.has(wordsOf(body), "累計9人、今年度6人", "（179市町村）", "オホーツク 8", "石狩 1")
	h.lacks(body, "道外")
	h.has(wordsOf(h.shows("/municipality/bureaus/9", hokkaido, 200, "オホーツク総合振興局の修了者数")), "累計8人、今年度5人")
	h.has(wordsOf(h.shows("/municipality/areas/"+sapporo, hokkaido, 200)), "累計1人、今年度1人")
	admin := wordsOf(h.shows("/municipality", h.admin, 200))
	h.has(admin, "オホーツク管内（18市町村）", "道内（管外）11", "道外11", "不明00", "累計8人、今年度5人")
}

// What is closed says so, is divided as far as the rule allows, and stands on its
// own page with its corrections.
func TestClosedMonths(t *testing.T) {
	h := counted(t)
	officer, bureau := h.officer(kitami), h.officer(okhotskCodes()...)
	h.has(wordsOf(h.shows("/municipality", officer, 200)), "しめ切った四半期がまだない")
	h.has(wordsOf(h.shows("/municipality/closings", officer, 200)), "しめ切った月は、まだありません", "訂正は、ありません")
	h.must(h.deps.Counts.CloseDue(t.Context(), h.db.Now()))
	h.withdrawOne()
	words := wordsOf(h.shows("/municipality", officer, 200, `href="/municipality/closings"`))
	h.has(words, "令和8年5月25訂正あり", "令和8年4月03確定値", "令和8年11月16速報値", "教室（講師が確認）", "70代", "きまり")
	closings := wordsOf(h.shows("/municipality/closings", officer, 200))
	h.has(closings, "北見市", "令和8年5月2026年11月23日にしめ切り3", "修了の取り下げ", "令和8年5月2026年11月23日に訂正-1", "令和8年11月の数は、いまは速報値です。2026年12月5日にしめ切ります")
	seal, err := h.deps.Counts.Seal(t.Context(), counts.ScopeOfCodes([]string{kitami}), kitami, "2026-05")
	h.must(err)
	h.has(closings, seal)
	h.has(wordsOf(h.shows("/municipality/closings", bureau, 200)), "オホーツク総合振興局", "令和8年5月2026年11月23日にしめ切り4", "北見市-1")
	h.shows("/municipality/areas/"+abashiri+"/closings", officer, 404)
	h.shows("/municipality/areas/"+abashiri+"/closings", bureau, 200, "網走市")
}

// withdrawOne takes back what one person of 北見市 finished in May.
func (h *house) withdrawOne() {
	h.t.Helper()
	h.must(h.db.Tx(h.t.Context(), func(tx *gorm.DB) error {
		var id string
		if err := tx.Raw("SELECT id FROM completions WHERE municipality = ? AND completed_on = '2026-05-20' ORDER BY id LIMIT 1", kitami).Scan(&id).Error; err != nil {
			return err
		}
		return h.deps.Courses.Withdraw(tx, id, "", "重複していたため")
	}))
}
