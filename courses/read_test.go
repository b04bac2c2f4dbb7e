package courses

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

func TestFaultsNameFileAndLine(t *testing.T) {
	lesson := func(body string) string { return "---\ntitle: つぎ\nsources: [ある資料]\n---\n\n" + body }
	for name, test := range map[string]struct{ file, content, want string }{
		"no course":            {"course.md", "", "course.md: このファイルがありません。"},
		"no front matter":      {"course.md", "# 講座\n", "course.md:1: --- で囲んだ見出し部分から始めてください。"},
		"unclosed front":       {"hito/tsugi.md", "---\ntitle: a\n", "hito/tsugi.md:1: --- で囲んだ見出し部分から始めてください。"},
		"slip of the pen":      {"course.md", strings.Replace(courseMD, "summary", "sumary", 1), "course.md:5: 「sumary」という名前は、ここでは使いません。"},
		"slug":                 {"course.md", strings.Replace(courseMD, "slug: tameshi", "slug: Ta me", 1), "course.md: slugには半角"},
		"id":                   {"course.md", strings.Replace(courseMD, "id: 6c", "id: x", 1), "course.md: idには一度だけ作ったUUIDを書いてください。"},
		"rule":                 {"course.md", strings.Replace(courseMD, "understood", "perfect", 1), "course.md:12: 「rule」に書けるのは understood、pass です。"},
		"pass without percent": {"course.md", strings.Replace(courseMD, "understood", "pass", 1), "course.md: closing の rule: pass には"},
		"too few for closing":  {"course.md", strings.Replace(courseMD, "questions: 2", "questions: 9", 1), "course.md: まとめの確認は9問ですが、使える問題は3問です。"},
		"path as module":       {"course.md", strings.Replace(courseMD, "[hito]", "[../hito]", 1), "course.md:8: 「../hito」には半角"},
		"module missing":       {"course.md", strings.Replace(courseMD, "[hito]", "[hito, mori]", 1), "mori/module.md: このファイルがありません。"},
		"lesson missing":       {"hito/module.md", strings.Replace(moduleMD, "tsugi]", "tsugi, yama]", 1), "hito/yama.md: このファイルがありません。"},
		"too few for check":    {"hito/module.md", strings.Replace(moduleMD, "check: 3", "check: 4", 1), "hito/questions.yaml: 単元の確認は4問ですが、使える問題は3問です。"},
		"goals differ":         {"hito/module.easy.md", "---\ntitle: a\ngoals:\n  - ひとつ\n---\n", "hito/module.easy.md:3: 学習目標の数が"},
		"furigana first":       {"hito/module.md", strings.Replace(moduleMD, "  - 声をかけられる", "  - {声|こえ}をかける", 1), "hito/module.md:6: 「{」で始まる文は、\" \" で囲んでください。"},
		"file left over":       {"hito/mori.md", lesson("a"), "hito/mori.md: このファイルは使われていません。"},
		"foreign file":         {"hito/photo.png", "x", "hito/photo.png: このファイルは使われていません。"},
		"foreign picture":      {"media/photo.png", "x", "media/photo.png: この種類のファイルは使えません"},
		"broken picture":       {"media/b.svg", "<svg", "media/b.svg: SVGとして読み取れません。"},
		"deep folder":          {"a/b/c/d.md", "x", "a/b/c: フォルダーが深すぎます。"},
		"not utf-8":            {"hito/tsugi.md", "\xff\xfe", "hito/tsugi.md: 文字コードがUTF-8ではありません。"},
		"control character":    {"hito/tsugi.md", lesson("a\x00b"), "hito/tsugi.md:6: 表示できない文字"},
		"private character":    {"hito/tsugi.md", lesson("{a\ue000b}"), "hito/tsugi.md:6: 表示できない文字"},
		"terms as a list":      {"terms.yaml", "- 孤独\n", "terms.yaml:1: 「言葉: よみ」の形で書いてください。"},
		"term without reading": {"terms.yaml", "孤独: こどく\n孤立:\n", "terms.yaml:2: 「孤立」のよみがありません。"},
		"empty lesson":         {"hito/tsugi.md", "---\ntitle: a\n---\n", "本文がありません。"},
		"question elsewhere":   {"hito/questions.yaml", strings.Replace(bankYAML, "lesson: tsugi", "lesson: yama", 1), "hito/questions.yaml:23: 問題 q-3：レッスン「yama」がありません。"},
		"question twice":       {"hito/questions.yaml", strings.Replace(bankYAML, "id: q-2", "id: q-1", 1), "hito/questions.yaml:16: 問題のid「q-1」は、hito/questions.yaml でも使われています。"},
		"html in a question":   {"hito/questions.yaml", strings.Replace(bankYAML, "心が感じること", "<b>心</b>", 1), "hito/questions.yaml:1: 問題 q-1：HTMLは使えません（<b>）。"},
		"asked of the curious": {"hito/tsugi.md", "---\ntitle: a\nrequired: false\n---\nb\n", "問題 q-3：「tsugi」は、読まなくてもよいレッスンです。"},
		"html in a title":      {"hito/tsugi.md", "---\ntitle: \"<b>a</b>\"\n---\nb\n", "hito/tsugi.md:1: HTMLは使えません"},

		"unclosed block":    {"hito/tsugi.md", lesson("a\n\n:::point b\nc\n"), "hito/tsugi.md:8: 「:::point b」を閉じる ::: がありません。"},
		"stray end":         {"hito/tsugi.md", lesson("a\n:::\nb"), "hito/tsugi.md:7: 始まりのない ::: があります。"},
		"nested":            {"hito/tsugi.md", lesson(":::point a\nb\n:::care c\nd\n:::\n"), "hito/tsugi.md:8: 「:::point a」の中に「:::care c」があります。"},
		"unknown block":     {"hito/tsugi.md", lesson(":::warning a\nb\n:::"), "hito/tsugi.md:6: 「warning」というブロックはありません。"},
		"empty block":       {"hito/tsugi.md", lesson(":::care a\n\n:::"), "hito/tsugi.md:6: 「:::care」に中身がありません。"},
		"html":              {"hito/tsugi.md", lesson("a\nb <script>c</script>"), "hito/tsugi.md:7: HTMLは使えません（<script>）。"},
		"unknown link":      {"hito/tsugi.md", lesson("a\n\nb\n[c](yama)"), "hito/tsugi.md:9: リンク先「yama」がありません。"},
		"insecure link":     {"hito/tsugi.md", lesson("[c](http://example.jp)"), "hito/tsugi.md:6: リンク先「http://example.jp」がありません。"},
		"script as link":    {"hito/tsugi.md", lesson("[c](javascript:alert(1))"), "hito/tsugi.md:6: リンク先「javascript:alert(1)」がありません。"},
		"heading too high":  {"hito/tsugi.md", lesson("# a"), "hito/tsugi.md:6: 見出しは ## か ### で始めてください。"},
		"open emphasis":     {"hito/tsugi.md", lesson("a\n\nこれは**強調です。"), "hito/tsugi.md:8: 「**」が対になっていません。"},
		"open furigana":     {"hito/tsugi.md", lesson("これは{孤独です。"), "hito/tsugi.md:6: 「{」が対になっていません。"},
		"furigana halves":   {"hito/tsugi.md", lesson("これは{孤独}です。"), "hito/tsugi.md:6: 「{」が対になっていません。"},
		"figure unknown":    {"hito/tsugi.md", lesson("![a](media/b.svg)"), "hito/tsugi.md:6: media/b.svg がありません。"},
		"figure in text":    {"hito/tsugi.md", lesson("a\n![b](media/masu.svg)"), "hito/tsugi.md:7: 図の前後には空の行が要ります。"},
		"figure in line":    {"hito/tsugi.md", lesson("a ![b](media/masu.svg)"), "hito/tsugi.md:6: 図は、前後を空けた一行に置いてください。"},
		"figure without":    {"hito/tsugi.md", lesson("![](media/masu.svg)"), "hito/tsugi.md:6: 図の説明（見えない人のための文）がありません。"},
		"figure elsewhere":  {"hito/tsugi.md", lesson("![a](https://example.jp/a.png)"), "hito/tsugi.md:6: 図や写真は media/ の中のファイル"},
		"deep list":         {"hito/tsugi.md", lesson("a\n\n- - - - - - b"), "hito/tsugi.md:8: 箇条書きの入れ子が深すぎます。"},
		"activity twice":    {"hito/tsugi.md", lesson(":::chain kusari\n1. a\n2. b\n:::"), "hito/zenbu.md でも使われています。"},
		"other shape":       {"hito/zenbu.easy.md", "---\ntitle: ぜんぶ\n---\n" + strings.Replace(easyEverything(), "孤独だけ / どちらも", "どちらも", 1), "活動「kodoku」の項目の数や正しい組み合わせが"},
		"other talk":        {"hito/zenbu.easy.md", "---\ntitle: ぜんぶ\n---\n" + strings.Replace(easyEverything(), "- だまって通る => owari", "- だまって通る => henji", 1), "活動「tonari」の"},
		"closing as lesson": {"hito/module.md", strings.Replace(moduleMD, "tsugi]", "closing]", 1), "hito/closing.md: 「closing」は、まとめの確認のページのアドレスです。"},
		"check as activity": {"hito/tsugi.md", lesson("a\n\n:::chain check\n1. a\n2. b\n:::"), "hito/tsugi.md:8: 「check」は、単元の確認のページのアドレスです。"},
		"activity left out": {"hito/zenbu.easy.md", "---\ntitle: ぜんぶ\n---\nみじかい文です。", "hito/zenbu.easy.md: 活動「kodoku」が、やさしい日本語のほうにありません。"},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := ReadPackage(fixture(test.file, test.content))
			if got := faultLines(faults); !strings.Contains(got, test.want) {
				t.Errorf("got\n%s\nwant %s", got, test.want)
			}
		})
	}
}

