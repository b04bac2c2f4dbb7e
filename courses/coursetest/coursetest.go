// Package coursetest gives tests a small course: two modules of two lessons with
// a check of two questions each, and まとめの確認 of three.
package coursetest

import (
	"fmt"

	"tsunagari/courses"
	"tsunagari/courses/questions"
)

func text(s string) questions.Text {
	return questions.Text{questions.JA: s, questions.Easy: "やさしい" + s}
}

// Small is the small course. Option "1" of its choice questions is right.
func Small(slug string) *courses.Package {
	p := &courses.Package{
		ID: "00000000-0000-4000-8000-" + fmt.Sprintf("%012x", len(slug)), Slug: slug,
		Title: text("小さな講座" + slug), Summary: text("ためしの講座です。"), Body: text("はじめに読むところです。"),
		Supporters: true, Minutes: 90,
		Closing: courses.Closing{Minutes: 3, Questions: 3, Rule: courses.Understood},
	}
	for _, m := range []string{"ichi", "ni"} {
		module := courses.PackageModule{ID: m, Title: text("単元" + m), Goals: []courses.Text{text("目標A"), text("目標B")}, Minutes: 5, Check: 2}
		for i := range 2 {
			module.Lessons = append(module.Lessons, courses.PackageLesson{
				ID: fmt.Sprintf("%s-%d", m, i+1), Title: text(fmt.Sprintf("レッスン%s-%d", m, i+1)), Required: true,
				Sources: []string{"ためしの資料"}, Body: text("ここは本文です。"),
			})
		}
		module.Lessons = append(module.Lessons, courses.PackageLesson{
			ID: m + "-motto", Title: text("もっと" + m), Sources: []string{"ためしの資料"}, Body: text("読まなくてもよい本文です。"),
		})
		for i := range 3 {
			module.Questions = append(module.Questions, Choice(fmt.Sprintf("%s-q%d", m, i+1), m+"-1"))
		}
		p.Modules = append(p.Modules, module)
	}
	return p
}

// Choice is a question with three options, the first of which is right.
func Choice(id, lesson string) *questions.Question {
	q := &questions.Question{ID: id, Type: questions.Choice, Lesson: lesson, Text: text("問い" + id)}
	for i := range 3 {
		o := questions.Option{ID: fmt.Sprint(i + 1), Text: text(fmt.Sprintf("%sの選択肢%d", id, i+1)), Feedback: text(fmt.Sprintf("%sの説明%d、なぜならば", id, i+1))}
		if i == 0 {
			o.Weight = 1
		}
		q.Options = append(q.Options, o)
	}
	return q
}
