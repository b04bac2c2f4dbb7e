package courses

import (
	"regexp"
	"strings"

	"tsunagari/courses/media"
	"tsunagari/courses/questions"
)

// passage is a piece of running text of a lesson: a paragraph, a heading, a
// list item, a table cell, a part of an activity. It is what the checks and the
// reading time look at.
type passage struct {
	line     int
	source   string // inline Markdown, perhaps of several lines
	kind     passageKind
	optional bool   // inside :::more
	group    string // passages of one group stand instead of each other: a reader meets one
}

type passageKind int

const (
	prose passageKind = iota
	heading
	quoted      // somebody else's words
	attribution // the source of a quotation
	alternative // of a figure, for those who cannot see it
	feedback
)

func (p passage) plain() string { return Plain(p.source) }

// passages are the texts of a lesson in reading order.
func passages(segments []segment) []passage {
	var c collector
	c.segments(segments, "")
	return c.out
}

// passagesOf parses a lesson's text in one language.
func (l *PackageLesson) passages(lang questions.Lang) []passage {
	return passages(parseBody(l.Body[lang], lineOf(l.lines, lang)).segments)
}

type collector struct {
	out      []passage
	optional bool
}

func (c *collector) add(line int, source string, kind passageKind, group string) {
	if source = strings.TrimSpace(source); source != "" {
		c.out = append(c.out, passage{line, source, kind, c.optional, group})
	}
}

func (c *collector) segments(segments []segment, prefix string) {
	for _, seg := range segments {
		switch seg.kind {
		case segmentText:
			c.text(seg.text, seg.line, prose)
		case segmentQuote:
			c.text(seg.text, seg.line, quoted)
			c.add(seg.line+strings.Count(seg.text, "\n")+1, seg.source, attribution, "")
		case segmentFigure:
			switch {
			case mediumKind(seg.figure.name) != media.Picture:
				c.add(seg.line, seg.figure.alt, heading, "")
			case seg.figure.alt != decorative:
				c.add(seg.line, seg.figure.alt, alternative, "")
			}
			c.add(seg.line, seg.figure.caption, prose, "")
		case segmentBlock:
			c.optional = seg.name == "more"
			c.add(seg.line, seg.heading, heading, "")
			c.segments(seg.inner, prefix)
			c.optional = false
		case segmentActivity:
			c.activity(seg.activity)
		}
	}
}

func (c *collector) activity(a *Activity) {
	c.text(a.Intro, a.introLine, prose)
	a.Exercise.say(func(u utterance) {
		switch {
		case u.role == roleFeedback && u.group != "":
			c.add(u.line, u.source, feedback, a.ID+" "+u.group)
		case u.role == roleFeedback:
			c.add(u.line, u.source, feedback, "")
		default:
			c.text(u.source, u.line, prose)
		}
	})
}

var (
	headingMark = regexp.MustCompile(`^#{1,6}\s+`)
	listMark    = regexp.MustCompile(`^\s*(?:[-*+]|\d{1,9}[.)])\s+`)
	tableRule   = regexp.MustCompile(`^[\s|:-]+$`)
)

// text splits Markdown without blocks into its paragraphs, headings, items and cells.
func (c *collector) text(source string, line int, kind passageKind) {
	var words []string
	begin := line
	flush := func() {
		c.add(begin, strings.Join(words, "\n"), kind, "")
		words = nil
	}
	for i, raw := range strings.Split(source, "\n") {
		at := line + i
		text := strings.TrimSpace(raw)
		switch {
		case text == "":
			flush()
			continue
		case headingMark.MatchString(text):
			flush()
			c.add(at, headingMark.ReplaceAllString(text, ""), heading, "")
			continue
		case strings.HasPrefix(text, "|"):
			flush()
			if !tableRule.MatchString(text) {
				for _, cell := range strings.Split(protectRuby(strings.Trim(text, "|")), "|") {
					c.add(at, strings.ReplaceAll(cell, rubyBar, "|"), kind, "")
				}
			}
			continue
		case listMark.MatchString(raw):
			flush()
			text = strings.TrimSpace(listMark.ReplaceAllString(raw, ""))
		}
		if len(words) == 0 {
			begin = at
		}
		words = append(words, text)
	}
	flush()
}

// sentence is a sentence with its line.
type sentence struct {
	line int
	text string // plain
}

// sentences splits a passage after 。！？ and the closing marks that follow.
func (p passage) sentences() []sentence {
	var out []sentence
	line := p.line
	var b strings.Builder
	end := func() {
		if text := strings.TrimSpace(b.String()); text != "" {
			out = append(out, sentence{line, text})
		}
		b.Reset()
	}
	runes := []rune(p.plain())
	for i, r := range runes {
		if r == '\n' {
			if b.Len() == 0 {
				line++
			}
			continue
		}
		b.WriteRune(r)
		next := rune(0)
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		if strings.ContainsRune("。！？!?", r) && !strings.ContainsRune("。！？!?」』）)", next) ||
			strings.ContainsRune("」』）)", r) && i > 0 && strings.ContainsRune("。！？!?", runes[i-1]) && opensSentence(next) {
			end()
		}
	}
	end()
	return out
}

// opensSentence says whether after 。」 a new sentence begins: not with a
// particle that goes on with the quotation.
func opensSentence(next rune) bool {
	return next == 0 || next == '\n' || !strings.ContainsRune("とのなはをがにへでもや、。」』）)", next)
}
