package quiz

import (
	"cmp"
	"context"
	"reflect"
	"slices"

	"gorm.io/gorm"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/questions"
)

// Analysis is what people's first goes at one quiz say of its questions. It holds
// numbers only, no person.
type Analysis struct {
	Revision *courses.Revision // the newest; its texts are shown
	Quiz     string
	People   int // first goes looked at
	Items    []Item
}

// Item is one question with its figures. Only answers to the question as it is
// now are counted: a corrected question begins anew.
type Item struct {
	Question *questions.Question
	Module   *courses.Module
	Lesson   *courses.Lesson // where the answer is read; nil when the question names none
	Statistics
	Table []Distractor
}

// Distractor is one line of the table of what was answered: an option, or a part
// of the question with how many had it right.
type Distractor struct {
	Text   questions.Text
	Right  bool // an option that adds to the mark
	Part   bool // a part (pair, item) rather than an option
	Chosen int  // people who chose it, or had the part right
	// Rest is the mean score of these people in the rest of the quiz, NaN for
	// nobody: a wrong option that attracts those who know most is worth a look.
	Rest float64
}

// newestGoes is of how many people, the newest first, an analysis is made.
const newestGoes = 5000

// sitting is one person's first finished go.
type sitting struct {
	Attempt
	answers map[int]answer
	skip    []bool // questions that are left out; nil for none
}

// Analysis is that of a quiz (Closing or Check) of a course, for who may edit the
// course; else storage.ErrNotFound.
func (z *Quizzes) Analysis(ctx context.Context, by accounts.Access, courseID, quiz string) (*Analysis, error) {
	db := z.db.Read(ctx)
	rev, err := z.courses.PublishedTx(db, by, courseID)
	if err != nil {
		return nil, err
	}
	goes, err := z.firstGoes(db, db.Where("quiz = ?", quiz), courseID)
	if err != nil {
		return nil, err
	}
	a := &Analysis{Revision: rev, Quiz: quiz, People: len(goes)}
	a.Items, err = z.items(db, rev, goes)
	return a, err
}

// firstGoes are the newest first goes at quizzes of the course, narrowed by where.
func (z *Quizzes) firstGoes(db, where *gorm.DB, courseID string) ([]*sitting, error) {
	first := db.Model(&Attempt{}).Where(where).Where("done_at IS NOT NULL").
		Where("enrolment_id IN (SELECT id FROM enrolments WHERE course_id = ?)", courseID).
		Where("NOT EXISTS (SELECT 1 FROM attempts b WHERE b.enrolment_id = attempts.enrolment_id AND b.quiz = attempts.quiz AND (b.started_at < attempts.started_at OR b.started_at = attempts.started_at AND b.round < attempts.round))").
		Order("started_at DESC, id").Limit(newestGoes)
	var goes []*sitting
	if err := first.Find(&goes).Error; err != nil {
		return nil, err
	}
	byID := map[string]*sitting{}
	for _, g := range goes {
		g.answers = map[int]answer{}
		byID[g.ID] = g
	}
	var rows []answer
	if err := db.Where("attempt_id IN (?)", first.Session(&gorm.Session{}).Select("id")).Find(&rows).Error; err != nil {
		return nil, err
	}
	for _, r := range rows {
		if g := byID[r.AttemptID]; g != nil {
			g.answers[r.Position] = r
		}
	}
	return goes, nil
}

// Missed is what people (accounts, the seated of a class) missed when they were
// first asked, over all quizzes of a course as the revision has it, the hardest
// first; met is how many of them were asked anything.
func (z *Quizzes) Missed(ctx context.Context, courseID, revisionID string, people []string) (items []Item, met int, err error) {
	db := z.db.Read(ctx)
	rev, err := z.courses.RevisionTx(db, revisionID)
	if err != nil {
		return nil, 0, err
	}
	goes, err := z.firstGoes(db, db.Where("account_id IN ?", people), courseID)
	if err != nil {
		return nil, 0, err
	}
	slices.SortStableFunc(goes, func(a, b *sitting) int { return a.StartedAt.Compare(b.StartedAt) })
	asked, who := map[string]bool{}, map[string]bool{}
	for _, g := range goes {
		who[g.AccountID] = true
		g.only(func(d Drawn) bool {
			key := g.AccountID + " " + d.ID
			first := !asked[key]
			asked[key] = true
			return first
		})
	}
	items, err = z.items(db, rev, goes)
	return Hardest(items), len(who), err
}

// only leaves the other questions of the go out.
func (g *sitting) only(keep func(Drawn) bool) {
	g.skip = make([]bool, len(g.Drawn))
	for i, d := range g.Drawn {
		g.skip[i] = !keep(d)
	}
}

