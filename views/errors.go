package views

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/courses/counts"
	"tsunagari/quiz"
	"tsunagari/storage"
)

// notFound is said of what is not there and of what somebody else may see alike.
const notFound = "アドレスがちがうか、ご本人だけが見られるページのようです。"

// Errors that arise in this room.
var (
	errUnreadable  = errors.New("views: the request's body cannot be read")
	errForeign     = errors.New("views: the request comes from another site")
	errSignedOut   = errors.New("views: the session has ended")
	errNoNumber    = errors.New("views: not a certificate number")
	errNotSure     = errors.New("views: deleting was not confirmed")
	errNoTown      = errors.New("views: no municipality was chosen")
	errNoPlaces    = errors.New("views: no file of places was chosen")
	errNoWhy       = errors.New("views: the reason is missing")
	errOldPassword = errors.New("views: the password is not the person's own")
	errAppCode     = errors.New("views: not the app's code")
	errNoInquiry   = errors.New("views: no form that came back was sent")
	errTooLarge    = fiber.ErrRequestEntityTooLarge
)

// answer is what a person gets for an error: the status, the field it belongs to
// ("" for the whole form) and the sentence.
type answer struct {
	is     error
	status int
	field  string
	say    string
}

// answers is the one table from an error of a domain to what is said. The first
// match counts. A test finds exported errors that are missing here.
var answers = []answer{
	{storage.ErrUnavailable, 503, "", "ただいま混み合っているか、点検中です。入力したものは、まだ送られていません。しばらくしてから、もう一度お試しください。"},
	{context.DeadlineExceeded, 503, "", "時間がかかりすぎたため、いったん止めました。しばらくしてから、もう一度お試しください。"},
	{storage.ErrNotFound, 404, "", notFound},
	{storage.ErrConflict, 409, "", "ほかの画面で先に変わったようです。いまの内容を確かめて、もう一度お試しください。"},
	{storage.ErrOperationReused, 409, "", "このボタンは、もう一度押されたようです。先に送られた内容が残っています。内容を確かめて、必要ならもう一度送ってください。"},

	{accounts.ErrWrongCard, 422, "words", "番号と合言葉の組み合わせが、ちがうようです。カードを見ながら、もう一度入れてください。"},
	{accounts.ErrNumber, 422, "number", "番号は8けたの数字です。数字がひとつちがうか、足りないようです。カードを見て、入れ直してください。"},
	{accounts.ErrOldCard, 410, "", "このカードは、新しいカードに替わっています。新しいカードをお使いください。お手元にないときは、お電話ください。"},
	{accounts.ErrMergedCard, 410, "", "この番号は、ほかの番号とまとめられました。まとめたほうの受講カードでお入りください。お手元にないときは、窓口かお電話でおたずねください。進み具合は、そのまま残っています。"},
	{accounts.ErrRegistered, 409, "", "もう登録が終わっています。「つづきから」で進んでください。"},
	{accounts.ErrNoCard, 409, "", "受講カードは、お名前を登録すると受け取れます。「はじめる」から登録してください。"},
	{accounts.ErrWrongCode, 422, "code", "数字がちがうようです。届いた6けたの数字を、もう一度入れてください。"},
	{accounts.ErrCodeExpired, 410, "", "確認コードの時間が過ぎたか、もう使えなくなりました。お手数ですが、はじめからやり直してください。"},
	{accounts.ErrWrongPassword, 422, "password", "メールアドレスとパスワードの組み合わせが、ちがうようです。もう一度入れてください。"},
	{accounts.ErrNoPost, 403, "", "いま、どの係にも入っていないため、職員のページは使えません。管理者か、係の方にお知らせください。"},
	{accounts.ErrWeakPassword, 422, "password", "このパスワードは、短いか、人に当てられやすいものです。12文字以上で、お名前や、よくある言葉のほかのものにしてください。"},
	{accounts.ErrEmailTaken, 409, "email", "このメールアドレスは、ほかの人がサインインに使っています。"},
	{accounts.ErrInvitation, 410, "", "このリンクは、もう使えません。使い終わったか、日にちが過ぎています。招待した人に、新しいリンクをたのんでください。"},
	{accounts.ErrNoName, 422, "family_name", "はじめての方は、お名前を入力してください。"},
	{accounts.ErrPostArea, 422, "municipalities", "市町村をひとつ以上選んでください。"},
	{accounts.ErrPostEnded, 409, "", "この係は、もう終わっています。"},
	{accounts.ErrLastAdmin, 409, "", "管理者が、ひとりもいなくなってしまいます。先に、ほかの人を管理者の係に招待してください。"},
	{accounts.ErrHomePrefecture, 422, "residence", "この都道府県にお住まいの方は、市町村を選んでください。"},
	{accounts.ErrBureau, 422, "bureau", "振興局は、都道府県が北海道のときだけ選べます。"},
	{accounts.ErrSetUp, 410, "", "はじめの設定は、もう終わっています。ページの下の「職員の方」からお入りください。"},
	{accounts.ErrSetupToken, 410, "", "このリンクは使えません。プログラムを動かしている画面に出ている、新しいリンクを開いてください。"},
	{accounts.ErrNoEnrolment, 409, "", "認証アプリの登録を、はじめからやり直してください。"},
	{accounts.ErrNotRegistered, 409, "", "お名前を登録すると、使えるようになります。「はじめる」から登録してください。"},
	{accounts.ErrNoTown, 409, "", "町からの連絡は、この都道府県の市町村にお住まいの方だけが受け取れます。"},
	{accounts.ErrFuture, 422, "confirmed_on", "確認日が、これからの日になっています。"},
	{accounts.ErrPlaceHeader, 422, "file", "「種類」と「名前」の列が見つかりません。一覧をファイルで受け取ると、列の見本になります。"},
	{accounts.ErrPlaceRows, 422, "file", "直すところがあるため、まだ何も入れていません。ファイルを直して、もう一度選んでください。"},
	{accounts.ErrPlaceTown, 422, "municipality", "ほかの市町村の行です。この町の一覧には入れられません。"},
	{accounts.ErrPlaceNumber, 422, "number", "この番号のところは、この町の一覧にありません。新しく増やすときは、番号を空けてください。"},
	{accounts.ErrPlaceTwice, 422, "name", "同じところが、前の行にもあります。どちらかを消してください。"},
	{accounts.ErrPlaceDays, 422, "opens", "曜日は「月・水・金」か「毎日」「平日」のように書いてください。毎週でないときは空けて、時間のらんに書いてください。"},
	{accounts.ErrCode, 422, "municipality", "市町村を選んでください。"},
	{accounts.ErrPeople, 422, "people", "人口には、1人からの数を入れてください。例：16,707"},
	{accounts.ErrCountedOn, 422, "counted_on", "いつの人口かを、2015年から今日までの日で入れてください。"},
	{accounts.ErrCountedThen, 409, "counted_on", "この日の人口は、もう入っています。下の一覧の「直す」から直してください。"},
	{accounts.ErrToken, 401, "", "このAPIトークンは使えません。取り消されたか、係が終わっています。"},
	{accounts.ErrTokenArea, 422, "municipalities", "係が受けもつ市町村の中から選んでください。"},
	{quiz.ErrIncomplete, 422, "question", "まだ答えていないところがあります。すべて選んでから、「答えをきめる」を押してください。"},
	{quiz.ErrConfirmed, 409, "", "この答えは、もう決まっています。"},
	{quiz.ErrNotAnswered, 409, "", "まだ答えていない問いがあります。答えてから送ってください。"},
	{quiz.ErrClosingNotOpen, 409, "", "まとめの確認は、ほかのレッスンと確認がすべて終わると開きます。講座のページで、のこりを見てください。"},
	{courses.ErrRegisterFirst, 403, "", "ここからは、お名前の登録が必要です。「はじめる」から登録してください。"},
	{courses.ErrArchived, 410, "", "この講座は、新しい受付を終えています。ほかの講座をお選びください。"},
	{courses.ErrFaults, 422, "", "直すところが残っているため、まだ公開できません。"},
	{courses.ErrNoAlternative, 422, "alt", "見えない人にも伝わるように、何が写っているかを10文字以上で書いてください。話に関わりのない絵なら「飾りの絵」にしるしを付けます。"},
	{courses.ErrNoTitle, 422, "alt", "音声や資料の題を書いてください。例：白鳥さんのお話"},
	{courses.ErrNoTranscript, 422, "text", "音声の「文字の版」を書いてください。聞こえない人、いま音を出せない人が読みます。"},
	{courses.ErrMediaFull, 422, "file", "この講座の写真・音声・資料が、合わせて24MBになりました。使わないものを消すか、小さくしてから送ってください。"},
	{courses.ErrMediumUsed, 409, "", "まだ使っているレッスンがあるため、消せません。先に、レッスンの文から外してください。"},
	{courses.ErrFull, 422, "", "これ以上は増やせません。使わないものを、しまってください。"},
	{courses.ErrNoQuestions, 422, "", "入れられる問題が、ひとつもありません。下の「見てほしいところ」を直してください。"},
	{counts.ErrDay, 422, "month", "月は、2026-11のように、今月までの月で指定してください。"},
	{counts.ErrAttended, 422, "attended", "人数には、1人からの数を入れてください。例：24"},
	{counts.ErrHeldOn, 422, "held_on", "開催日は、2015年から今日までの日で入れてください。"},
	{counts.ErrSeparateThere, 409, "class_name", "同じ日の、同じ名前の教室が、もう入っています。一覧の「直す」から直してください。"},
	{errNoInquiry, 422, "file", "書いてもらった照会様式のファイルを選んでください。"},
	{errNoFile, 422, "file", "ファイルを選ぶか、下に問題の文をはってください。"},
	{errNoList, 422, "file", "名簿のファイルを選んでください。"},
	{errNoHeader, 422, "file", "このファイルからは、だれも読めませんでした。下の形に直して、もう一度選んでください。"},
	{accounts.ErrNobody, 422, "", "だれも選ばれていません。"},
	{accounts.ErrCardsMade, 409, "", "この用紙は、もう作りました。合言葉はもう一度出せません。用紙をなくしたときは、しるしを確かめて、もう一度「作って、受け取る」を押してください。前のカードは使えなくなります。"},
	{accounts.ErrManyCards, 422, "", "一度に作れる受講カードは50人分までです。しるしを減らしてください。"},
	{errLargeFile, 422, "file", "ファイルが大きすぎます（16MBまで）。いくつかのファイルに分けてください。"},
	{errNoFormat, 422, "format", "ファイルの形が見分けられませんでした。形を選んで、もう一度読んでください。ワードやPDFの文書は読めません。文を写して、上の「問題の文をはる」に入れてください。"},
	{errKeptBroken, 422, "file", "ファイルの中身が、とちゅうで失われました。もう一度、ファイルを選んでください。"},
	{courses.ErrParentArchived, 409, "", "単元がしまってあるため、戻せません。先に単元を戻してください。"},
	{courses.ErrGoals, 422, "easy_goals", "やさしい日本語の学習目標を、ふつうの学習目標と同じ数の行にしてください。"},
	{courses.ErrTerms, 422, "terms", "一行に、言葉とよみを、間を空けて書いてください。例：孤独　こどく"},
	{courses.ErrQuota, 422, "quota_tags", "内わけは、一行に、しるしと問題の数を、間を空けて書いてください。例：電話　2"},
	{courses.ErrSlug, 422, "slug", "アドレスの終わりには、半角の小文字・数字・「-」を使ってください。例：mimamori"},
	{courses.ErrSlugKept, 409, "slug", "公開した講座のアドレスは、変えられません。"},
	{courses.ErrQuestionNumber, 422, "", "答えと幅のところには、数を入れてください。例：65"},
	{courses.ErrQuestionWeight, 422, "", "点のところには、100までの数を入れてください。"},
	{courses.ErrExample, 422, "text", "問いの文が、例のままです。書きかえてください。"},
	{courses.ErrSlugTaken, 409, "slug", "このアドレスは、ほかの講座が使っています。別の文字にしてください。"},

	{classes.ErrBackwards, 422, "ends_at", "終わりの時刻が、始まりより前になっています。"},
	{classes.ErrDate, 422, "held_on", "開催日は、10年前から2年先までの日にしてください。"},
	{classes.ErrHost, 422, "host", "開催地の市町村を選んでください。"},
	{classes.ErrHelper, 422, "helpers", "いっしょに受けもてるのは、講師の係にいる方だけです。選び直してください。"},
	{classes.ErrCompleted, 409, "", "もう修了した方がいるため、開催日・開催地・主催は変えられず、中止にもできません。修了証に書かれているからです。"},
	{classes.ErrCancelled, 409, "", "この教室は、中止になりました。"},
	{classes.ErrNoWhy, 422, "why", "わけを入力してください。"},
	{classes.ErrTooEarly, 409, "", "まだ開催日になっていません。出席やシートは、当日から記録できます。"},
	{classes.ErrFinished, 409, "", "この方は、この教室で修了しています。直すときは、先に、その方のページで「修了を取り消す」を押してください。"},
	{classes.ErrLeftFirst, 422, "left_at", "早退の時刻が、遅刻の時刻より前になっています。"},
	{classes.ErrNoCode, 422, "code", "この番号の教室はありません。講師の画面や紙にある6けたの数字を、もう一度入れてください。"},
	{classes.ErrClosed, 409, "", "この教室の参加の受付は、終わりました。会場にいる方は、講師にお話しください。"},
	{classes.ErrFull, 409, "", "この教室は、席がいっぱいになりました。会場にいる方は、講師にお話しください。"},
	{classes.ErrRemoved, 409, "", "あなたの席は、講師が取り消しています。まちがいのときは、講師にお話しください。"},
	{classes.ErrNotHere, 422, "shown", "会場の画面に、いま出ている4けたの数字を入れてください。数字は、1分ごとに変わります。"},
	{classes.ErrSeatKept, 409, "", "出席が記録されている席は、取り消せません。先に、出席の記録をもどしてください。"},
	{classes.ErrNotThere, 409, "", "出席していない方は、修了にできません。先に、出席を記録してください。"},
	{classes.ErrUnknown, 422, "number", "番号とふりがなの組み合わせが、ちがうようです。受講カードを見て、もう一度入れてください。"},
	{classes.ErrCounts, 422, "", "人数は、0人から1000人までで入れてください。"},

	{certificates.ErrNotValid, 409, "", "この修了証は、もう差し替えられたか、取り消されています。いまの状態を確かめてください。"},
	{certificates.ErrSameName, 422, "", "いまの修了証と同じお名前です。直すところを変えてください。"},
	{certificates.ErrNoReason, 422, "reason", "理由を入力してください。"},
	{certificates.ErrDecided, 409, "", "この申し出は、ほかの人が先に答えています。"},
	{certificates.ErrErased, 410, "", "この方の記録は消されています。印刷できるものは残っていません。"},
	{certificates.ErrNoMunicipality, 422, "municipality", "市町村を選んでください。"},
	{certificates.ErrIssuerExists, 409, "", "この発行者は、もうあります。"},
	{certificates.ErrBackwards, 422, "until_on", "終わりの日が、始まりの日より前になっています。"},
	{certificates.ErrSealPicture, 422, "seal_picture", "印影の画像は、PNGかJPEGで、1MBまで、たてよこ2000ピクセルまでにしてください。"},
	{errNoNumber, 422, "number", "修了証の番号の形になっていません。修了証の右上の「第」と「号」の間を、そのまま入力してください。例：R8-001-0001"},

	{certificates.ErrStale, 409, "", "ほかの人が先に変えたようです。いまの内容を確かめて、もう一度お試しください。"},

	{errNoSeat, 422, "seats", "修了とする方を選んでください。"},
	{errNobody, 409, "", "まだ、印刷するものがありません。名簿で、出席や修了を確かめてください。"},
	{errUnreadable, 400, "", "送られた内容を読み取れませんでした。前のページに戻って、もう一度お試しください。"},
	{errNotSure, 422, "sure", "すべて消してよいときは、しるしを付けてください。"},
	{errNoTown, 422, "town", "市町村を選んでください。"},
	{errNoPlaces, 422, "file", "ファイルを選んでください。"},
	{errNoWhy, 422, "why", "わけを入力してください。記録に残ります。"},
	{errOldPassword, 422, "old_password", "いまのパスワードが、ちがうようです。"},
	{errAppCode, 422, "code", "数字がちがうか、時間がたっています。アプリに新しいQRコードを読みとらせて、もう一度入れてください。"},
	{errForeign, 403, "", "ほかのサイトから送られたようなので、受け付けませんでした。このサイトのページを開いて、もう一度お試しください。"},
	{errSignedOut, 401, "", "しばらく使われなかったため、つながりが切れました。「つづきから」で入り直してから、前のページに戻って送ってください。"},
	{errTooLarge, 413, "", "送られたものが大きすぎます。小さくして、もう一度お試しください。"},
}

