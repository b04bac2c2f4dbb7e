package courses

import (
	"fmt"
	"regexp"
	"strings"

	"tsunagari/courses/questions"
	"tsunagari/courses/questions/outline"
)

// leaf is a slide, or a page of the handout, as it is written.
type leaf struct {
	line  int // of the file on which it begins
	lines []string
}

// leaves splits a text at its lines ---.
func leaves(source string, first int) []leaf {
	out := []leaf{{line: first}}
	for i, line := range strings.Split(source, "\n") {
		if strings.TrimRight(line, " \t") == "---" {
			out = append(out, leaf{line: first + i + 1})
			continue
		}
		out[len(out)-1].lines = append(out[len(out)-1].lines, line)
	}
	return out
}

// slideText is a slide as it is written.
type slideText struct {
	line        int // of its title
	title       string
	body, notes []segment
	notesLine   int
	faults      []outline.Fault
}

func (s *slideText) fault(line int, format string, args ...any) {
	s.faults = append(s.faults, outline.Fault{Line: line, Reason: fmt.Sprintf(format, args...)})
}

func slideTexts(source string, first int) []slideText {
	var out []slideText
	for _, leaf := range leaves(source, first) {
		out = append(out, leaf.slide())
	}
	return out
}

var (
	slideTitle = regexp.MustCompile(`^##\s+(\S.*?)\s*$`)
	anyHeading = regexp.MustCompile(`(?m)^#{1,6}\s`)
)

func (l leaf) slide() slideText {
	at := 0
	for at < len(l.lines) && strings.TrimSpace(l.lines[at]) == "" {
		at++
	}
	s := slideText{line: l.line + at}
	if at == len(l.lines) {
		s.fault(l.line, "中身のないスライドがあります。--- が続いていないか、見てください。")
		return s
	}
	body := append([]string{}, l.lines...)
	if m := slideTitle.FindStringSubmatch(body[at]); m != nil {
		s.title, body[at] = m[1], ""
	} else {
		s.fault(s.line, "スライドは「## 見出し」の行で始めてください。")
	}
	s.takeNotes(body, l.line)
	parsed := parseBody(strings.Join(body, "\n"), l.line)
	s.body, s.faults = parsed.segments, append(s.faults, parsed.faults...)
	for _, seg := range s.body {
		if m := anyHeading.FindStringIndex(seg.text); seg.kind == segmentText && m != nil {
			s.fault(seg.line+strings.Count(seg.text[:m[0]], "\n"), "スライドの見出しは、はじめの「## 見出し」ひとつだけです。次のスライドは --- で分けます。")
		}
	}
	s.faults = append(s.faults, foreign(s.body, false)...)
	return s
}

// takeNotes reads the block :::notes and leaves blank lines in its place.
func (s *slideText) takeNotes(lines []string, first int) {
	for i := 0; i < len(lines); i++ {
		if fence := strings.Fields(lines[i]); len(fence) == 0 || fence[0] != ":::notes" {
			continue
		}
		end := i + 1
		for end < len(lines) && !strings.HasPrefix(lines[end], ":::") {
			end++
		}
		switch {
		case s.notesLine > 0:
			s.fault(first+i, "ひとつのスライドに :::notes が二つあります。")
		case end == len(lines):
			s.fault(first+i, "「:::notes」を閉じる ::: がありません。")
		default:
			parsed := parseBody(strings.Join(lines[i+1:end], "\n"), first+i+1)
			s.notes, s.faults = parsed.segments, append(s.faults, parsed.faults...)
		}
		s.notesLine = first + i
		for j := i; j <= min(end, len(lines)-1); j++ {
			lines[j] = ""
		}
		i = end
	}
	if len(s.notes) == 0 {
		s.fault(max(s.line, s.notesLine), "講師の話す言葉（:::notes）がありません。")
	}
}

// foreign finds what can be used on a screen only.
func foreign(segments []segment, sheets bool) []outline.Fault {
	var out []outline.Fault
	for _, seg := range segments {
		switch {
		case seg.kind == segmentBlock && seg.name == "more":
			out = append(out, outline.Fault{Line: seg.line, Reason: "「:::more」は画面で開くものです。ここでは使えません。"})
		case seg.kind == segmentActivity && (!sheets || seg.activity.Kind != "worksheet"):
			out = append(out, outline.Fault{Line: seg.line, Reason: fmt.Sprintf("「:::%s」は画面で動くものです。ここでは使えません。", seg.activity.Kind)})
		}
	}
	return out
}

// handoutPage is a page of the handout as it is written.
type handoutPage struct {
	line     int
	segments []segment
	faults   []outline.Fault
}

func (t *ClassText) pages(lang questions.Lang) []handoutPage {
	var out []handoutPage
	for _, leaf := range leaves(t.Body[lang], lineOf(t.lines, lang)) {
		parsed := parseBody(strings.Join(leaf.lines, "\n"), leaf.line)
		page := handoutPage{line: leaf.line, segments: parsed.segments, faults: append(parsed.faults, foreign(parsed.segments, true)...)}
		if len(page.segments) == 0 && len(page.faults) == 0 {
			page.faults = append(page.faults, outline.Fault{Line: leaf.line, Reason: "中身のないページがあります。--- が続いていないか、見てください。"})
		}
		out = append(out, page)
	}
	return out
}

func (t *ClassText) slides() []slideText {
	return slideTexts(t.Body[questions.JA], lineOf(t.lines, questions.JA))
}
