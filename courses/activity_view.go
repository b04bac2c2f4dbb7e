package courses

import (
	_ "embed"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
)

//go:embed activities.html
var activitiesHTML string

var activityTemplates = template.Must(template.New("").Option("missingkey=error").Parse(activitiesHTML))

// activityView is an activity as the templates of activities.html draw it,
// untouched or answered.
type activityView struct {
	ID, Kind, Shape, Action string
	Proposal, Private       bool
	Answered                bool
	Label                   map[string]template.HTML
	Title, Intro            template.HTML
	Choose, Up, Down        string

	Cards   []cardView
	Ordered []template.HTML // of an order
	Past    []pastView      // of a talk
	Scenes  []sceneView
	Parts   []partView  // of a check sheet
	Totals  []totalView // of a score sheet
	Lines   int         // of a writing sheet
}

type cardView struct {
	Key, Name, Value string
	Number           int
	Text             template.HTML
	Options          []optionView
	Answer           answerView
	First, Last      int
	Chosen           bool
	Step             template.HTML
}

type optionView struct {
	Name, Value   string
	Text          template.HTML
	Plain         string
	Right, Chosen bool
}

type answerView struct {
	Shown    bool
	Verdicts []verdictView
	Feedback template.HTML
	Open     template.HTML
}

type verdictView struct {
	Name  string
	Words template.HTML
	Shown bool
}

type pastView struct {
	Value                string
	Scene                int
	Text, Said, Feedback template.HTML
}

type sceneView struct {
	Index   int
	Now     bool
	Text    template.HTML
	Choices []replyView
}

type replyView struct {
	Value          string
	Next           int
	Text, Feedback template.HTML
}

type partView struct {
	Title, Step template.HTML
	Cards       []cardView
}

type totalView struct {
	Low, High int
	Range     string
	Text      template.HTML
}

// Values are the fields of a posted form.
type Values map[string][]string

func (v Values) first(name string) string {
	if len(v[name]) == 0 {
		return ""
	}
	return v[name][0]
}

// activity draws an activity that nobody has answered yet.
func (pg *page) activity(a *Activity) string {
	if _, twice := pg.activities[a.ID]; twice {
		pg.fault(a.line, "「%s」という活動が二度あります。", a.ID)
		return ""
	}
	pg.activities[a.ID] = a
	return pg.draw(a, nil)
}

func (pg *page) draw(a *Activity, values Values) string {
	v := &activityView{
		ID: a.ID, Kind: a.Kind, Action: pg.site.path(pg.lesson) + "/" + a.ID,
		Proposal: a.Proposal, Private: a.Kind == "worksheet", Answered: values != nil,
		Label: labels()[pg.reading.index()],
	}
	name := "Try"
	if v.Private {
		name = "Sheet"
	}
	v.Title = template.HTML(pg.title("activity__title", pg.label(name)))
	v.Intro = template.HTML(pg.markdown(a.Intro, a.introLine))
	v.Choose, v.Up, v.Down = pg.plain("Choose"), pg.plain("Up"), pg.plain("Down")
	switch e := a.Exercise.(type) {
	case *Sorting:
		pg.drawSorting(v, e, values)
	case *Matching:
		pg.drawMatching(v, e, values)
	case *Ordering:
		pg.drawOrdering(v, e, values)
	case *Talk:
		pg.drawTalk(v, a, e, values)
	case *Chain:
		pg.drawChain(v, e, values)
	case *ScoreSheet:
		pg.drawScores(v, e)
	case *CheckSheet:
		pg.drawChecks(v, e)
	case *WritingSheet:
		pg.drawWriting(v, e)
	}
	var b strings.Builder
	if err := activityTemplates.ExecuteTemplate(&b, "activity", v); err != nil {
		panic(fmt.Sprintf("drawing activity %s: %v", a.ID, err)) // the templates and the views are in this package
	}
	return b.String()
}

func (pg *page) plain(label string) string {
	return Plain(fixedWords[label].In(pg.reading.Lang()))
}

// answer is what is said about one card: the verdict named now, among all that
// the script may show, and the card's own feedback.
func (pg *page) answer(verdicts []verdictView, now string, answered bool, feedback string) answerView {
	out := answerView{Verdicts: verdicts, Feedback: pg.inline(feedback), Shown: now != ""}
	for i := range out.Verdicts {
		out.Verdicts[i].Shown = out.Verdicts[i].Name == now
	}
	if answered && now == "" {
		out.Open = pg.label("Open")
	}
	return out
}