func TestActivityFaults(t *testing.T) {
	for name, test := range map[string]struct{ body, want string }{
		"no id":              {":::sort\ngroups: a / b\n- c => a\n:::", "6: 「:::sort」のあとに"},
		"unknown word":       {":::chain x propsal\n1. a\n2. b\n:::", "6: 「propsal」は、ここでは使いません。"},
		"no groups":          {":::sort x\n- a => b\n- c => d\n:::", "「groups: A / B」の行がありません。"},
		"one group":          {":::sort x\n\ngroups: a\n- c => a\n- d => a\n:::", "8: groups は2つから6つまでです。"},
		"unknown group":      {":::sort x\ngroups: a / b\n- c => a\n- d => z\n:::", "9: groups に「z」がありません。"},
		"no arrow":           {":::sort x\ngroups: a / b\n- c\n- d => a\n:::", "8: 「=>」がありません。"},
		"nothing left":       {":::match x\n- => a\n- b => c\n- d => e\n:::", "7: 「=>」の左か右が空です。"},
		"one right side":     {":::match x\n- a => c\n- b => c\n:::", "右側が2つ以上要ります。"},
		"backwards":          {":::order x\n1. a\n3. b\n2. c\n:::", "9: 番号が前の行より小さくなっています。"},
		"too short":          {":::order x\n1. a\n2. b\n:::", "項目が3つ以上要ります。"},
		"unreadable":         {":::chain x\n1. a\nb\n2. c\n:::", "8: この行は読み取れません。"},
		"unknown scene":      {":::talk x\n# a\nb\n- c => z\n# d\ne\n:::", "9: 場面「z」がありません。"},
		"scene unreached":    {":::talk x\n# a\nb\n- c => d\n# d\ne\n# f\ng\n:::", "12: 場面「f」へ進む選び方がありません。"},
		"endless":            {":::talk x\n# a\nb\n- c => d\n# d\ne\n- f => a\n:::", "7: 場面「a」からは、会話が終わりません。"},
		"scene twice":        {":::talk x\n# a\nb\n- c => d\n# d\ne\n# d\ng\n:::", "12: 場面「d」が二度あります。"},
		"silent scene":       {":::talk x\n# a\n- c => d\n# d\ne\n:::", "7: 場面「a」に文がありません。"},
		"worksheet of what":  {":::worksheet x\n- a\n:::", "「answers: …」か「lines: …」の行がありません。"},
		"points missing":     {":::worksheet x\nanswers: 1 a / b\n- c\ntotal 1-1: d\n:::", "7: answers の「b」は「点数 言葉」の形ではありません。"},
		"totals with a hole": {":::worksheet x\nanswers: 1 a / 2 b\n- c\n- d\ntotal 2-2: e\ntotal 4-4: f\n:::", "11: 合計の範囲が続いていません（3から始まるはずです）。"},
		"totals too short":   {":::worksheet x\nanswers: 1 a / 2 b\n- c\n- d\ntotal 2-3: e\n:::", "10: 合計は2から4までになりますが、言葉は3までです。"},
		"part without rows":  {":::worksheet x\nanswers: a / b\n# c\n# d\n- e\n:::", "8: この見出しの下に項目がありません。"},
		"lines":              {":::worksheet x\nlines: 99\n- a\n:::", "7: lines には1から12までの数を書いてください。"},
	} {
		t.Run(name, func(t *testing.T) {
			_, faults := ReadPackage(fixture("hito/tsugi.md", "---\ntitle: つぎ\nsources: [ある資料]\n---\n\n"+test.body))
			if got := faultLines(faults); !strings.Contains(got, test.want) {
				t.Errorf("got\n%s\nwant %s", got, test.want)
			}
		})
	}
}

