package courses

import (
	"strconv"
	"strings"
)

func sayCards(cards []Card, visit func(utterance)) {
	for _, c := range cards {
		visit(utterance{line: c.line, source: c.Text})
		visit(utterance{line: c.line, source: c.Feedback, role: roleFeedback})
	}
}

func (s *Sorting) say(visit func(utterance)) {
	visit(utterance{line: s.line, source: strings.Join(s.Groups, " / ")})
	sayCards(s.Cards, visit)
}

func (m *Matching) say(visit func(utterance)) {
	for _, p := range m.Pairs {
		visit(utterance{line: p.line, source: p.Left})
		visit(utterance{line: p.line, source: m.Rights[p.Right]})
		visit(utterance{line: p.line, source: p.Feedback, role: roleFeedback})
	}
}

func (o *Ordering) say(visit func(utterance)) {
	for _, l := range o.Lines {
		visit(utterance{line: l.line, source: l.Text})
		visit(utterance{line: l.line, source: l.Feedback, role: roleFeedback})
	}
}

func (t *Talk) say(visit func(utterance)) {
	for i, s := range t.Scenes {
		visit(utterance{line: s.line + 1, source: s.Text})
		for _, c := range s.Choices {
			visit(utterance{line: c.line, source: c.Text})
			visit(utterance{line: c.line, source: c.Feedback, role: roleFeedback, group: "scene " + strconv.Itoa(i)})
		}
	}
}

func (c *Chain) say(visit func(utterance)) { sayCards(c.Links, visit) }

func (s *ScoreSheet) say(visit func(utterance)) {
	for _, a := range s.Answers {
		visit(utterance{line: s.line, source: a.Text})
	}
	sayCards(s.Rows, visit)
	for _, t := range s.Totals {
		visit(utterance{line: t.line, source: t.Text, role: roleFeedback, group: "total"})
	}
}

func (s *CheckSheet) say(visit func(utterance)) {
	visit(utterance{line: s.line, source: strings.Join(s.Answers, " / ")})
	for _, p := range s.Parts {
		visit(utterance{line: p.line, source: p.Heading})
		sayCards(p.Rows, visit)
		visit(utterance{line: p.stepLine, source: p.Step, role: roleFeedback})
	}
}

func (s *WritingSheet) say(visit func(utterance)) { sayCards(s.Prompts, visit) }
