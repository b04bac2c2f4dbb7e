package accounts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tsunagari/storage"
)

// Member is somebody in a post, for as long as it lasts.
type Member struct {
	ID, PostID, AccountID string
	BeganAt               time.Time
	EndedAt               *time.Time

	Name  string `gorm:"->"` // joined, for reading; "" once erased
	Email string `gorm:"->"`
}

// PostMembers is a post with the people in it, for the list that is looked
// through every March.
type PostMembers struct {
	Post
	Members []Member // current ones, the longest first
	Past    []Member // the latest first
	Open    []Invitation
}

// enter takes the account into the post; who is in it already stays.
func enter(tx *gorm.DB, postID, accountID string) error {
	m := Member{ID: uuid.NewString(), PostID: postID, AccountID: accountID, BeganAt: tx.NowFunc()}
	return tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&m).Error
}

// end ends the membership, and with the last post every session as staff.
func (m Member) end(tx *gorm.DB) error {
	err := tx.Model(&Member{}).Where("id = ? AND ended_at IS NULL", m.ID).Update("ended_at", tx.NowFunc()).Error
	if err != nil {
		return err
	}
	access, err := AccessOf(tx, m.AccountID)
	if err != nil || len(access.Roles) > 0 {
		return err
	}
	return endStaffSessions(tx, m.AccountID)
}

// endStaffSessions signs somebody out as staff everywhere, also half-way in.
func endStaffSessions(tx *gorm.DB, accountID string) error {
	if err := tx.Where("account_id = ? AND kind = ?", accountID, StaffSession).Delete(&Session{}).Error; err != nil {
		return err
	}
	return tx.Exec("DELETE FROM challenges WHERE account_id = ? AND purpose IN ('office', 'totp')", accountID).Error
}

// EndMember ends somebody's time in a post, as an administrator or anybody in the
// same post may: a successor ends the predecessor. What the post keeps stays.
// Errors: ErrLastAdmin; storage.ErrNotFound, also when it had ended.
func (a *Accounts) EndMember(ctx context.Context, by Access, memberID, why string) error {
	return a.keepingAdmin(ctx, func(tx *gorm.DB) error {
		var m Member
		if err := tx.Where("id = ? AND ended_at IS NULL", memberID).Take(&m).Error; err != nil {
			return err
		}
		if err := mayAct(tx, by, m.PostID); err != nil {
			return err
		}
		if err := m.end(tx); err != nil {
			return err
		}
		return Audit(tx, by.AccountID, "member.end", m.AccountID, m.PostID, why)
	})
}

// mayAct says whether by may invite to the post and end members of it: an
// administrator, whoever is in it, and a front desk for the trainers of its
// municipalities.
func mayAct(tx *gorm.DB, by Access, postID string) error {
	if by.Role(Admin) {
		return nil
	}
	var n int64
	err := tx.Model(&Member{}).Where("post_id = ? AND account_id = ? AND ended_at IS NULL", postID, by.AccountID).Count(&n).Error
	if err != nil || n > 0 {
		return err
	}
	var post Post
	if err := tx.Where("id = ?", postID).Take(&post).Error; err != nil {
		return err
	}
	if !by.trains(post.Role, post.Municipalities) {
		return storage.ErrNotFound
	}
	return nil
}

// trains says whether by is the front desk of all the municipalities of a post of
// trainers, of which it has at least one.
func (by Access) trains(role Role, codes []string) bool {
	return role == Trainer && len(codes) > 0 && by.Role(Desk) &&
		!slices.ContainsFunc(codes, func(code string) bool { return !by.Reaches(code, Desk) })
}

// TrainerPosts are the current posts of trainers that by may keep as an
// administrator or a front desk.
func (a *Accounts) TrainerPosts(ctx context.Context, by Access) ([]PostMembers, error) {
	tx := a.db.Read(ctx)
	var posts []Post
	if err := tx.Where("ended_at IS NULL AND role = ?", Trainer).Order("created_at, id").Find(&posts).Error; err != nil {
		return nil, err
	}
	posts = slices.DeleteFunc(posts, func(p Post) bool { return !by.Role(Admin) && !by.trains(p.Role, p.Municipalities) })
	return withPeople(tx, posts)
}

// Trainers are the people who are trainers now, by the post they entered first: who
// may be asked to help in a class.
func (a *Accounts) Trainers(ctx context.Context) (list []Member, err error) {
	err = a.db.Read(ctx).Raw(`SELECT m.*, TRIM(a.family_name || ' ' || a.given_name) AS name
		FROM members m JOIN posts p ON p.id = m.post_id JOIN accounts a ON a.id = m.account_id
		WHERE p.role = ? AND p.ended_at IS NULL AND m.ended_at IS NULL ORDER BY p.created_at, p.id, m.began_at, m.id`, Trainer).Scan(&list).Error
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(m Member) bool {
		twice := seen[m.AccountID]
		seen[m.AccountID] = true
		return twice
	}), err
}

// Posts are the current posts with their people: all for an administrator, else
// the own ones.
func (a *Accounts) Posts(ctx context.Context, by Access) ([]PostMembers, error) {
	tx := a.db.Read(ctx)
	find := tx.Where("ended_at IS NULL").Order("created_at, id")
	if !by.Role(Admin) {
		find = find.Where("id IN (SELECT post_id FROM members WHERE account_id = ? AND ended_at IS NULL)", by.AccountID)
	}
	var posts []Post
	if err := find.Find(&posts).Error; err != nil {
		return nil, err
	}
	return withPeople(tx, posts)
}