func TestFilesOfOtherComputers(t *testing.T) {
	windows := strings.ReplaceAll("\ufeff---\ntitle: つぎ\n---\n一行め\n\n二行め\n", "\n", "\r\n")
	p := readFixture(t, "hito/tsugi.md", windows, "hito/.DS_Store", "x", "__MACOSX/._a.md", "x", "Thumbs.db", "x")
	if got := p.Modules[0].Lessons[1].Body["ja"]; got != "一行め\n\n二行め" {
		t.Errorf("body %q", got)
	}
}

func TestFoldersAreBounded(t *testing.T) {
	many := fixture()
	for i := range maxFiles + 10 {
		many[fmt.Sprintf("hito/x-%d.md", i)] = &fstest.MapFile{Data: []byte("x")}
	}
	if _, faults := ReadPackage(many); !strings.Contains(faultLines(faults), "ファイルが多すぎます") {
		t.Error("more files than a course may have were read")
	}
	large := strings.Repeat("あ", maxFile/3+1)
	if _, faults := ReadPackage(fixture("hito/tsugi.md", large)); !strings.Contains(faultLines(faults), "ファイルが大きすぎます") {
		t.Error("a file larger than a course may have was read")
	}
}

func TestFolderThatCannotBeRead(t *testing.T) {
	_, faults := ReadPackage(os.DirFS("/nowhere/at/all"))
	if len(faults) == 0 || faults[0].File == "" {
		t.Errorf("faults %v", faults)
	}
}

// FuzzReadPackage puts hostile text into the files of a course: it is read
// without a panic and in little time, and what has no faults can be opened.
func FuzzReadPackage(f *testing.F) {
	f.Add(moduleMD, "---\ntitle: a\n---\n"+everything, bankYAML, picture)
	f.Add("---\n---\n", ":::", "- a", "<svg")
	f.Fuzz(func(t *testing.T, module, lesson, bank, svg string) {
		began := time.Now()
		p, faults := ReadPackage(fixture("hito/module.md", module, "hito/zenbu.md", lesson, "hito/questions.yaml", bank, "media/masu.svg", svg))
		Check(p)
		if document, err := p.Document(); err == nil {
			if _, err := OpenDocument("r", 1, document); err != nil {
				t.Errorf("published but cannot be opened: %v", err)
			}
		} else if len(faults) == 0 {
			t.Errorf("no faults but no document: %v", err)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("took %v", took)
		}
	})
}
