package views

import (
	"errors"
	"fmt"
	"math"
	"time"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/quiz"
	"tsunagari/storage/table"
)

// told are the answers whose sentence depends on what the error knows.
func told(err error) (answer, bool) {
	var wait *accounts.WaitError
	var word *accounts.WordError
	var name *accounts.NameError
	var glyph *paper.UnprintableError
	var pause *quiz.PauseError
	var typed *quiz.TypedError
	var notOpen *classes.NotOpenError
	var encoding *table.EncodingError
	var picture *courses.PictureError
	var refused *courses.PackageError
	var file table.Fault
	switch {
	case errors.As(err, &file):
		return answer{status: 422, field: "file", say: file.Reason}, true
	case errors.As(err, &picture):
		return answer{status: 422, field: "file", say: picture.Reason}, true
	case errors.As(err, &refused):
		return answer{status: 422, say: fmt.Sprintf("ファイルの中に、直すところが%d件あります。", len(refused.Faults))}, true
	case courses.IsZipError(err):
		return answer{status: 422, field: "zip", say: err.Error()}, true
	case errors.As(err, &wait):
		return answer{status: 429, say: "短い時間に何度も送られたため、少しお待ちいただいています。" + minutes(wait.For) + "ほどたってから、もう一度お試しください。"}, true
	case errors.As(err, &word):
		return answer{status: 422, field: "words", say: wordFault(word)}, true
	case errors.As(err, &name) && errors.As(err, &glyph):
		return answer{status: 422, field: name.Field, say: glyphFault(glyph)}, true
	case errors.As(err, &glyph):
		return answer{status: 422, field: "printed_name", say: glyphFault(glyph)}, true
	case errors.As(err, &encoding):
		return answer{status: 422, field: "file", say: encoding.Reason}, true
	case errors.As(err, &pause):
		return answer{status: 409, say: "少し休みましょう。" + pause.Until.In(japan).Format("15時04分") + "から、もう一度できます。そのあいだに、レッスンを読み直せます。"}, true
	case errors.As(err, &typed):
		return answer{status: 422, say: typedFault(typed)}, true
	case errors.As(err, &notOpen):
		return answer{status: 409, say: "この教室の参加の受付は、まだ始まっていません。" + notOpen.Opens.In(japan).Format("1月2日 15時04分") + "から参加できます。"}, true
	}
	return answer{}, false
}

func typedFault(e *quiz.TypedError) string {
	say := fmt.Sprintf("問%dは、1から%dの数字で入れてください。", e.Number, e.Most)
	if e.Digits > 1 {
		say = fmt.Sprintf("問%dは、1から%dの数字を、上から順に%d個つづけて入れてください。", e.Number, e.Most, e.Digits)
	} else if e.Digits == 1 {
		say = fmt.Sprintf("問%dは、1から%dの数字をひとつ入れてください。", e.Number, e.Most)
	}
	return say
}

func minutes(d time.Duration) string { return fmt.Sprintf("%d分", int(math.Ceil(d.Minutes()))) }

func wordFault(e *accounts.WordError) string {
	switch {
	case e.Position > accounts.WordCount:
		return "合言葉が4つより多いようです。カードにある4つだけを入れてください。"
	case e.Typed == "":
		return fmt.Sprintf("%dつ目の合言葉がありません。カードにある4つを、順番に入れてください。", e.Position)
	}
	return fmt.Sprintf("%dつ目の「%s」が、カードの合言葉にない言葉です。カードを見て、入れ直してください。", e.Position, e.Typed)
}

func glyphFault(e *paper.UnprintableError) string {
	say := fmt.Sprintf("%sは、修了証に印刷できません。", e.Name())
	if instead := e.Instead(); instead != 0 {
		return say + fmt.Sprintf("「%c」など、近い字に替えるか、ひらがなで入れてください。", instead)
	}
	return say + "近い字に替えるか、ひらがなで入れてください。正しい字は、あとから窓口に相談できます。"
}