// Post is one post with its people. An administrator sees all, also an ended one,
// others the posts that they are in; else storage.ErrNotFound.
func (a *Accounts) Post(ctx context.Context, by Access, id string) (*PostMembers, error) {
	tx := a.db.Read(ctx)
	if err := mayAct(tx, by, id); err != nil {
		return nil, err
	}
	var post Post
	if err := tx.Where("id = ?", id).Take(&post).Error; err != nil {
		return nil, err
	}
	list, err := withPeople(tx, []Post{post})
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func withPeople(tx *gorm.DB, posts []Post) ([]PostMembers, error) {
	list := make([]PostMembers, len(posts))
	at, ids := map[string]*PostMembers{}, []string{}
	for i, p := range posts {
		list[i].Post = p
		at[p.ID], ids = &list[i], append(ids, p.ID)
	}
	var members []Member
	err := tx.Raw(`SELECT m.*, TRIM(a.family_name || ' ' || a.given_name) AS name, COALESCE(s.email_key, '') AS email
		FROM members m JOIN accounts a ON a.id = m.account_id LEFT JOIN staff s ON s.account_id = m.account_id
		WHERE m.post_id IN ? ORDER BY m.began_at, m.id`, ids).Scan(&members).Error
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if p := at[m.PostID]; m.EndedAt == nil {
			p.Members = append(p.Members, m)
		} else {
			p.Past = append([]Member{m}, p.Past...)
		}
	}
	var open []Invitation
	err = tx.Where("post_id IN ? AND accepted_at IS NULL AND expires_at > ?", ids, tx.NowFunc()).Order("created_at, id").Find(&open).Error
	for _, in := range open {
		p := at[*in.PostID]
		p.Open = append(p.Open, in)
	}
	return list, err
}

// RemindPosts asks every post once each March, before the transfers of April, by
// mail to its office whether its people are still the right ones. posts is the
// address of the page where they are kept. It says how many mails were queued;
// outside March, or a second time, none.
func (a *Accounts) RemindPosts(ctx context.Context, posts string) (queued int, err error) {
	today := a.db.Now().In(japan)
	if today.Month() != time.March {
		return 0, nil
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		queued = 0
		const name = "reminded"
		if err := lockSetting(tx, name); err != nil {
			return err
		}
		year := today.Format("2006")
		if last, err := storage.Setting(tx, name); err != nil || last == year {
			return err
		}
		list, err := a.everyPost(tx)
		if err != nil {
			return err
		}
		for _, p := range list {
			stale := int64(0)
			if p.Role == Desk || p.Role == Officer {
				if err := stalePlaces(tx.Where("municipality IN ?", []string(p.Municipalities))).Count(&stale).Error; err != nil {
					return err
				}
			}
			if err := storage.Queue(tx, p.reminder(posts, stale)); err != nil {
				return err
			}
		}
		queued = len(list)
		return storage.SetSetting(tx, name, year)
	})
	return queued, err
}

func (a *Accounts) everyPost(tx *gorm.DB) ([]PostMembers, error) {
	var posts []Post
	if err := tx.Where("ended_at IS NULL").Order("created_at, id").Find(&posts).Error; err != nil {
		return nil, err
	}
	return withPeople(tx, posts)
}

// reminder is the mail of March; stale is how many つながり先 are to be confirmed.
func (p *PostMembers) reminder(posts string, stale int64) storage.Mail {
	var b strings.Builder
	fmt.Fprintf(&b, "「%s」に登録されている方は、次のとおりです。\n\n", p.Name)
	for _, m := range p.Members {
		since := m.BeganAt.In(japan)
		fmt.Fprintf(&b, "・%s さん（%d年%d月から）\n", m.Name, since.Year(), int(since.Month()))
	}
	if len(p.Members) == 0 {
		b.WriteString("・いまは、どなたもいません。\n")
	}
	b.WriteString("\n異動される方がいるときは、後任の方を招待してから、前任の方を「係を離れる」にしてください。係の設定や記録は、そのまま引き継がれます。\n")
	if stale > 0 {
		fmt.Fprintf(&b, "\n確認が要るつながり先が%d件あります（まだ確かめていないか、1年以上たっています）。電話番号や時間を確かめて、確認日を入れてください。\n", stale)
	}
	if posts != "" {
		b.WriteString("\n" + posts + "\n")
	}
	b.WriteString("\nこのメールは、毎年3月にお送りしています。変わりがなければ、何もしなくてかまいません。\n")
	return storage.Mail{To: p.OfficeEmail, Subject: "【つながりサポーター】係の方に変わりはありませんか", Body: b.String()}
}

// Colleague is somebody who holds classes and writes courses.
type Colleague struct{ AccountID, Name, Post string }

// Trainers are everybody in a current post of trainers, by post and name; somebody
// in two posts is there once.
func Trainers(tx *gorm.DB) ([]Colleague, error) {
	var rows []Colleague
	err := tx.Raw(`SELECT m.account_id, TRIM(a.family_name || ' ' || a.given_name) AS name, p.name AS post
		FROM members m JOIN posts p ON p.id = m.post_id JOIN accounts a ON a.id = m.account_id
		WHERE p.role = ? AND p.ended_at IS NULL AND m.ended_at IS NULL ORDER BY p.name, a.family_kana, m.account_id`, Trainer).Scan(&rows).Error
	var list []Colleague
	for _, r := range rows {
		if !slices.ContainsFunc(list, func(c Colleague) bool { return c.AccountID == r.AccountID }) {
			list = append(list, r)
		}
	}
	return list, err
}
