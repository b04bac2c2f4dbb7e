package gift

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tsunagari/courses/questions"
)

const blank = "_____" // a missing word, as Moodle shows it

// question reads one question.
func (r *reader) question(b block) {
	d := &draft{reader: r, Imported: questions.Imported{Question: questions.Question{Line: b.line}, Category: b.category}}
	d.ForeignID, d.Tags = labels(b.comments)
	whole, some := false, false
	p := part{protect(b.text, r.wide), b.line}
	if r.wide {
		p.text = narrow(p.text)
	} else {
		whole, some = seemsWide(p.text)
		r.out.FullWidth = r.out.FullWidth || whole || some
	}
	p = d.furigana(d.title(p))
	switch {
	case strings.ContainsFunc(b.text, unprintable):
		d.fail(d.Line, "表示できない文字（外字など）があります。ふつうの文字に直してください。")
		return
	case whole:
		d.fail(d.Line, "｛ ＝ ～ ＃ が全角です。「全角の記号を直して読み直す」を押してください。")
		return
	case some:
		d.look(d.Line, "記号の一部（＝ ～ ＃ ％ → ：：）が全角です。ふつうの文字として読みました。記号のつもりなら、「全角の記号を直して読み直す」を押してください。")
	case b.gap && strings.Contains(p.text, "}"):
		d.look(d.Line, "{ } の中に空の行があります。つづけて1つの問題として読みました。")
	}
	d.read(p)
}

// unprintable holds for characters that texts may not have: a machine's own and
// the sign for what could not be read.
func unprintable(r rune) bool {
	return r == utf8.RuneError || r >= 0xe000 && r <= 0xf8ff
}

// title takes the ::name:: off.
func (d *draft) title(p part) part {
	p = p.trim()
	rest, named := strings.CutPrefix(p.text, "::")
	if !named {
		return p
	}
	name, text, found := strings.Cut(rest, "::")
	if !found {
		d.look(d.Line, "名前の終わりの :: がありません。::名前::問題文 の形に書きます。")
		return part{rest, p.line}.trim()
	}
	d.Name = strings.Join(strings.Fields(restore(name)), " ")
	return part{text, p.line + strings.Count(name, "\n")}.trim()
}

var bareFurigana = regexp.MustCompile(`\{([^{}|\n=~#]+)\|([\p{Hiragana}\p{Katakana}ー・ 　]+)\}`)

// furigana takes {漢字|かんじ} for what was meant, though its braces should have
// been escaped.
func (d *draft) furigana(p part) part {
	m := bareFurigana.FindStringIndex(p.text)
	if m == nil {
		return p
	}
	d.look(p.from(m[0]).line, "%s を、ふりがなとして読みました。GIFTでは \\{漢字|かんじ\\} のように、{ と } の前に \\ を書きます。", p.text[m[0]:m[1]])
	p.text = bareFurigana.ReplaceAllString(p.text, string(placeholder('{', false))+"$1|$2"+string(placeholder('}', false)))
	return p
}

var (
	cloze      = regexp.MustCompile(`\{\d*:[A-Z_]+:`)
	calculated = regexp.MustCompile(`\{[#=][^{}]*\{[A-Za-z]\w*\}`)
)

// read reads a question without its name.
func (d *draft) read(p part) {
	opens, closes := strings.IndexByte(p.text, '{'), strings.IndexByte(p.text, '}')
	switch {
	case opens < 0 && closes < 0:
		d.ask(p)
		d.unsupported("答えの { } がありません。説明だけの文は、問題として取りこめません。")
	case cloze.MatchString(p.text):
		d.ask(part{gaps.ReplaceAllString(p.text, blank), p.line})
		d.unsupported("穴うめ問題（Cloze）は、この講座にはない種類です。")
	case calculated.MatchString(p.text):
		d.ask(part{p.text[:strings.Index(p.text, calculated.FindString(p.text))], p.line})
		d.unsupported("計算問題（数が毎回かわる問題）は、この講座にはない種類です。")
	case closes < 0:
		d.fail(p.from(opens).line, "{ を閉じる } がありません。答えの終わりに } を書いてください。文字としての { は \\{ と書きます。")
	case opens < 0 || closes < opens:
		d.fail(p.from(closes).line, "} の前に { がありません。答えを { と } で囲んでください。文字としての } は \\} と書きます。")
	case strings.Contains(p.text[opens+1:closes], "{"):
		d.fail(p.from(opens).line, "{ } の中に、もう一つ { があります。文字としての { と } は \\{ と \\} と書きます。")
	case strings.ContainsAny(p.text[closes+1:], "{}"):
		d.fail(p.from(closes+1+strings.IndexAny(p.text[closes+1:], "{}")).line, "1つの問題に { } が2組以上あります。次の問題の前には空の行を入れてください。文字としての { と } は \\{ と \\} と書きます。")
	default:
		d.parts(p, opens, closes)
	}
}

var gaps = regexp.MustCompile(`\{[^{}]*\}?`)

// parts reads a question whose braces are in order. Where text follows them, a
// word is missing in their place.
func (d *draft) parts(p part, opens, closes int) {
	text, answers := p.text[:opens], p.from(opens+1)
	answers.text = answers.text[:closes-opens-1]
	if closes+1 < len(p.text) {
		text += blank + p.text[closes+1:]
	}
	d.ask(part{text, p.line})
	answers = answers.trim()
	if at := strings.LastIndex(answers.text, "####"); at >= 0 {
		d.Explanation = d.text(answers.from(at+len("####")), d.format)
		answers = answers.to(at).trim()
	}
	d.answers(answers)
}

// ask reads the text of the question; its format is that of all the rest.
func (d *draft) ask(p part) {
	p, d.format = d.formatOf(p, moodleFormat)
	d.Text = d.convert(p, d.format)
}

var truths = []string{"T", "TRUE", "F", "FALSE"}

// answers reads what stands between the braces. The order of the rules is
// Moodle's: a ~ makes a choice of it whatever else there is.
func (d *draft) answers(p part) {
	before, _, _ := strings.Cut(p.text, "#")
	switch {
	case p.text == "":
		d.unsupported("自由に書く問題（作文）は、点をつけられません。")
		return
	case p.text[0] == '#':
		d.numerical(p.from(1))
	case strings.Contains(p.text, "~"):
		d.choices(p)
	case strings.Contains(p.text, "=") && strings.Contains(p.text, "->"):
		d.matching(p)
	case slices.Contains(truths, strings.TrimSpace(before)):
		d.trueFalse(p)
	default:
		d.short(p)
	}
	d.done()
}
