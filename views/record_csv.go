package views

import (
	"archive/zip"
	"bytes"
	"strconv"
	"strings"
	"time"

	"tsunagari/certificates"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
)

// csvFile is one file of the zip; its name is ASCII, for whatever unpacks it.
type csvFile struct {
	name string
	rows [][]string
}

// zip is the record as CSV files. Times are Japan's.
func (r *record) zip() ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range r.files() {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: r.At})
		if err != nil {
			return nil, err
		}
		if err := writeCSV(w, f.rows); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

func (r *record) files() []csvFile {
	return []csvFile{
		{"1_account.csv", r.accountRows()},
		{"2_courses.csv", r.courseRows()},
		{"3_progress.csv", r.progressRows()},
		{"4_attempts.csv", r.attemptRows()},
		{"5_answers.csv", r.answerRows()},
		{"6_certificates.csv", r.certificateRows()},
		{"7_waiting.csv", r.waitRows()},
		{"8_corrections.csv", r.correctionRows()},
		{"9_certificate_log.csv", r.logRows()},
		{"10_classes.csv", r.classRows(stamp, func(day string) string { return day })},
	}
}

// stamp is a moment as spreadsheets read it, "" for none.
func stamp(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return t.In(japan).Format("2006-01-02 15:04:05")
}

// percent is a score in hundredths.
func percent(score float64) string { return strconv.FormatFloat(score*100, 'f', 0, 64) }

func (r *record) accountRows() [][]string {
	rows := [][]string{{"区分", "項目", "内容"}}
	for _, s := range r.Sections {
		for _, row := range s.Rows {
			rows = append(rows, []string{s.Title, row.Label, row.Value})
		}
	}
	return rows
}

func (r *record) courseRows() [][]string {
	rows := [][]string{{"講座", "何回目の受講", "はじめた日時", "修了日", "修了した日時", "修了のときのお住まい", "修了のときの年代"}}
	for _, t := range r.Courses {
		completed := func(d *courses.Completion) []string {
			return []string{
				d.CompletedOn, stamp(&d.CompletedAt), accounts.PlaceName(d.Municipality, d.Prefecture), accounts.AgeBand(d.AgeBand).Label(),
			}
		}
		row := []string{t.Course, strconv.Itoa(t.Cycle), stamp(&t.StartedAt)}
		if t.Completion != nil {
			rows = append(rows, append(row, completed(t.Completion)...))
		} else {
			rows = append(rows, append(row, "", "", "", ""))
		}
		for _, d := range t.Merged {
			rows = append(rows, append([]string{t.Course, beforeMerge, ""}, completed(d)...))
		}
	}
	return rows
}

// beforeMerge is what a completion is called that counts nowhere any more.
const beforeMerge = "まとめる前の登録での修了"

func (r *record) progressRows() [][]string {
	rows := [][]string{{"講座", "単元", "内容", "終えた日時"}}
	for _, t := range r.Courses {
		for _, step := range t.Steps {
			rows = append(rows, []string{t.Course, step.Module, step.What, stamp(&step.DoneAt)})
		}
	}
	return rows
}

func (r *record) attemptRows() [][]string {
	rows := [][]string{{"受験", "講座", "小テスト", "回", "はじめた日時", "終えた日時", "得点（100点満点）", "わかった問題", "問題の数", "入力"}}
	for i, a := range r.Attempts {
		score, understood := "", ""
		if a.DoneAt != nil {
			score, understood = percent(a.Score), strconv.Itoa(a.Understood)
		}
		rows = append(rows, []string{
			strconv.Itoa(i + 1), a.Course, a.Quiz, strconv.Itoa(a.Round), stamp(&a.StartedAt), stamp(a.DoneAt),
			score, understood, strconv.Itoa(len(a.Answers)), map[bool]string{true: "講師が紙から", false: "ご本人"}[a.Typed],
		})
	}
	return rows
}

func (r *record) answerRows() [][]string {
	rows := [][]string{{"受験", "小テスト", "問", "問題", "答え", "答えた日時", "決めた日時", "得点（100点満点）"}}
	for i, a := range r.Attempts {
		for _, q := range a.Answers {
			score := ""
			if q.Marked {
				score = percent(q.Score)
			}
			rows = append(rows, []string{
				strconv.Itoa(i + 1), a.Quiz, strconv.Itoa(q.Number), q.Question, strings.Join(q.Answer, "／"), stamp(q.AnsweredAt), stamp(q.ConfirmedAt), score,
			})
		}
	}
	return rows
}

