package courses

import (
	"strconv"
	"strings"
)

// worksheet reads one of the three shapes of a worksheet.
func (r *activityReader) worksheet() Exercise {
	if value, line, ok := r.setting("lines"); ok {
		return r.writingSheet(value, line)
	}
	value, line, ok := r.setting("answers")
	if !ok {
		r.fault(r.at, "「answers: …」か「lines: …」の行がありません。")
	}
	answers := slashes(value)
	if ok && (len(answers) < 2 || len(answers) > 6) {
		r.fault(line, "answers は2つから6つまでです。")
	}
	for _, text := range r.lines[r.next:] {
		if key(strings.TrimSpace(text)) == "total" {
			return r.scoreSheet(answers, line)
		}
	}
	return r.checkSheet(answers, line)
}

func cards(entries []entry) []Card {
	var out []Card
	for _, e := range entries {
		out = append(out, Card{Text: e.text, Feedback: e.feedback, line: e.line})
	}
	return out
}

func (r *activityReader) writingSheet(value string, line int) *WritingSheet {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 12 {
		r.fault(line, "lines には1から12までの数を書いてください。")
		n = 1
	}
	s := &WritingSheet{Lines: n, Prompts: cards(r.entries(itemLine, nil))}
	r.least(1, len(s.Prompts), "項目")
	return s
}

func isTotal(line string, _ bool) bool { return key(line) == "total" }

func (r *activityReader) scoreSheet(answers []string, line int) *ScoreSheet {
	s := &ScoreSheet{line: line}
	low, high := 0, 0
	for i, text := range answers {
		m := pointsText.FindStringSubmatch(text)
		if m == nil || m[2] == "" {
			r.fault(line, "answers の「%s」は「点数 言葉」の形ではありません。", text)
			continue
		}
		points, _ := strconv.Atoi(m[1])
		if i == 0 {
			low, high = points, points
		}
		low, high = min(low, points), max(high, points)
		s.Answers = append(s.Answers, ScoreAnswer{Points: points, Text: m[2]})
	}
	s.Rows = cards(r.entries(itemLine, isTotal))
	r.least(1, len(s.Rows), "項目")
	for ; r.more(); r.next++ {
		text, indented := r.peek()
		m := totalLine.FindStringSubmatch(text)
		switch {
		case text == "":
		case m != nil:
			from, _ := strconv.Atoi(m[1])
			to, _ := strconv.Atoi(m[2])
			s.Totals = append(s.Totals, Total{Low: from, High: to, Text: m[3], line: r.fileLine()})
		case indented && len(s.Totals) > 0:
			s.Totals[len(s.Totals)-1].Text += "\n" + text
		default:
			r.fault(r.fileLine(), "この行は「total 3-6: …」の形ではありません。")
		}
	}
	r.totals(s, low*len(s.Rows), high*len(s.Rows))
	return s
}

// totals checks that every sum that can come out has exactly one text.
func (r *activityReader) totals(s *ScoreSheet, low, high int) {
	next := low
	for _, t := range s.Totals {
		if t.Low != next || t.High < t.Low {
			r.fault(t.line, "合計の範囲が続いていません（%dから始まるはずです）。", next)
			return
		}
		next = t.High + 1
	}
	if next != high+1 && len(s.Totals) > 0 {
		r.fault(s.Totals[len(s.Totals)-1].line, "合計は%dから%dまでになりますが、言葉は%dまでです。", low, high, next-1)
	}
}

// checkSheet reads statements under headings. A line "> …" with an indent
// belongs to the statement above it, without one to the whole part.
func (r *activityReader) checkSheet(answers []string, line int) *CheckSheet {
	s := &CheckSheet{Answers: answers, line: line}
	for r.skipBlank(); r.more(); r.skipBlank() {
		part := SheetPart{line: r.fileLine()}
		text, _ := r.peek()
		if m := sceneLine.FindStringSubmatch(text); m != nil {
			part.Heading = strings.TrimSpace(m[1])
			r.next++
		}
		part.Rows = cards(r.entries(itemLine, func(text string, indented bool) bool {
			return isScene(text, indented) || !indented && strings.HasPrefix(text, ">")
		}))
		for r.skipBlank(); r.more(); r.skipBlank() {
			text, _ := r.peek()
			if !strings.HasPrefix(text, ">") {
				break
			}
			if part.stepLine == 0 {
				part.stepLine = r.fileLine()
			}
			part.Step = strings.TrimSpace(part.Step + "\n" + strings.TrimSpace(text[1:]))
			r.next++
		}
		if len(part.Rows) == 0 {
			r.fault(part.line, "この見出しの下に項目がありません。")
		}
		s.Parts = append(s.Parts, part)
	}
	r.least(1, len(s.Parts), "項目")
	return s
}
