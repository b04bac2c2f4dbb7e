package quiz

import (
	"fmt"
	"slices"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
)

// Merge moves the attempts and answers of one account of a person to another. Of
// two open attempts of one quiz the one that came further stays open; the other
// one, which has no result, is forgotten. It comes before courses.Merge, with
// whose enrolments the rest would go.
func (z *Quizzes) Merge(tx *gorm.DB, from, into string) error {
	list, err := attemptsOfTwo(tx.Clauses(clause.Locking{Strength: "UPDATE"}), from, into)
	if err != nil {
		return err
	}
	twins, err := z.courses.Twins(tx, from, into)
	if err != nil {
		return err
	}
	rivals, err := rivals(tx, list, twins)
	if err != nil {
		return err
	}
	for _, r := range rivals {
		if err := tx.Where("id = ?", r.goes.ID).Delete(&Attempt{}).Error; err != nil {
			return err
		}
	}
	for twin, stays := range twins {
		if err := tx.Model(&Attempt{}).Where("enrolment_id = ?", twin).Update("enrolment_id", stays).Error; err != nil {
			return err
		}
	}
	return tx.Model(&Attempt{}).Where("account_id = ?", from).Update("account_id", into).Error
}

func attemptsOfTwo(tx *gorm.DB, from, into string) (list []*Attempt, err error) {
	err = tx.Where("account_id IN ?", []string{from, into}).Order("id").Find(&list).Error
	return list, err
}

// rival is two open attempts of one quiz that come together.
type rival struct{ stays, goes *Attempt }

// rivals finds them; twins are the enrolments that become one.
func rivals(tx *gorm.DB, list []*Attempt, twins map[string]string) (found []rival, err error) {
	for _, a := range list {
		for _, b := range list {
			if a.DoneAt != nil || b.DoneAt != nil || a.Quiz != b.Quiz || twins[a.EnrolmentID] != b.EnrolmentID {
				continue
			}
			r := rival{stays: b, goes: a}
			ahead, err := further(tx, a, b)
			if err != nil {
				return nil, err
			}
			if ahead {
				r = rival{stays: a, goes: b}
			}
			found = append(found, r)
		}
	}
	return found, nil
}

// further says whether more questions were answered in a than in b.
func further(tx *gorm.DB, a, b *Attempt) (bool, error) {
	inA, err := answersOf(tx, a.ID)
	if err != nil {
		return false, err
	}
	inB, err := answersOf(tx, b.ID)
	return len(inA) > len(inB), err
}

// PreviewMerge says what Merge would do.
func (z *Quizzes) PreviewMerge(tx *gorm.DB, from, into string) (part accounts.MergePart, err error) {
	list, err := attemptsOfTwo(tx, from, into)
	if err != nil || len(list) == 0 {
		return part, err
	}
	times := func(account string) string {
		n := len(slices.DeleteFunc(slices.Clone(list), func(a *Attempt) bool { return a.AccountID != account }))
		return fmt.Sprintf("%d回", n)
	}
	part.Rows = []accounts.MergeRow{{Label: "小テスト", From: times(from), Into: times(into)}}
	twins, err := z.courses.Twins(tx, from, into)
	if err != nil {
		return part, err
	}
	rivals, err := rivals(tx, list, twins)
	if err != nil {
		return part, err
	}
	for _, r := range rivals {
		rev, err := z.courses.RevisionTx(tx, r.goes.RevisionID)
		if err != nil {
			return part, err
		}
		part.Changes = append(part.Changes, "「"+quizTitle(rev, r.goes.Quiz)+"」が両方とも途中です。答えた数の多いほうのつづきからになります。")
	}
	return part, nil
}