// certificateFacts are a certificate's facts by their names, moments and days as
// at and on write them.
func certificateFacts(c *certificates.Certificate, at func(*time.Time) string, on func(day string) string) [][2]string {
	code := ""
	if c.Code != nil {
		code = *c.Code
	}
	p := c.Printed
	return [][2]string{
		{"番号", c.Number},
		{"状態", states[c.State]},
		{"お名前", p.Name},
		{"ふりがな", p.Kana},
		{"文", p.Statement},
		{"講座", p.Course},
		{"版", strconv.Itoa(p.Revision)},
		{"修了日", on(p.CompletedOn)},
		{"交付日", on(p.IssuedOn)},
		{"再交付日", on(p.ReissuedOn)},
		{"発行者", p.Issuer},
		{"職名", p.Office},
		{"首長名", p.Person},
		{"交付方法", methods[c.Method]},
		{"修了のときの市町村", municipalityName(c.Municipality)},
		{"作った日時", at(&c.IssuedAt)},
		{"終わった日時", at(c.EndedAt)},
		{"終わったわけ", c.Reason},
		{"QRコードの符号", code},
		{"見分けるためのしるし（SHA-256）", c.SHA256},
	}
}

func municipalityName(code string) string {
	if code == "" {
		return ""
	}
	return accounts.PlaceName(code, "")
}

func (r *record) certificateRows() [][]string {
	asKept := func(day string) string { return day }
	var head []string
	for _, f := range certificateFacts(&certificates.Certificate{}, stamp, asKept) {
		head = append(head, f[0])
	}
	rows := [][]string{head}
	for _, c := range r.Certificates.Certificates {
		var row []string
		for _, f := range certificateFacts(c, stamp, asKept) {
			row = append(row, f[1])
		}
		rows = append(rows, row)
	}
	return rows
}

var waitReasons = map[certificates.WaitReason]string{
	certificates.NoIssuer: "発行者の準備を待っています", certificates.Unprintable: "印刷できない文字があります",
}

func (r *record) waitRows() [][]string {
	rows := [][]string{{"講座", "修了日", "待ちはじめた日時", "わけ", "印刷できない文字"}}
	for _, w := range r.Certificates.Waits {
		rows = append(rows, []string{w.Course, w.CompletedOn, stamp(&w.Since), waitReasons[w.Reason], w.Detail})
	}
	return rows
}

var correctionStates = map[certificates.CorrectionState]string{
	certificates.Asked: "確かめています", certificates.Accepted: "直しました", certificates.Declined: "直しませんでした",
}

func (r *record) correctionRows() [][]string {
	rows := [][]string{{"申し出た日時", "姓", "名", "せい", "めい", "証に載せる表記", "伝えたいこと", "状態", "答えた日時", "窓口からの返事"}}
	for _, c := range r.Certificates.Corrections {
		rows = append(rows, []string{
			stamp(&c.AskedAt), c.FamilyName, c.GivenName, c.FamilyKana, c.GivenKana, c.PrintedName, c.Note,
			correctionStates[c.State], stamp(c.DecidedAt), c.Reason,
		})
	}
	return rows
}

// classRows are the classes that the person came to, then those they held.
func (r *record) classRows(at func(*time.Time) string, on func(day string) string) [][]string {
	rows := [][]string{{"開催日", "講座", "会場", "席", "席を取った日時", "入力", "出席", "シートを出した日時", "講師が修了とした日時", "席を取り消した日時"}}
	for _, h := range r.Classes {
		attendance := map[string]string{classes.Present: "出席", classes.Absent: "欠席"}[h.Attendance]
		if h.LateAt != "" {
			attendance += " 遅刻 " + h.LateAt
		}
		if h.LeftAt != "" {
			attendance += " 早退 " + h.LeftAt
		}
		rows = append(rows, []string{
			on(h.Class.HeldOn), h.Course, h.Class.Hall, strconv.Itoa(h.Number), at(&h.JoinedAt), map[bool]string{true: "講師", false: "ご本人"}[h.TypedBy != ""],
			attendance, at(h.SheetAt), at(h.GrantedAt), at(h.RemovedAt),
		})
	}
	for _, c := range r.Led {
		rows = append(rows, []string{on(c.HeldOn), "（講師として）", c.Hall, "", "", "", "", "", "", ""})
	}
	return rows
}

func (r *record) logRows() [][]string {
	rows := [][]string{{"日時", "修了証の番号", "したこと", "した人", "理由"}}
	for _, e := range r.Log {
		rows = append(rows, []string{stamp(&e.At), e.Number, e.Label(), r.by(e.ActorID), e.Why})
	}
	return rows
}
