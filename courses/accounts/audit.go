package accounts

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// Entry is one line of the record (操作の記録): who did what to whom, and why. It
// holds ids, codes and the reason given, no names: those leave with the person.
type Entry struct {
	ID        string
	At        time.Time
	ActorID   string // account, or "shell"
	Act       string // as "card.new"; ActLabel says it in Japanese
	SubjectID string // account, post, certificate …; "" for none
	Detail    string
	Why       string

	ActorName   string `gorm:"-"` // for reading; "" once erased
	SubjectName string `gorm:"-"` // when the subject is a person or a post
}

// TableName is GORM's.
func (Entry) TableName() string { return "audit" }

// acts are what the acts are called in Japanese.
var acts = map[string]string{
	"setup":                 "運営団体の初期設定",
	"operator.set":          "運営団体の変更",
	"post.add":              "係の追加",
	"post.set":              "係の変更",
	"post.end":              "係の終了",
	"member.join":           "係に加わった",
	"member.end":            "係を離れた",
	"invitation.new":        "係への招待",
	"invitation.cancel":     "招待の取り消し",
	"password.invite":       "パスワードを決め直す案内",
	"password.reset":        "パスワードの決め直し",
	"password.change":       "パスワードの変更",
	"totp.on":               "認証アプリの登録",
	"totp.off":              "認証アプリの解除",
	"signin.staff":          "職員のサインイン",
	"card.new":              "新しい受講カード",
	"person.find":           "受講者の検索",
	"person.open":           "受講者の内容の表示",
	"person.change":         "受講者の内容の変更",
	"person.erase":          "アカウントの削除",
	"person.duplicates":     "重複候補の表示",
	"person.different":      "重複候補を別の人とした",
	"person.merge":          "ふたつの登録をまとめた",
	"person.export":         "本人の記録の書き出し",
	"helpline.add":          "相談窓口の追加",
	"helpline.set":          "相談窓口の変更",
	"helpline.remove":       "相談窓口の削除",
	"place.add":             "つながり先の追加",
	"place.set":             "つながり先の変更",
	"place.remove":          "つながり先の削除",
	"denominator.set":       "人口の入力",
	"denominator.remove":    "人口の取り消し",
	"separate.add":          "別途報告の追加",
	"separate.set":          "別途報告の変更",
	"separate.remove":       "別途報告の削除",
	"mailing.on":            "毎月のメールの開始",
	"mailing.off":           "毎月のメールの終わり",
	"municipality.show":     "町の数字の公開",
	"municipality.hide":     "町の数字の公開の終わり",
	"token.new":             "APIトークンの作成",
	"token.revoke":          "APIトークンの取り消し",
	"contact.list":          "連絡を受け取る人の名簿の閲覧",
	"certificate.print":     "修了証の印刷",
	"certificate.reissue":   "修了証の差し替え",
	"certificate.revoke":    "修了証の取り消し",
	"certificate.register":  "交付台帳の書き出し",
	"correction.accept":     "訂正の受け付け",
	"correction.refuse":     "訂正の見送り",
	"issuer.add":            "発行者の追加",
	"issuer.set":            "発行者の変更",
	"issuer.profile":        "発行者の表記の変更",
	"quiz.regrade":          "採点のやり直し",
	"attempt.regrade":       "採点のやり直しによる変更",
	"completion.by_trainer": "講師による修了",
	"completion.withdraw":   "修了の取り消し",
	"person.enter":          "受講者の代行入力",
	"class.add":             "開催の追加",
	"class.set":             "開催の変更",
	"class.cancel":          "開催の中止",
	"class.door":            "参加の受付の開け閉め",
	"class.certificates":    "教室の修了証の印刷",
	"class.report":          "実施報告の保存",
	"seat.add":              "教室への代行入力",
	"seat.remove":           "席の取り消し",
	"seat.restore":          "席の取り消しをもどした",
	"seat.attendance":       "出欠の記録",
	"seat.sheet":            "ふり返りシートの記録",
	"seat.paper":            "紙の答えの入力",
	"course.new":            "講座の作成",
	"course.copy":           "講座の写し",
	"course.import":         "講座の取りこみ",
	"course.medium.remove":  "写真・音声・資料の削除",
	"course.publish":        "講座の公開",
	"course.restart":        "講座の下書きのやり直し",
	"course.share":          "講座を分け合う",
	"course.unshare":        "講座の分け合いの終わり",
	"course.archive":        "講座の受付の終わり",
	"course.unarchive":      "講座の受付の再開",
}