// find is the table's answer for err.
func find(err error) (answer, bool) {
	if a, ok := told(err); ok {
		return a, true
	}
	for _, a := range answers {
		if errors.Is(err, a.is) {
			return a, true
		}
	}
	var fe *fiber.Error
	if errors.As(err, &fe) {
		return answerStatus(fe.Code), true
	}
	return answer{}, false
}

// answerStatus is the answer for an error that the web server itself found.
func answerStatus(status int) answer {
	switch {
	case status == 404, status == 405:
		return answer{status: status, say: notFound}
	case status == 429:
		return answer{status: status, say: "短い時間に何度も送られたため、少しお待ちいただいています。1分ほどたってから、もう一度お試しください。"}
	case status >= 400 && status < 500:
		return answer{status: status, say: "送られた内容を読み取れませんでした。前のページに戻って、もう一度お試しください。"}
	}
	return answer{status: status, say: "こちらの不具合です。ご迷惑をおかけします。しばらくしてから、もう一度お試しください。"}
}

// Faults are what was wrong with a form, in the order of its fields.
type Faults []FieldFault

// FieldFault is the sentence for one field; "" is the whole form.
type FieldFault struct{ Field, Say string }

// faultsOf says how a form that failed with err is shown again. ok is false for an
// error that no form can mend. Errors that were joined are said together.
func faultsOf(err error) (status int, faults Faults, ok bool) {
	joined, several := err.(interface{ Unwrap() []error })
	if !several {
		return faultsOfOne(err)
	}
	for _, part := range joined.Unwrap() {
		of, more, ok := faultsOf(part)
		if !ok { // a reason for us to read, not for the form: the error speaks as one
			return faultsOfOne(err)
		}
		status, faults = max(status, of), append(faults, more...)
	}
	return status, faults, true
}

