package courses

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// longestTalk is how many replies of one conversation are carried along: far
// more than anybody needs who goes round in a loop.
const longestTalk = 60

// turn is one reply somebody chose: a scene and a choice in it.
type turn struct{ scene, choice int }

func (t turn) value() string { return fmt.Sprintf("%d.%d", t.scene, t.choice) }

// said reads a form's path through the conversation. What does not continue
// the path before it is left out.
func (t *Talk) said(values Values) (path []turn, now int) {
	if values.first("again") != "" {
		return nil, 0
	}
	steps := values["path"]
	if choice := values.first("choice"); choice != "" {
		steps = append(steps[:len(steps):len(steps)], choice)
	}
	for _, step := range steps {
		scene, choice, _ := strings.Cut(step, ".")
		s, c := chosen(scene, len(t.Scenes)), -1
		if s == now {
			c = chosen(choice, len(t.Scenes[s].Choices))
		}
		if c < 0 || len(path) >= longestTalk {
			break
		}
		path = append(path, turn{s, c})
		now = t.Scenes[s].Choices[c].next
	}
	if values.first("back") != "" && len(path) > 0 {
		now = path[len(path)-1].scene
		path = path[:len(path)-1]
	}
	return path, now
}

func (pg *page) drawTalk(v *activityView, a *Activity, t *Talk, values Values) {
	path, now := t.said(values)
	words := make([]template.HTML, len(t.Scenes))
	for i, s := range t.Scenes {
		words[i] = template.HTML(pg.markdown(s.Text, s.line+1))
	}
	for _, step := range path {
		reply := t.Scenes[step.scene].Choices[step.choice]
		v.Past = append(v.Past, pastView{
			Value: step.value(), Scene: step.scene, Text: words[step.scene],
			Said: pg.inline(reply.Text), Feedback: pg.inline(reply.Feedback),
		})
	}
	for i, s := range t.Scenes {
		view := sceneView{Index: i, Now: i == now, Text: words[i]}
		for j, c := range s.Choices {
			view.Choices = append(view.Choices, replyView{
				Value: turn{i, j}.value(), Next: c.next, Text: pg.inline(c.Text), Feedback: pg.inline(c.Feedback),
			})
		}
		v.Scenes = append(v.Scenes, view)
	}
}

func (pg *page) drawScores(v *activityView, s *ScoreSheet) {
	v.Shape = "score"
	for i, row := range s.Rows {
		card := cardView{Number: i + 1, Text: pg.inline(row.Text)}
		for _, answer := range s.Answers {
			points := strconv.Itoa(answer.Points)
			card.Options = append(card.Options, optionView{
				Name: fmt.Sprintf("%s-%d", v.ID, i+1), Value: points,
				Text: pg.inline(points + " " + answer.Text),
			})
		}
		v.Cards = append(v.Cards, card)
	}
	for _, total := range s.Totals {
		v.Totals = append(v.Totals, totalView{Low: total.Low, High: total.High, Range: total.span(), Text: pg.inline(total.Text)})
	}
}

// span is the range of sums as it is shown.
func (t Total) span() string {
	if t.High == t.Low {
		return strconv.Itoa(t.Low)
	}
	return strconv.Itoa(t.Low) + "〜" + strconv.Itoa(t.High)
}

func (pg *page) drawChecks(v *activityView, s *CheckSheet) {
	v.Shape = "rows"
	for p, part := range s.Parts {
		view := partView{Step: pg.step(s, part.Step)}
		if part.Heading != "" {
			view.Title = template.HTML(`<p class="worksheet__heading">` + string(pg.inline(part.Heading)) + `</p>`)
		}
		for i, row := range part.Rows {
			card := cardView{Text: pg.inline(row.Text), Step: pg.step(s, row.Feedback)}
			for j, answer := range s.Answers {
				card.Options = append(card.Options, optionView{
					Name: fmt.Sprintf("%s-%d-%d", v.ID, p+1, i+1), Value: strconv.Itoa(j + 1),
					Text: pg.inline(answer), Right: j == 0,
				})
			}
			view.Cards = append(view.Cards, card)
		}
		v.Parts = append(v.Parts, view)
	}
}

// step is a first step as the paper shows it: for whoever gave the first answer.
func (pg *page) step(s *CheckSheet, text string) template.HTML {
	if text == "" || len(s.Answers) == 0 {
		return ""
	}
	return pg.inline("「" + s.Answers[0] + "」→ " + fixedWords["First"].In(pg.reading.Lang()) + "：" + text)
}

func (pg *page) drawWriting(v *activityView, s *WritingSheet) {
	v.Shape, v.Lines = "lines", s.Lines
	for i, prompt := range s.Prompts {
		v.Cards = append(v.Cards, cardView{Key: fmt.Sprintf("%s-line%d", v.ID, i+1), Text: pg.inline(prompt.Text)})
	}
}