// ActLabel is the act in Japanese, or the act itself when it has no name yet.
func ActLabel(act string) string {
	if name, ok := acts[act]; ok {
		return name
	}
	return act
}

// Label is the entry's act in Japanese.
func (e *Entry) Label() string { return ActLabel(e.Act) }

// Audit writes down, in the transaction of the act itself, who did what to whom,
// and the reason that they gave.
func Audit(tx *gorm.DB, actor, act, subject, detail, why string) error {
	id, err := uuid.NewV7() // in the order of writing, also within one microsecond
	if err != nil {
		return err
	}
	return tx.Create(&Entry{
		ID: id.String(), At: tx.NowFunc(), ActorID: actor, Act: act, SubjectID: subject, Detail: detail, Why: why,
	}).Error
}

// AuditQuery says which part of the record is wanted; the zero value is the
// newest part of all of it.
type AuditQuery struct {
	Actor   string `query:"actor"`
	Subject string `query:"subject"`
	Act     string `query:"act"`
	Before  string `query:"before"` // id of the last entry of the page before
}

const auditPage = 50

// AuditLog is a page of the record, the newest first. next is the Before of the
// page that follows, "" on the last one. An unknown Before is storage.ErrNotFound.
func (a *Accounts) AuditLog(ctx context.Context, q AuditQuery) (list []Entry, next string, err error) {
	tx := a.db.Read(ctx)
	find := tx.Order("at DESC, id DESC").Limit(auditPage + 1)
	for column, value := range map[string]string{"actor_id": q.Actor, "subject_id": q.Subject, "act": q.Act} {
		if value != "" {
			find = find.Where(column+" = ?", value)
		}
	}
	if q.Before != "" {
		var last Entry
		if err := tx.Where("id = ?", q.Before).Take(&last).Error; err != nil {
			return nil, "", err
		}
		find = find.Where("at < ? OR (at = ? AND id < ?)", last.At, last.At, last.ID)
	}
	if err := find.Find(&list).Error; err != nil {
		return nil, "", err
	}
	if len(list) > auditPage {
		list = list[:auditPage]
		next = list[auditPage-1].ID
	}
	return list, next, nameEntries(tx, list)
}

// NamesOf are the people with these ids as they are called today; the erased have none.
func NamesOf(tx *gorm.DB, ids ...string) (map[string]string, error) {
	names := map[string]string{Shell().AccountID: "このコンピューターの管理者"}
	var people []Account
	err := tx.Where("id IN ?", ids).Find(&people).Error
	for _, p := range people {
		names[p.ID] = p.Name()
	}
	return names, err
}

// nameEntries adds the names of people and posts, as they are called today.
func nameEntries(tx *gorm.DB, list []Entry) error {
	var ids []string
	for _, e := range list {
		ids = append(ids, e.ActorID, e.SubjectID)
	}
	names, err := NamesOf(tx, ids...)
	if err != nil {
		return err
	}
	var posts []Post
	if err := tx.Where("id IN ?", ids).Find(&posts).Error; err != nil {
		return err
	}
	for _, p := range posts {
		names[p.ID] = p.Name
	}
	for i := range list {
		list[i].ActorName, list[i].SubjectName = names[list[i].ActorID], names[list[i].SubjectID]
	}
	return nil
}

// found says whether a query found its row; other errors stay.
func found(err error) (bool, error) {
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}