func faultsOfOne(err error) (status int, faults Faults, ok bool) {
	var invalid validator.ValidationErrors
	if errors.As(err, &invalid) {
		for _, fe := range invalid {
			say := sentence(fe.Field(), fe.Tag(), fe.Param())
			if fe.Tag() == "printable" {
				say = unprintable(fmt.Sprint(fe.Value()))
			}
			faults = append(faults, FieldFault{fe.Field(), say})
		}
		return 422, faults, true
	}
	a, found := find(err)
	switch {
	case !found, a.status == 404, a.status == 403, a.status == 401, a.status == 500:
		return 0, nil, false
	}
	return a.status, Faults{{a.field, a.say}}, true
}

// labels are what the fields are called in a sentence.
var labels = map[string]string{
	"family_name": "姓", "given_name": "名", "family_kana": "せい（ふりがな）", "given_kana": "めい（ふりがな）",
	"printed_name": "証に載せる表記", "residence": "お住まいの市町村", "age_band": "年代", "email": "メールアドレス",
	"number": "番号", "words": "合言葉", "code": "6けたの数字",
	"password": "パスワード", "old_password": "いまのパスワード", "name": "名前", "address": "住所", "phone": "電話番号", "fax": "FAX番号",
	"hours": "時間", "opens": "曜日", "prefecture": "都道府県", "area": "地域の呼び名", "office_email": "係のメールアドレス", "role": "役割",
	"confirmed_on": "確認日", "for_whom": "どんな人のため", "kind": "種類", "from_on": "始まりの日", "until_on": "終わりの日",
	"office": "職名", "person": "首長などの氏名", "approved_on": "承認日", "document": "文書番号", "approved_by": "承認者",
	"seal": "印", "seal_approved_on": "印影の承認日", "seal_document": "印影の文書番号", "seal_approved_by": "印影の承認者",
	"idiom": "文面", "register_years": "残す年数",
	"purpose": "使いみち", "post": "係",
	"class_name": "講座・教室の名前", "attended": "人数",
	"people": "人口", "counted_on": "いつの人口か", "source": "出典",
	"kana": "ふりがな", "begun": "はじめた月", "municipality": "市町村", "reason": "わけ", "why": "わけ",
	"held_on": "開催日", "starts_at": "始まりの時刻", "ends_at": "終わりの時刻", "hall": "会場", "host": "開催地の市町村",
	"host_name": "主催", "seats": "定員", "helpers": "いっしょに受けもつ人", "rule": "修了のきまり",
	"report_office": "自治体名・事務局名", "reported_on": "報告日", "cohost": "共催", "audience": "受講者区分", "group_name": "団体名",
	"trainers": "講師氏名", "materials": "使用教材", "cards": "配布したカード枚数", "survey": "アンケート結果", "remarks": "特記事項",
	"late_at": "遅刻の時刻", "left_at": "早退の時刻", "attendance": "出席",
	"title": "題", "alt": "説明", "minutes": "時間", "check": "問題の数", "text": "問いの文", "summary": "紹介", "body": "文",
	"closing_questions": "問題の数", "closing_minutes": "時間", "closing_pass": "割合", "question": "問題", "account": "講師",
	"note": "伝えたいこと", "how": "受け取り方", "contact": "連絡先",
}