// chosen is the number that a form sent, or -1 when it is none below n.
func chosen(value string, n int) int {
	i, err := strconv.Atoi(value)
	if err != nil || i < 0 || i >= n {
		return -1
	}
	return i
}

func (pg *page) drawSorting(v *activityView, s *Sorting, values Values) {
	for i, card := range s.Cards {
		name := fmt.Sprintf("card%d", i+1)
		picked := chosen(values.first(name), len(s.Groups))
		view := cardView{Text: pg.inline(card.Text)}
		var fits []string
		for g, group := range s.Groups {
			right := slices.Contains(card.Groups, g)
			if right {
				fits = append(fits, group)
			}
			view.Options = append(view.Options, optionView{
				Name: name, Value: strconv.Itoa(g), Text: pg.inline(group), Right: right, Chosen: g == picked,
			})
		}
		now := ""
		if picked >= 0 {
			now = "other"
			if slices.Contains(card.Groups, picked) {
				now = "right"
			}
		}
		verdicts := []verdictView{{Name: "right", Words: pg.fitting(fits, true)}, {Name: "other", Words: pg.fitting(fits, false)}}
		view.Answer = pg.answer(verdicts, now, values != nil, card.Feedback)
		v.Cards = append(v.Cards, view)
	}
}

func (pg *page) drawMatching(v *activityView, m *Matching, values Values) {
	for i, pair := range m.Pairs {
		name := fmt.Sprintf("card%d", i+1)
		picked := chosen(values.first(name), len(m.Rights))
		view := cardView{Key: v.ID + "-" + name, Name: name, Text: pg.inline(pair.Left)}
		for r, right := range m.Rights {
			view.Options = append(view.Options, optionView{
				Value: strconv.Itoa(r), Plain: pg.unmarked(right), Right: r == pair.Right, Chosen: r == picked,
			})
		}
		now := ""
		if picked >= 0 {
			now = "other"
			if picked == pair.Right {
				now = "right"
			}
		}
		verdicts := []verdictView{
			{Name: "right", Words: pg.label("Together")},
			{Name: "other", Words: pg.fitting([]string{m.Rights[pair.Right]}, false)},
		}
		view.Answer = pg.answer(verdicts, now, values != nil, pair.Feedback)
		v.Cards = append(v.Cards, view)
	}
}

func (pg *page) drawOrdering(v *activityView, o *Ordering, values Values) {
	for at, i := range o.Shown {
		line := o.Lines[i]
		name := fmt.Sprintf("card%d", at+1)
		place := chosen(values.first(name), len(o.Lines)+1)
		view := cardView{
			Key: v.ID + "-" + name, Name: name, Text: pg.inline(line.Text), First: line.First, Last: line.Last,
		}
		for n := 1; n <= len(o.Lines); n++ {
			view.Options = append(view.Options, optionView{Value: strconv.Itoa(n), Chosen: n == place})
		}
		now := ""
		switch {
		case place <= 0:
		case place < line.First:
			now = "early"
		case place > line.Last:
			now = "late"
		default:
			now = "right"
		}
		verdicts := []verdictView{
			{Name: "right", Words: pg.label("Placed")},
			{Name: "early", Words: pg.label("Later")},
			{Name: "late", Words: pg.label("Earlier")},
		}
		view.Answer = pg.answer(verdicts, now, values != nil, line.Feedback)
		v.Cards = append(v.Cards, view)
	}
	for _, line := range o.Lines {
		v.Ordered = append(v.Ordered, pg.inline(line.Text))
	}
}

func (pg *page) drawChain(v *activityView, c *Chain, values Values) {
	open := append(slices.Clone(values["open"]), values["link"]...)
	for i, link := range c.Links {
		value := strconv.Itoa(i + 1)
		shown := slices.Contains(open, value)
		v.Cards = append(v.Cards, cardView{
			Value: value, Text: pg.inline(link.Text), Chosen: shown,
			Answer: answerView{Shown: shown, Feedback: pg.inline(link.Feedback)},
		})
	}
}
