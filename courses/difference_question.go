package courses

import (
	"fmt"
	"strconv"
	"strings"

	"tsunagari/courses/questions"
)

// QuestionTypes are the types of question with what they are called.
var QuestionTypes = []struct {
	Type  questions.Type
	Label string
}{
	{questions.Choice, "ひとつ選ぶ"},
	{questions.Multiple, "いくつか選ぶ"},
	{questions.TrueFalse, "正しいか、正しくないか"},
	{questions.Matching, "組み合わせる"},
	{questions.Ordering, "順番にならべる"},
	{questions.Sort, "なかま分け"},
	{questions.Short, "言葉で答える"},
	{questions.Numerical, "数で答える"},
	{questions.Reflection, "思ったことを書く（採点なし）"},
}

// TypeLabel is the type in Japanese.
func TypeLabel(t questions.Type) string {
	for _, known := range QuestionTypes {
		if known.Type == t {
			return known.Label
		}
	}
	return string(t)
}

// questionLabels are all texts of a question in the words of its form.
func questionLabels(q *questions.Question) []labelled {
	var t texts
	t.add("種類", TypeLabel(q.Type))
	t.both("問い", q.Text)
	t.add("読むレッスン", q.Lesson)
	t.add("使うところ", usesOf(q))
	t.add("しるし", strings.Join(q.Tags, "、"))
	for i, o := range q.Options {
		label := fmt.Sprintf("選択肢%d", i+1)
		t.both(label, o.Text)
		t.add(label+"の点", percentOf(o.Weight))
		t.both(label+"を選んだ人への言葉", o.Feedback)
	}
	for i, g := range q.Groups {
		t.both(fmt.Sprintf("なかま%d", i+1), g.Text)
	}
	for i, p := range q.Pairs {
		label := fmt.Sprintf("組%d", i+1)
		t.both(label+"の左", p.Left)
		t.both(label+"の右", p.Right)
		t.both(label+"への言葉", p.Feedback)
	}
	for i, it := range q.Items {
		label := fmt.Sprintf("項目%d", i+1)
		t.both(label, it.Text)
		t.number(label+"の順番", it.Rank, "番目")
		t.add(label+"のなかま", groupNames(q, it.Groups))
		t.both(label+"への言葉", it.Feedback)
	}
	for i, a := range q.Answers {
		label := fmt.Sprintf("答え%d", i+1)
		answer := a.Text
		if q.Type == questions.Numerical {
			answer = fmt.Sprintf("%g（ずれてもよい幅 %g）", a.Value, a.Tolerance)
		}
		t.add(label, answer)
		t.add(label+"の点", percentOf(a.Weight))
		t.both(label+"への言葉", a.Feedback)
	}
	t.add("単位", q.Unit)
	t.both("そのほかの答えへの言葉", q.Otherwise)
	t.both("解説", q.Explanation)
	return t
}

func usesOf(q *questions.Question) string {
	var out []string
	if q.For(questions.InCheck) {
		out = append(out, "単元の確認")
	}
	if q.For(questions.InClosing) {
		out = append(out, "まとめの確認")
	}
	return strings.Join(out, "、")
}

func percentOf(weight float64) string {
	return strconv.FormatFloat(weight*100, 'f', -1, 64) + "%"
}

func groupNames(q *questions.Question, ids []string) string {
	var out []string
	for _, g := range q.Groups {
		for _, id := range ids {
			if g.ID == id {
				out = append(out, Plain(g.Text[questions.JA]))
			}
		}
	}
	return strings.Join(out, "、")
}
