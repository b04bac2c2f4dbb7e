package classes

import (
	"fmt"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/courses/accounts"
)

// Merge gives the seats of one account to another (two accounts of one person).
// Where both sat in a class the one that says more stays. It comes before
// courses.Merge, as everything that works on a class takes seats before enrolments.
func (k *Classes) Merge(tx *gorm.DB, from, into string) error {
	both, err := seatsOfTwo(tx.Clauses(clause.Locking{Strength: "UPDATE"}), from, into)
	if err != nil {
		return err
	}
	for _, s := range doubled(both, from) {
		// The receipt of typing somebody in holds a hash that a name could be tried on.
		if err := tx.Exec("DELETE FROM receipts WHERE kind = 'seat.add' AND receipt = ?", s.ID).Error; err != nil {
			return err
		}
		err := tx.Model(&Seat{}).Where("id = ?", s.ID).
			Updates(map[string]any{"account_id": nil, "removed_at": tx.NowFunc(), "removed_by": "", "attendance": ""}).Error
		if err != nil {
			return err
		}
	}
	return tx.Model(&Seat{}).Where("account_id = ?", from).Update("account_id", into).Error
}

func seatsOfTwo(tx *gorm.DB, from, into string) (list []*Seat, err error) {
	err = tx.Where("account_id IN ?", []string{from, into}).Order("class_id, id").Find(&list).Error
	return list, err
}

// doubled are the seats that go: of two in one class the one that says less.
func doubled(list []*Seat, from string) (less []*Seat) {
	for i, s := range list[:max(len(list)-1, 0)] {
		other := list[i+1]
		if s.ClassID != other.ClassID {
			continue
		}
		if *s.AccountID == from {
			s, other = other, s
		}
		if s.says() < other.says() { // s is into's
			other = s
		}
		less = append(less, other)
	}
	return less
}

// PreviewMerge says what Merge would do, and that it may finish the course in a class.
func (k *Classes) PreviewMerge(tx *gorm.DB, from, into string) (part accounts.MergePart, err error) {
	both, err := seatsOfTwo(tx, from, into)
	if err != nil {
		return part, err
	}
	said := map[string][]string{}
	for _, s := range both {
		if s.RemovedAt != nil {
			continue
		}
		var c Class
		if err := tx.Where("id = ?", s.ClassID).Take(&c).Error; err != nil {
			return part, err
		}
		said[*s.AccountID] = append(said[*s.AccountID], c.HeldOn+" "+c.HostName+attendances[s.Attendance])
	}
	if len(said) > 0 {
		part.Rows = []accounts.MergeRow{{Label: "教室", From: strings.Join(said[from], "、"), Into: strings.Join(said[into], "、")}}
		part.Changes = []string{"教室の席は、残す登録に移ります。あわせた記録で教室の決まりを満たすと、その教室での修了になります。"}
	}
	if n := len(doubled(both, from)); n > 0 {
		part.Changes = append(part.Changes, fmt.Sprintf("同じ教室の席が%d組あり、それぞれひとつになります。実施報告の人数も、確かめてください。", n))
	}
	return part, nil
}

var attendances = map[string]string{Present: "（出席）", Absent: "（欠席）"}

// says is how much is known of a seat: a removed one nothing.
func (s *Seat) says() (n int) {
	if s.RemovedAt != nil {
		return 0
	}
	for _, known := range []bool{true, s.Attendance != "", s.Attendance == Present, s.Whole(), s.SheetAt != nil, s.GrantedAt != nil} {
		if known {
			n++
		}
	}
	return n
}
