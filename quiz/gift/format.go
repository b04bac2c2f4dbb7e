package gift

import (
	"html"
	"regexp"
	"strings"

	"tsunagari/courses/questions"
)

// format is how a text is to be read.
type format string

const (
	moodleFormat   format = "moodle" // lines as they are, with some HTML
	htmlFormat     format = "html"
	plainFormat    format = "plain"
	markdownFormat format = "markdown"
)

// formatOf takes the [format] off a text, which has the format otherwise without.
func (d *draft) formatOf(p part, otherwise format) (part, format) {
	p = p.trim()
	for _, f := range []format{moodleFormat, htmlFormat, plainFormat, markdownFormat} {
		if rest, ok := strings.CutPrefix(p.text, "["+string(f)+"]"); ok {
			return part{rest, p.line}.trim(), f
		}
	}
	return p, otherwise
}

// text reads a text that may have a format of its own, nil for none.
func (d *draft) text(p part, otherwise format) questions.Text {
	return d.convert(d.formatOf(p, otherwise))
}

func (d *draft) convert(p part, f format) questions.Text {
	if len(p.text) > maxText {
		d.fail(p.line, "文が長すぎます（%d字ほどまで）。短くしてください。", maxText/3)
		return nil
	}
	source, lost := markdown(restore(p.text), f)
	if len(lost) > 0 {
		d.look(p.line, "%s", questions.Lost(lost))
	}
	if source == "" {
		return nil
	}
	return questions.Text{questions.JA: source}
}

var (
	element = regexp.MustCompile(`(?i)</?(?:a|abbr|b|big|blockquote|br|caption|center|cite|code|dd|del|div|dl|dt|em|font|h[1-6]|hr|i|iframe|img|ins|kbd|li|math|object|ol|p|pre|q|rp|rt|ruby|s|script|small|span|strike|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|audio|video|source)(?:\s[^<>]*)?/?>|<!--`)
	entity  = regexp.MustCompile(`&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);`)
)

// hasHTML says whether Moodle would show a text in its own format otherwise than
// it is written.
func hasHTML(s string) bool {
	if element.MatchString(s) {
		return true
	}
	for _, e := range entity.FindAllString(s, -1) {
		if html.UnescapeString(e) != e {
			return true
		}
	}
	return false
}

// markdown is a text in our Markdown, and what of it could not be kept.
func markdown(s string, f format) (source string, lost []string) {
	switch {
	case f == htmlFormat:
		source, lost = questions.FromHTML(s)
	case f == markdownFormat:
		source = fromMarkdown(s)
	case f == moodleFormat && hasHTML(s):
		s = furigana.ReplaceAllString(s, "<ruby>$1<rt>$2</rt></ruby>")
		source, lost = questions.FromHTML(strings.ReplaceAll(s, "\n", "<br>\n"))
	default:
		return questions.FromWords(s), nil
	}
	for _, m := range figure.FindAllStringSubmatch(source, -1) {
		lost = append(lost, "図「"+m[2]+"」（GIFTのファイルには図が入っていません）")
	}
	return withoutFigures(source), lost
}

var furigana = regexp.MustCompile(`\{([^{}|<>&\s]+)\|([\p{Hiragana}\p{Katakana}ー・]+)\}`)

func withoutFigures(source string) string { return figure.ReplaceAllString(source, "$1（図：$2）") }

// figure is a picture in Markdown: its description, its file.
var figure = regexp.MustCompile(`(^|[^\\])!\[((?:\\.|[^\]\\])*)\]\([^()\s]*\)`)

var (
	lineBreak = regexp.MustCompile(`(?i)<br[ \t]*/?>| {2,}\n`)
	spaces    = regexp.MustCompile("[ \t\u00a0]{2,}|\u00a0")
	heading   = regexp.MustCompile(`(?m)^#{1,6}[ \t]+(.*?)[ \t]*#*$`)
	listItem  = regexp.MustCompile(`(?m)^[ \t]*[-+*][ \t]+`)
	listBreak = regexp.MustCompile(`\n((?:・|\d+[.)][ \t]))`)
	code      = regexp.MustCompile("`+([^`\n]+)`+")
	underline = regexp.MustCompile(`(^|[^\pL\pN_\\])__?([^\s_](?:[^_\n]*[^\s_])?)__?($|[^\pL\pN_])`)
	star      = regexp.MustCompile(`(^|[^*\\])\*([^\s*](?:[^*\n]*[^\s*])?)\*($|[^*])`)
)

// fromMarkdown reads Moodle's Markdown. Ours has one emphasis, and lists only as
// lines.
func fromMarkdown(s string) string {
	s = spaces.ReplaceAllString(lineBreak.ReplaceAllString(s, "\n\n"), " ")
	s = heading.ReplaceAllString(s, "**$1**\n\n")
	s = listBreak.ReplaceAllString(listItem.ReplaceAllString(s, "・"), "\n\n$1")
	s = code.ReplaceAllString(s, "$1")
	s = underline.ReplaceAllString(s, "$1**$2**$3")
	s = star.ReplaceAllString(s, "$1**$2**$3")
	return questions.Normal(questions.OnlyFurigana(s))
}