// sentence says what to do about a rule that a field breaks. The tag is the
// validator's, param its parameter.
func sentence(field, tag, param string) string {
	label := labels[field]
	if label == "" {
		label = "ここ"
	}
	switch {
	case field == "consent":
		return "同意のところに、しるしを付けてください。同意なしで読むこともできます。"
	case field == "sure":
		return "同じ方だと確かめたら、しるしを付けてください。"
	case field == "seats":
		return "定員は、1人から500人までで入れてください。"
	case tag == "datetime" && param == "15:04":
		return fmt.Sprintf("%sを、13:30のように入れてください。", label)
	case field == "minutes", field == "check", strings.HasPrefix(field, "closing_"):
		return fmt.Sprintf("%sに入れる数を確かめてください。", label)
	case tag == "required" && field == "account":
		return "講師を選んでください。"
	case tag == "required" && (field == "residence" || field == "age_band" || field == "how" || field == "host" || field == "rule" || field == "municipality"):
		return fmt.Sprintf("%sを選んでください。", label)
	}
	switch tag {
	case "required", "required_if", "required_unless", "required_with", "required_without":
		return fmt.Sprintf("%sを入力してください。", label)
	case "max", "lte":
		return fmt.Sprintf("%sは%s文字までで入力してください。", label, param)
	case "min", "gte":
		return fmt.Sprintf("%sは%s文字以上で入力してください。", label, param)
	case "len":
		return fmt.Sprintf("%sは%s文字で入力してください。", label, param)
	case "oneof":
		return fmt.Sprintf("%sを、並んでいる中から選んでください。", label)
	case "name":
		return fmt.Sprintf("%sに、印刷できない記号が入っているようです。文字だけで入れてください。", label)
	case "kana":
		return fmt.Sprintf("%sは、ひらがなで入力してください。", label)
	case "residence", "ageband":
		return fmt.Sprintf("%sを選んでください。", label)
	case "datetime":
		return fmt.Sprintf("%sを、2026-11-23のように入れてください。", label)
	case "excluded_with":
		return fmt.Sprintf("名前が一つだけのときは、%sのらんを空けておいてください。", label)
	case "excluded_without":
		return fmt.Sprintf("名を入れないときは、%sのらんも空けておいてください。", label)
	case "excluded_unless":
		return fmt.Sprintf("%sは、選ばないでください。", label)
	case "phone":
		return fmt.Sprintf("%sには、数字を入れてください。", label)
	case "email":
		return "メールアドレスの形になっていません。例：name@example.jp"
	case "http_url", "url":
		return "https:// から始まるアドレスを入力してください。"
	case "uuid", "uuid4":
		return "ページが古くなったようです。読み込み直して、もう一度お試しください。"
	}
	return fmt.Sprintf("%sの内容を確かめてください。", label)
}

