package views

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
)

// jp is a moment as the record on paper has it: 令和8年11月23日 12時00分.
func jp(t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	here := t.In(japan)
	return paper.Wareki(here) + here.Format(" 15時04分")
}

// jpDay is jp for a calendar date.
func jpDay(day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, japan)
	if err != nil {
		return day
	}
	return paper.Wareki(t)
}

// What package accounts writes as moments and days, to be read in Japanese years.
var (
	westernMoment = regexp.MustCompile(`\d{4}年\d{1,2}月\d{1,2}日 \d{2}:\d{2}`)
	westernSince  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2} から$`) // 0157-11-2222 is a telephone
)

func inWareki(s string) string {
	if westernSince.MatchString(s) {
		return jpDay(s[:len(time.DateOnly)]) + s[len(time.DateOnly):]
	}
	return westernMoment.ReplaceAllStringFunc(s, func(m string) string {
		t, err := time.ParseInLocation("2006年1月2日 15:04", m, japan)
		if err != nil {
			return m
		}
		return jp(&t)
	})
}

// pdf is the record to read.
func (r *record) pdf() ([]byte, error) {
	const title = "お預かりしている記録"
	out := newReport(title, r.Operator.Name, r.At, r.Demo)
	out.heading(title, 20)
	out.paragraph(r.name() + "　" + paper.Wareki(r.At) + r.At.Format(" 15時04分") + " 現在")
	out.paragraph("つながりサポーター養成講座でお預かりしている、あなたについての記録のすべてです。合言葉とパスワードは、読めない形にしてあるため、入っていません。" +
		"印刷できない文字は「〓」にしてあります。表計算のファイルには、もとの文字が入っています。")
	if r.Operator.Phone != "" {
		out.paragraph("まちがいを直したいとき、おたずねは、" + r.Operator.Name + "（電話 " + r.Operator.Phone + "、" + r.Operator.Hours + "）へどうぞ。")
	}
	for _, s := range r.Sections {
		out.heading(s.Title, 13)
		var rows [][2]string
		for _, row := range s.Rows {
			rows = append(rows, [2]string{inWareki(row.Label), inWareki(row.Value)})
		}
		out.facts(rows)
	}
	r.coursesOn(out)
	r.attemptsOn(out)
	r.classesOn(out)
	r.certificatesOn(out)
	return out.pdf(title + "　" + r.name() + "　" + paper.Wareki(r.At))
}

func (r *record) coursesOn(out *report) {
	for _, t := range r.Courses {
		out.heading("講座「"+t.Course+"」", 13)
		facts := [][2]string{{"はじめた日時", jp(&t.StartedAt)}, {"何回目の受講", strconv.Itoa(t.Cycle)}}
		there := func(d *courses.Completion) string {
			return accounts.PlaceName(d.Municipality, d.Prefecture) + "　" + accounts.AgeBand(d.AgeBand).Label()
		}
		if d := t.Completion; d != nil {
			facts = append(facts, [2]string{"修了日", jpDay(d.CompletedOn)}, [2]string{"修了した日時", jp(&d.CompletedAt)},
				[2]string{"修了のときのお住まい・年代", there(d)})
		}
		for _, d := range t.Merged {
			facts = append(facts, [2]string{beforeMerge, jp(&d.CompletedAt) + "　" + there(d)})
		}
		out.facts(facts)
		var rows [][]string
		for _, step := range t.Steps {
			rows = append(rows, []string{step.Module, step.What, jp(&step.DoneAt)})
		}
		if len(rows) > 0 {
			out.table([]string{"単元", "読んだところ・終えたところ", "日時"}, []float64{52, 74, 48}, rows)
		}
	}
}

func (r *record) attemptsOn(out *report) {
	for i, a := range r.Attempts {
		out.heading(fmt.Sprintf("小テスト %d　%s", i+1, a.Quiz), 13)
		facts := [][2]string{{"講座", a.Course}, {"はじめた日時", jp(&a.StartedAt)}, {"終えた日時", jp(a.DoneAt)}}
		if a.Typed {
			facts = append(facts, [2]string{"入力", "講師が、紙の答えを入れました"})
		}
		if a.DoneAt != nil {
			facts = append(facts, [2]string{"結果", fmt.Sprintf("%d問のうち%d問がわかりました", len(a.Answers), a.Understood)})
		}
		out.facts(facts)
		var rows [][]string
		for _, q := range a.Answers {
			point := ""
			if q.Marked {
				point = percent(q.Score) + "点"
			}
			rows = append(rows, []string{strconv.Itoa(q.Number), q.Question, strings.Join(q.Answer, "\n"), jp(q.AnsweredAt), point})
		}
		out.table([]string{"問", "問題", "あなたの答え", "答えた日時", "得点"}, []float64{9, 64, 54, 32, 15}, rows)
	}
}

func (r *record) classesOn(out *report) {
	rows := r.classRows(jp, jpDay)
	for i, h := range r.Classes {
		out.heading("教室　"+jpDay(h.Class.HeldOn), 13)
		var facts [][2]string
		for j, label := range rows[0] {
			facts = append(facts, [2]string{label, rows[i+1][j]})
		}
		out.facts(facts)
	}
	if len(r.Led) == 0 {
		return
	}
	out.heading("講師として受けもった教室", 13)
	var led [][2]string
	for _, c := range r.Led {
		led = append(led, [2]string{jpDay(c.HeldOn), c.Hall})
	}
	out.facts(led)
}

func (r *record) certificatesOn(out *report) {
	for _, c := range r.Certificates.Certificates {
		out.heading("修了証　第"+c.Number+"号", 13)
		out.facts(certificateFacts(c, jp, jpDay))
	}
	for _, w := range r.Certificates.Waits {
		out.heading("発行待ちの修了証", 13)
		out.facts([][2]string{{"講座", w.Course}, {"修了日", jpDay(w.CompletedOn)}, {"待ちはじめた日時", jp(&w.Since)}, {"わけ", waitReasons[w.Reason]}, {"印刷できない文字", w.Detail}})
	}
	for _, c := range r.Certificates.Corrections {
		out.heading("お名前の直しの申し出", 13)
		out.facts([][2]string{
			{"申し出た日時", jp(&c.AskedAt)},
			{"お名前", c.Name()},
			{"ふりがな", c.Kana()},
			{"証に載せる表記", c.PrintedName},
			{"伝えたいこと", c.Note},
			{"状態", correctionStates[c.State]},
			{"答えた日時", jp(c.DecidedAt)},
			{"窓口からの返事", c.Reason},
		})
	}
	if len(r.Log) > 0 {
		out.heading("修了証についての操作の記録", 13)
		var rows [][]string
		for _, e := range r.Log {
			rows = append(rows, []string{jp(&e.At), "第" + e.Number + "号", e.Label() + "（" + r.by(e.ActorID) + "）", e.Why})
		}
		out.table([]string{"日時", "修了証", "したこと", "理由"}, []float64{48, 34, 46, 46}, rows)
	}
}
