package courses

import (
	"cmp"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"tsunagari/courses/questions"
)

// Impact is what a new edition does to the people in the middle of the course.
// Those who have finished are never asked again.
type Impact struct {
	People int // have begun and not finished
	At     []PlaceImpact
	Added  []StepImpact // asked of everybody who has not finished
	Gone   []StepImpact // no longer asked; People are those who had done it
	Kept   []StepImpact // may be asked for again; People are those who had done it
	Ready  int          // would have nothing left to do
}

// PlaceImpact is how many people are in the middle of one module.
type PlaceImpact struct {
	Title  string
	People int
}

// StepImpact is a step with the people whom the new edition touches in it.
type StepImpact struct {
	Key, Title string
	Changed    bool // its text or its questions are others than before
	People     int
}

// packageStep is a required step of a course as it is written.
type packageStep struct {
	key, title string
	module     int // number from 1; 0 for まとめの確認
}

func editionName(number int) string { return fmt.Sprintf("第%d版", number) }

// steps are the required steps in order, as (*Revision).Steps has them.
func (p *Package) steps() []packageStep {
	var out []packageStep
	for i, m := range p.Modules {
		for _, l := range m.Lessons {
			if l.Required {
				out = append(out, packageStep{lessonStep(l.ID), "レッスン「" + Plain(l.Title[questions.JA]) + "」", i + 1})
			}
		}
		if m.Check > 0 {
			out = append(out, packageStep{checkStep(m.ID), "「" + Plain(m.Title[questions.JA]) + "」の確認", i + 1})
		}
	}
	if p.Closing.Questions > 0 {
		out = append(out, packageStep{closingStep, "まとめの確認", 0})
	}
	return out
}

// impact compares the newest edition with the one that is to come.
func impact(tx *gorm.DB, old, p *Package) (*Impact, error) {
	people, err := inTheMiddle(tx, p.ID)
	if err != nil {
		return nil, err
	}
	before, after := old.steps(), p.steps()
	count := func(key string) int {
		n := 0
		for _, done := range people {
			if done[key] {
				n++
			}
		}
		return n
	}
	im := &Impact{People: len(people), At: places(old, before, people)}
	has := func(list []packageStep, key string) bool {
		return slices.ContainsFunc(list, func(s packageStep) bool { return s.key == key })
	}
	for _, s := range after {
		if !has(before, s.key) {
			im.Added = append(im.Added, StepImpact{s.key, s.title, true, len(people) - count(s.key)})
			continue
		}
		im.Kept = append(im.Kept, StepImpact{s.key, s.title, stepText(old, s.key) != stepText(p, s.key), count(s.key)})
	}
	for _, s := range before {
		if !has(after, s.key) {
			im.Gone = append(im.Gone, StepImpact{s.key, s.title, true, count(s.key)})
		}
	}
	for _, done := range people {
		if !slices.ContainsFunc(after, func(s packageStep) bool { return !done[s.key] }) {
			im.Ready++
		}
	}
	return im, nil
}

// places counts the people by the module of what is next for them.
func places(p *Package, steps []packageStep, people map[string]map[string]bool) []PlaceImpact {
	counts := map[int]int{}
	for _, done := range people {
		for _, s := range steps {
			if !done[s.key] {
				counts[s.module]++
				break
			}
		}
	}
	var out []PlaceImpact
	for i, m := range p.Modules {
		if n := counts[i+1]; n > 0 {
			out = append(out, PlaceImpact{fmt.Sprintf("単元%d「%s」", i+1, Plain(m.Title[questions.JA])), n})
		}
	}
	if n := counts[0]; n > 0 {
		out = append(out, PlaceImpact{"まとめの確認", n})
	}
	return out
}

// stepText is everything that a step shows, to see whether it changed.
func stepText(p *Package, key string) string {
	var parts []any
	for _, m := range p.Modules {
		for _, l := range m.Lessons {
			if lessonStep(l.ID) == key {
				parts = append(parts, l.Title, l.Body)
			}
		}
		if checkStep(m.ID) == key || key == closingStep {
			parts = append(parts, m.Check)
			for _, q := range m.Questions {
				plain := *q
				plain.Module = ""
				parts = append(parts, plain)
			}
		}
	}
	if key == closingStep {
		parts = append(parts, p.Closing)
	}
	text, err := encode(parts)
	return cmp.Or(text, fmt.Sprint(err))
}

// inTheMiddle maps everybody's newest unfinished enrolment with at least one step
// done to the steps that are done.
func inTheMiddle(tx *gorm.DB, courseID string) (map[string]map[string]bool, error) {
	var rows []struct{ ID, Step string }
	err := tx.Raw(`SELECT e.id, p.step FROM enrolments e JOIN progress p ON p.enrolment_id = e.id
		LEFT JOIN completions f ON f.enrolment_id = e.id
		WHERE e.course_id = ? AND f.id IS NULL AND `+stillDone+`
		AND e.cycle = (SELECT max(cycle) FROM enrolments WHERE account_id = e.account_id AND course_id = e.course_id)`,
		courseID).Scan(&rows).Error
	people := map[string]map[string]bool{}
	for _, r := range rows {
		if people[r.ID] == nil {
			people[r.ID] = map[string]bool{}
		}
		people[r.ID][r.Step] = true
	}
	return people, err
}