// unprintable names the character that a certificate cannot show, and says what to do.
func unprintable(typed string) string {
	var glyph *paper.UnprintableError
	if !errors.As(paper.Check(typed), &glyph) {
		return "修了証に印刷できない文字があります。"
	}
	return glyphFault(glyph)
}

// fail answers a request that ended in an error with a page of its own.
func (s *site) fail(c *fiber.Ctx, err error) error {
	err = storage.Unavailable(err) // reading, as well as a transaction
	if isAPI(c) {
		return s.problem(c, err)
	}
	a, known := find(err)
	if status, faults, ok := faultsOf(err); !known && ok {
		a, known = answer{status: status, say: faults[0].Say}, true
	}
	if !known {
		a = answerStatus(500)
	}
	if a.status >= 500 {
		s.Log.ErrorContext(c.UserContext(), "failed", "id", requestID(c), "route", c.Route().Path, "err", err)
	}
	p := errorPage{Page: s.page(c, titleOf(a.status)), Status: a.status, Say: a.say, ID: requestID(c)}
	c.Set(fiber.HeaderCacheControl, "no-store")
	if a.status == 503 || a.status == 429 {
		c.Set(fiber.HeaderRetryAfter, "60")
	}
	c.Status(a.status)
	if err := s.show(c, "error", &p); err != nil {
		s.Log.ErrorContext(c.UserContext(), "error page", "id", requestID(c), "err", err)
		return c.SendString(a.say)
	}
	return nil
}

// Of is the sentence for the field, "" when it is fine.
func (f Faults) Of(field string) string {
	for _, fault := range f {
		if fault.Field == field {
			return fault.Say
		}
	}
	return ""
}

// Field says whether a fault belongs to a field (and not to the whole form).
func (f Faults) Field() bool { return len(f) > 0 && f[0].Field != "" }

func titleOf(status int) string {
	switch status {
	case 404, 405:
		return "ページが見つかりません"
	case 401:
		return "もう一度お入りください"
	case 403:
		return "受け付けられませんでした"
	case 429:
		return "少しお待ちください"
	case 503:
		return "しばらくお待ちください"
	}
	if status < 500 {
		return "受け付けられませんでした"
	}
	return "うまくいきませんでした"
}

type errorPage struct {
	Page
	Status int
	Say    string
	ID     string // to tell the operator by telephone
}