// items are the questions of rev that were asked, in the order of the course.
func (z *Quizzes) items(db *gorm.DB, rev *courses.Revision, goes []*sitting) ([]Item, error) {
	byQuestion := map[string]*tally{}
	for _, g := range goes {
		asked, err := z.courses.RevisionTx(db, g.RevisionID)
		if err != nil {
			return nil, err
		}
		for i, d := range g.Drawn {
			now, then := rev.Question(d.ID), asked.Question(d.ID)
			if g.skip != nil && g.skip[i] || now == nil || !marked(now) || then != now && !sameQuestion(then, now) {
				continue
			}
			if byQuestion[d.ID] == nil {
				byQuestion[d.ID] = &tally{}
			}
			byQuestion[d.ID].add(g.answers[i], g.rest(asked, i))
		}
	}
	var list []Item
	for _, m := range rev.Modules {
		for _, q := range m.Questions {
			if t := byQuestion[q.ID]; t != nil {
				it := Item{Question: q, Module: m, Statistics: statistics(t.scores, t.rest), Table: t.table(q)}
				_, it.Lesson, _ = rev.Find(q.Lesson)
				list = append(list, it)
			}
		}
	}
	return list, nil
}

// rest is the mean score of everything marked but question i; 0 when there is nothing else.
func (g *sitting) rest(rev *courses.Revision, i int) float64 {
	sum, n := 0.0, 0
	for j, d := range g.Drawn {
		if q := rev.Question(d.ID); j != i && q != nil && marked(q) {
			sum += g.answers[j].Score
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// tally gathers the answers to one question.
type tally struct {
	scores, rest []float64
	responses    []Response
}

func (t *tally) add(a answer, rest float64) {
	t.scores, t.rest, t.responses = append(t.scores, a.Score), append(t.rest, rest), append(t.responses, a.Response)
}

// table says what was answered. Answers that people wrote themselves are counted
// by the accepted ones only: what else they wrote may say who they are.
func (t *tally) table(q *questions.Question) []Distractor {
	var list []Distractor
	line := func(text questions.Text, right, part bool, chose func(Response) bool) {
		d := Distractor{Text: text, Right: right, Part: part}
		var rest []float64
		for i, r := range t.responses {
			if chose(r) {
				d.Chosen++
				rest = append(rest, t.rest[i])
			}
		}
		d.Rest = mean(rest)
		list = append(list, d)
	}
	for _, o := range q.Options {
		line(o.Text, o.Right(), false, func(r Response) bool { return slices.Contains(r.Options, o.ID) })
	}
	for _, p := range lefts(q) {
		line(p.Left, true, true, func(r Response) bool { return samePartner(q, p, r.Pairs[p.ID]) })
	}
	for _, it := range q.Items {
		line(it.Text, true, true, func(r Response) bool { return placedRight(q, it, r) })
	}
	for i := range q.Answers {
		a := &q.Answers[i]
		line(answerText(q, a), a.Weight > 0, false, func(r Response) bool { return bestAnswer(q, r.Text) == a })
	}
	if len(q.Answers) > 0 {
		line(questions.Text{questions.JA: "ほかの答え", questions.Easy: "ほかの{答|こた}え"}, false, false, func(r Response) bool { return bestAnswer(q, r.Text) == nil })
	}
	return list
}

func answerText(q *questions.Question, a *questions.Answer) questions.Text {
	if q.Type == questions.Numerical {
		return questions.Text{questions.JA: formatNumber(a.Value) + q.Unit}
	}
	return questions.Text{questions.JA: a.Text}
}

// placedRight says whether the item was put into a right group or place.
func placedRight(q *questions.Question, it questions.Item, r Response) bool {
	if q.Type == questions.Sort {
		return slices.Contains(it.Groups, r.Sorted[it.ID])
	}
	place := slices.Index(r.Order, it.ID)
	if place < 0 {
		return false
	}
	ranks := make([]int, len(q.Items))
	for i, x := range q.Items {
		ranks[i] = x.Rank
	}
	slices.Sort(ranks)
	return ranks[place] == it.Rank
}

// sameQuestion says whether the answers to both can be counted together.
func sameQuestion(a, b *questions.Question) bool {
	x, y := *a, *b
	x.Line, y.Line = 0, 0
	return reflect.DeepEqual(x, y)
}

// Keys are the quizzes of a revision: each module's check, then まとめの確認.
func Keys(rev *courses.Revision) []string {
	var list []string
	for _, m := range rev.Modules {
		if m.Check > 0 {
			list = append(list, Check(m.ID))
		}
	}
	if rev.Closing.Questions > 0 {
		list = append(list, Closing)
	}
	return list
}

// Hardest are the items in the order of how many missed them, those that nobody
// missed left out.
func Hardest(items []Item) []Item {
	list := slices.DeleteFunc(slices.Clone(items), func(it Item) bool { return it.Missed == 0 })
	slices.SortStableFunc(list, func(a, b Item) int {
		return cmp.Compare(float64(b.Missed)/float64(b.Answers), float64(a.Missed)/float64(a.Answers))
	})
	return list
}
