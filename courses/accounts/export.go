package accounts

import (
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm"
)

// Section is one part of what is held about a person, for them to read: every row
// is a label and a value in Japanese.
type Section struct {
	Title string
	Rows  []Row
}

// Row is one line of a Section.
type Row struct{ Label, Value string }

// Export is everything that this package holds about the account, but for what
// nobody can read (hashes of words, passwords and secrets). What others did
// with it is told without their names.
func Export(tx *gorm.DB, accountID string) ([]Section, error) {
	person, err := Load(tx, accountID)
	if err != nil {
		return nil, err
	}
	sections := []Section{personSection(person)}
	for _, part := range []func(*gorm.DB, string) (Section, error){
		residenceSection, mergedSection, cardSection, sessionSection, consentSection, postSection, staffSection, mailSection, recordSection,
	} {
		s, err := part(tx, accountID)
		if err != nil {
			return nil, err
		}
		if len(s.Rows) > 0 {
			sections = append(sections, s)
		}
	}
	return sections, nil
}

func moment(t time.Time) string { return t.In(japan).Format("2006年1月2日 15:04") }

func until(t *time.Time) string {
	if t == nil {
		return ""
	}
	return moment(*t)
}

func (s *Section) add(label, value string) {
	if value != "" {
		s.Rows = append(s.Rows, Row{label, value})
	}
}

func personSection(p *Account) Section {
	s := Section{Title: "ご本人"}
	s.add("受講番号", ShowNumber(p.Number))
	s.add("お名前", p.Name())
	s.add("ふりがな", p.Kana())
	s.add("修了証に載せる表記", p.PrintedName)
	if p.State == Active && p.Prefecture != "" {
		s.add("お住まい", PlaceName(p.Municipality, p.Prefecture))
	}
	s.add("年代", p.AgeBand.Label())
	s.add("メールアドレス", p.Email)
	s.add("使いはじめた日時", moment(p.CreatedAt))
	s.add("登録した日時", until(p.RegisteredAt))
	s.add("最後に使った日時", moment(p.SeenAt))
	return s
}

func residenceSection(tx *gorm.DB, id string) (Section, error) {
	var rows []struct{ Since, Municipality, Prefecture string }
	err := tx.Table("residences").Where("account_id = ?", id).Order("since").Find(&rows).Error
	s := Section{Title: "お住まいの記録"}
	for _, r := range rows {
		s.add(r.Since+" から", PlaceName(r.Municipality, r.Prefecture))
	}
	return s, err
}

// mergedSection tells which other registrations became part of this one, and which
// were found to be somebody else's, without a word about them.
func mergedSection(tx *gorm.DB, id string) (Section, error) {
	s := Section{Title: "ほかの登録との関係"}
	var old []Account
	if err := tx.Where("merged_into = ?", id).Order("erased_at, id").Find(&old).Error; err != nil {
		return s, err
	}
	for _, a := range old {
		s.add("番号"+ShowNumber(a.Number)+"の登録をまとめた日時", until(a.ErasedAt))
	}
	var others []different
	err := tx.Where("first_id = ? OR second_id = ?", id, id).Order("decided_at, first_id, second_id").Find(&others).Error
	for _, d := range others {
		s.add("ふりがなの同じ方とは別の人だと、窓口が確かめた日時", moment(d.DecidedAt))
	}
	return s, err
}

func cardSection(tx *gorm.DB, id string) (Section, error) {
	s := Section{Title: "受講カード（合言葉は、読めない形にしてあります）"}
	ids, err := selves(tx, id)
	if err != nil {
		return s, err
	}
	var cards []card
	err = tx.Where("account_id IN ?", ids).Order("made_at, id").Find(&cards).Error
	for _, c := range cards {
		by := "ご本人"
		if c.MadeBy != nil {
			by = "窓口"
		}
		s.add("作った日時（"+by+"）", moment(c.MadeAt))
		s.add("書きとめた日時", until(c.KeptAt))
		s.add("使えなくなった日時", until(c.EndedAt))
	}
	return s, err
}

func sessionSection(tx *gorm.DB, id string) (Section, error) {
	var list []Session
	err := tx.Where("account_id = ? AND expires_at > ?", id, tx.NowFunc()).Order("created_at, id").Find(&list).Error
	s := Section{Title: "サインインしている端末"}
	for _, one := range list {
		device := one.Device
		if device == "" {
			device = "名前のない端末"
		}
		s.add(device, fmt.Sprintf("%s から、最後に使ったのは %s", moment(one.CreatedAt), moment(one.SeenAt)))
	}
	return s, err
}

func consentSection(tx *gorm.DB, id string) (Section, error) {
	var list []Consent
	err := tx.Where("account_id = ?", id).Order("given_at, id").Find(&list).Error
	s := Section{Title: "同意"}
	for _, c := range list {
		label := "個人情報の扱い"
		if c.Kind == ToContact {
			label = PlaceName(c.Municipality, "") + "からの連絡（" + c.HowLabel() + "）"
			s.add(label+"の連絡先", c.Contact)
		}
		s.add(label+"に同意した日時", moment(c.GivenAt))
		s.add(label+"をやめた日時", until(c.WithdrawnAt))
	}
	return s, err
}

func postSection(tx *gorm.DB, id string) (Section, error) {
	var rows []struct {
		Name    string
		BeganAt time.Time
		EndedAt *time.Time
	}
	err := tx.Raw(`SELECT p.name, m.began_at, m.ended_at FROM members m JOIN posts p ON p.id = m.post_id
		WHERE m.account_id = ? ORDER BY m.began_at, m.id`, id).Scan(&rows).Error
	s := Section{Title: "係"}
	for _, r := range rows {
		s.add(r.Name, moment(r.BeganAt)+" から "+until(r.EndedAt))
	}
	return s, err
}

func staffSection(tx *gorm.DB, id string) (Section, error) {
	s := Section{Title: "職員としてのサインイン（パスワードは、読めない形にしてあります）"}
	var row staff
	ok, err := found(tx.Where("account_id = ?", id).Take(&row).Error)
	if ok {
		s.add("メールアドレス", row.EmailKey)
		s.add("認証アプリ", map[bool]string{true: "使っている", false: "使っていない"}[row.TOTPSecret != ""])
	}
	return s, err
}

func mailSection(tx *gorm.DB, id string) (Section, error) {
	var list []challenge
	err := tx.Where("account_id = ? AND email <> ''", id).Order("created_at, id").Find(&list).Error
	s := Section{Title: "確認コードの送り先（1日ほどで消えます）"}
	for _, c := range list {
		s.add(moment(c.CreatedAt), c.Email)
	}
	return s, err
}

func recordSection(tx *gorm.DB, id string) (Section, error) {
	s := Section{Title: "操作の記録"}
	ids, err := selves(tx, id)
	if err != nil {
		return s, err
	}
	var list []Entry
	err = tx.Where("subject_id IN ? OR actor_id IN ?", ids, ids).Order("at, id").Find(&list).Error
	for _, e := range list {
		who := "係の人"
		if slices.Contains(ids, e.ActorID) {
			who = "ご本人"
		}
		value := e.Label() + "（" + who + "）"
		if e.Why != "" {
			value += " 理由：" + e.Why
		}
		s.add(moment(e.At), value)
	}
	return s, err
}
