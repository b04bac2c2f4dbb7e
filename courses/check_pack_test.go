package courses

import (
	"strings"
	"testing"
)

func TestCheckWarnsOfPack(t *testing.T) {
	slides := func(old, new string) string { return strings.Replace(packSlides, old, new, 1) }
	handout := func(old, new string) string { return strings.Replace(packHandout, old, new, 1) }
	sheets := func(old, new string) string { return strings.Replace(packSheets, old, new, 1) }
	for name, test := range map[string]struct{ file, content, want string }{
		"full slide":             {"class/slides.md", slides("大きな文字です。", strings.Repeat("あ", 40)+"。\n"+strings.Repeat("い", 40)+"。\n"+strings.Repeat("う", 60)), "授業パック class/slides.md:9: スライドに14"},
		"long notes":             {"class/slides.md", slides("ゆっくり話します。", strings.Repeat("あ", 51)+"。"), "50字をこえる文 class/slides.md:26: 52字"},
		"term on a slide":        {"class/slides.md", slides("大きな文字です。", "孤独の話。"), "初めて出る言葉のふりがな class/slides.md:11: 「孤独」に"},
		"term in a title":        {"class/slides.md", slides("「{孤独|こどく}」とは", "孤独とは"), "初めて出る言葉のふりがな class/slides.md:21: 「孤独」に"},
		"word in notes":          {"class/slides.md", slides("ゆっくり話します。", "試験ではありません。"), "受講者に使わない言葉 class/slides.md:26: 「試験」"},
		"poor alternative":       {"class/slides.md", slides("四つのますの図です。", "図です"), "図・写真・音声・資料 class/slides.md:23: 図の説明が短すぎます。"},
		"term in a section":      {"class/handout.md", handout("## 書いてみましょう", "孤立です。\n\n## 孤独\n\n{孤独|こどく}"), "初めて出る言葉のふりがな class/handout.md:21: 「孤独」に"},
		"bare kanji":             {"class/handout.easy.md", strings.Replace(packEasyHandout, "{気持|きも}ち", "気持ち", 1), "やさしい日本語のふりがな class/handout.easy.md:6: ふりがながありません：気持"},
		"no easy handout":        {"class/handout.easy.md", "", "やさしい日本語 class/handout.easy.md: やさしい日本語の文がありません。"},
		"no easy item":           {"class/sheets.yaml", sheets("どうでしたか。", "今日はどうでしたか。"), "やさしい日本語 class/sheets.yaml:7: 「今日はどうでしたか。」のやさしい日本語がありません。"},
		"bare kanji in an item":  {"class/sheets.yaml", sheets("{思|おも}った", "思った"), "やさしい日本語のふりがな class/sheets.yaml:2: ふりがながありません：思"},
		"another number":         {"class/sheets.yaml", sheets("[q-1, q-2]", "[q-1]"), "授業パック class/sheets.yaml:16: 紙のまとめの確認は1問ですが、講座のまとめの確認は2問です。"},
		"word on the poster":     {"class/sheets.yaml", sheets("どなたでも", "試験はありません"), "受講者に使わない言葉 class/sheets.yaml:18: 「試験」"},
		"long sentence in a row": {"class/timetable.yaml", strings.Replace(packTimetable, "急がずに", strings.Repeat("急", 50), 1), "50字をこえる文 class/timetable.yaml:10: 55字"},
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := ReadPackage(packFixture())
			p, faults := ReadPackage(packFixture(test.file, test.content))
			if len(faults) > 0 {
				t.Fatal(faultLines(faults))
			}
			report := Check(p)
			if got := warnings(report); !strings.Contains(got, test.want) {
				t.Errorf("no %q in\n%s", test.want, got)
			}
			if strings.Contains(warnings(Check(before)), test.want) {
				t.Error("the unchanged pack is warned of too")
			}
		})
	}
	p, _ := ReadPackage(packFixture())
	if got := faultLines(Check(p).Unconfirmed); !strings.Contains(got, "class/slides.md: まだの話") {
		t.Errorf("unconfirmed: %s", got)
	}
}
