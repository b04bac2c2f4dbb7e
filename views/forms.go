package views

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// parse reads the form or JSON body into an input struct whose fields all have a
// `form` tag: Fiber binds untagged fields by their Go names. What is wrong with
// the values is the domain's to say.
func parse(c *fiber.Ctx, in any) error {
	if err := c.BodyParser(in); err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}

// local is to when it is a path of this site, else otherwise: a form never leads
// to another site.
func local(to, otherwise string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return otherwise
	}
	return to
}

func (s *site) setCookie(c *fiber.Ctx, name, value string, keep time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(keep / time.Second),
		HTTPOnly: true, Secure: s.https, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func (s *site) dropCookie(c *fiber.Ctx, name string) {
	c.Cookie(&fiber.Cookie{
		Name: name, Path: "/", Expires: time.Unix(1, 0),
		HTTPOnly: true, Secure: s.https, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// Flash names a sentence that the next page says once. The cookie holds the name
// only, so it can neither carry a person's data nor be made to say anything else.
type Flash string

const flashCookie = "flash"

const (
	flashNone      Flash = ""
	flashSaved     Flash = "saved"
	flashReport    Flash = "report"
	flashCardKept  Flash = "card-kept"
	flashCardLater Flash = "card-later"
	flashSignedOut Flash = "signed-out"
	flashGuestOut  Flash = "guest-out"
	flashStaffOut  Flash = "staff-out"
	flashAsked     Flash = "asked"
	flashBrought   Flash = "brought"
	flashDifferent Flash = "different"

	flashEmail        Flash = "email"
	flashNoEmail      Flash = "no-email"
	flashSessionEnded Flash = "session-ended"
	flashContact      Flash = "contact"
	flashNoContact    Flash = "no-contact"

	flashSetUp        Flash = "set-up"
	flashWelcome      Flash = "welcome"
	flashPassword     Flash = "password"
	flashApp          Flash = "app"
	flashNoApp        Flash = "no-app"
	flashPostAdded    Flash = "post-added"
	flashPostEnded    Flash = "post-ended"
	flashUninvited    Flash = "uninvited"
	flashMemberEnded  Flash = "member-ended"
	flashIssuerAdded  Flash = "issuer-added"
	flashProfileAdded Flash = "profile-added"
	flashRemoved      Flash = "removed"
	flashCorrected    Flash = "corrected"
	flashDeclined     Flash = "declined"
	flashRevoked      Flash = "revoked"
	flashRegraded     Flash = "regraded"

	flashClassAdded         Flash = "class-added"
	flashClassCancelled     Flash = "class-cancelled"
	flashDoorOpen           Flash = "door-open"
	flashDoorClosed         Flash = "door-closed"
	flashJoined             Flash = "joined"
	flashLeft               Flash = "left"
	flashEntered            Flash = "entered"
	flashListed             Flash = "listed"
	flashNobodyNew          Flash = "nobody-new"
	flashSeatRemoved        Flash = "seat-removed"
	flashSeatRestored       Flash = "seat-restored"
	flashGranted            Flash = "granted"
	flashWithdrawn          Flash = "withdrawn"
	flashAllMarked          Flash = "all-marked"
	flashPaper              Flash = "paper"
	flashAdded              Flash = "added"
	flashCopied             Flash = "copied"
	flashArchived           Flash = "archived"
	flashUnarchived         Flash = "unarchived"
	flashRestored           Flash = "restored"
	flashCourseAdded        Flash = "course-added"
	flashCourseCopied       Flash = "course-copied"
	flashPublished          Flash = "published"
	flashUnchanged          Flash = "unchanged"
	flashRestarted          Flash = "restarted"
	flashClosed             Flash = "closed"
	flashOpened             Flash = "opened"
	flashShared             Flash = "shared"
	flashUnshared           Flash = "unshared"
	flashPictureCleaned     Flash = "picture-cleaned"
	flashPackage            Flash = "package"
	flashQuestionUnfinished Flash = "question-unfinished"
	flashTaken              Flash = "taken"
	flashImported           Flash = "imported"

	flashShown  Flash = "shown"
	flashHidden Flash = "hidden"

	flashTokenRevoked Flash = "token-revoked"
	flashInquiry      Flash = "inquiry"
	flashInquirySame  Flash = "inquiry-same"
	flashMailOn       Flash = "mail-on"
	flashMailOff      Flash = "mail-off"
	flashPlacesTaken  Flash = "places-taken"
)

// flashes are the sentences; a test finds a Flash that has none.
var flashes = map[Flash]string{
	flashSaved:        "保存しました。",
	flashReport:       "実施報告書を保存しました。ExcelとPDFで受け取れます。",
	flashCardKept:     "受講カードを残していただきました。この番号と合言葉で、いつでも続けられます。",
	flashCardLater:    "つぎにカードのページを開くと、新しい合言葉が出ます。忘れずに残してください。",
	flashInquiry:      "照会様式の内容を保存しました。",
	flashInquirySame:  "照会様式の内容は、もう入っているものと同じでした。何も変わっていません。",
	flashMailOn:       "毎月のメールを始めます。つぎの月のしめ切りのあとから届きます。",
	flashMailOff:      "毎月のメールをやめました。",
	flashSetUp:        "はじめの設定が終わりました。このあと、係の人を招待したり、発行者を決めたりできます。",
	flashWelcome:      "パスワードを決めました。メールアドレスとパスワードで、お入りください。",
	flashPassword:     "パスワードを変えました。",
	flashApp:          "認証アプリを登録しました。つぎからは、アプリに出る6けたの数字で入れます。",
	flashNoApp:        "認証アプリをやめました。つぎからは、確認コードが係のメールに届きます。",
	flashPostAdded:    "係を増やしました。つぎに、この係の人を招待してください。",
	flashPostEnded:    "係を終わりにしました。",
	flashUninvited:    "招待を取り消しました。",
	flashIssuerAdded:  "発行者を増やしました。つぎに、修了証での書き方を決めてください。",
	flashProfileAdded: "発行者の書き方を決めました。待っていた修了証があれば、これで発行されます。",
	flashRemoved:      "消しました。",
	flashCorrected:    "お名前を直しました。有効な修了証は、新しい番号に差し替わっています。",
	flashDeclined:     "お名前は直さずに、返事をお知らせしました。",
	flashRegraded:     "採点をやり直しました。わけと、変わったことは、記録に残っています。",
	flashRevoked:      "修了証を取り消しました。",
	flashMemberEnded:  "係を離れる手続きが終わりました。",

	flashClassAdded:         "開催ができました。参加の番号を、ポスターや画面で伝えてください。",
	flashClassCancelled:     "この開催を中止にしました。参加の番号のページに、中止と出ます。",
	flashDoorOpen:           "参加の受付を開けました。",
	flashDoorClosed:         "参加の受付を閉じました。",
	flashJoined:             "席が取れました。",
	flashLeft:               "席を取り消しました。もう一度参加すると、もとの席にもどります。",
	flashListed:             "名簿の方を入れました。受講カードを印刷できます。",
	flashNobodyNew:          "新しい方はいませんでした。何も変わっていません。",
	flashEntered:            "名簿に入れました。つづけて、つぎの方を入れられます。",
	flashSeatRemoved:        "席を取り消しました。名簿の下から、もどせます。",
	flashSeatRestored:       "席をもどしました。",
	flashGranted:            "修了にしました。わけは、記録に残ります。",
	flashWithdrawn:          "修了を取り消しました。修了証も取り消されています。出席の記録を、入れ直してください。",
	flashAllMarked:          "まとめて記録しました。ちがう方だけ、直してください。",
	flashPaper:              "紙の答えを受け取りました。",
	flashAdded:              "増やしました。",
	flashCopied:             "写しました。",
	flashArchived:           "しまいました。「しまったもの」から戻せます。",
	flashUnarchived:         "戻しました。",
	flashRestored:           "前の文にもどしました。",
	flashCourseAdded:        "下書きを作りました。つぎに、レッスンを開いて書き始めてください。",
	flashCourseCopied:       "写しました。あなたの下書きです。自由に直してください。",
	flashPublished:          "公開しました。受講者に、新しい版が見えています。",
	flashUnchanged:          "いまの版と同じ内容なので、新しい版は作りませんでした。",
	flashRestarted:          "いまの版から、下書きを作り直しました。",
	flashClosed:             "受付を終えました。もう始めている方は、最後まで進めます。",
	flashOpened:             "受付を再開しました。",
	flashShared:             "いっしょに書けるようにしました。",
	flashUnshared:           "はずしました。",
	flashPictureCleaned:     "増やしました。使えない部分（動きや、ほかのサイトへのつながりなど）は外しました。見た目を確かめてください。",
	flashPackage:            "取りこみました。内容を確かめてください。",
	flashQuestionUnfinished: "保存しました。まだ足りないところがあります。",
	flashTaken:              "選んだ問題を入れました。",
	flashImported:           "問題を入れました。答えを読めるレッスンと、使うところを、たしかめてください。",

	flashShown:  "公開しました。公開ページで、だれでも見られます。",
	flashHidden: "公開をやめました。",

	flashPlacesTaken:  "ファイルのとおりに、一覧を直しました。",
	flashTokenRevoked: "トークンを取り消しました。もう使えません。",

	flashBrought:      "さきほどまでの分も、あわせました。",
	flashDifferent:    "別の人として、候補から外しました。",
	flashAsked:        "お名前の直しの申し出を受け取りました。窓口が確かめますので、お待ちください。",
	flashEmail:        "メールアドレスを登録しました。",
	flashNoEmail:      "メールアドレスを消しました。",
	flashSessionEnded: "出ました。もう、そこからは見られません。",
	flashContact:      "町からの連絡を、受け取ることになりました。いつでも、ここでやめられます。",
	flashNoContact:    "連絡を受け取るのをやめました。連絡先は消えています。",
	flashSignedOut:    "出ました。つづきは、受講カードで入れます。",
	flashGuestOut:     "出ました。また読みたくなったら、いつでも、はじめから読めます。",
	flashStaffOut:     "出ました。つぎは、ページの下の「職員の方」からお入りください。",
}

func (s *site) setFlash(c *fiber.Ctx, f Flash) {
	if f != flashNone {
		s.setCookie(c, flashCookie, string(f), time.Minute)
	}
}

func (s *site) takeFlash(c *fiber.Ctx) string {
	f := c.Cookies(flashCookie)
	if f == "" {
		return ""
	}
	s.dropCookie(c, flashCookie)
	return flashes[Flash(f)]
}
