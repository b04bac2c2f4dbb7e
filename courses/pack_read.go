package courses

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tsunagari/courses/questions"
	"tsunagari/courses/questions/outline"
)

// The files of a 授業パック. packFolder is no name for a module.
const (
	packFolder    = "class"
	timetableFile = packFolder + "/timetable.yaml"
	slidesFile    = packFolder + "/slides.md"
	handoutBase   = packFolder + "/handout"
	sheetsFile    = packFolder + "/sheets.yaml"
)

// Bounds of a 授業パック.
const (
	maxPlans  = 6
	maxParts  = 40 // of a 進行表, a checklist, a form
	maxSlides = 120
	maxLines  = 20 // to write on
)

// class reads the 授業パック, nil without its folder.
func (r *folder) class() *ClassPack {
	there := false
	for name := range r.files {
		there = there || strings.HasPrefix(name, packFolder+"/")
	}
	if !there {
		return nil
	}
	c := &ClassPack{}
	r.yaml(timetableFile, func(f *outline.Fields) { c.Plans = plans(f) })
	var faults []outline.Fault
	slides := r.markdown(slidesFile, &faults)
	classText(&c.Slides, slides, questions.JA)
	slides.Done()
	r.take(slidesFile, faults)
	r.languages(handoutBase, false, func(w written, lang questions.Lang) { classText(&c.Handout, w, lang) })
	r.yaml(sheetsFile, func(f *outline.Fields) { sheets(c, f) })
	return c
}

// yaml reads a file that is one mapping.
func (r *folder) yaml(name string, read func(*outline.Fields)) {
	content, ok := r.text(name)
	if !ok {
		return
	}
	root, fault := outline.Read([]byte(content), 1)
	if fault != nil {
		r.take(name, []outline.Fault{*fault})
		return
	}
	var faults []outline.Fault
	f := outline.NewFields(root, &faults)
	read(f)
	f.Done()
	r.take(name, faults)
}

func classText(t *ClassText, w written, lang questions.Lang) {
	if !w.ok {
		return
	}
	put(&t.Title, lang, w.Text("title"))
	put(&t.Body, lang, w.body)
	t.setLine(lang, w.line)
	w.Require("title")
	if lang == questions.JA {
		t.Sources, t.Unconfirmed = w.Texts("sources"), w.Texts("unconfirmed")
	}
}

// each reads the items of a list of mappings.
func each(f *outline.Fields, name string, most int, read func(item *outline.Fields)) {
	items := f.List(name)
	if len(items) > most {
		f.Fault(items[most].Line, "「%s」が多すぎます（%dまで）。", name, most)
		items = items[:most]
	}
	for _, item := range items {
		part := f.Part(item)
		read(part)
		part.Done()
	}
}

func plans(f *outline.Fields) []ClassPlan {
	var out []ClassPlan
	each(f, "plans", maxPlans, func(f *outline.Fields) {
		f.Require("title", "minutes")
		plan := ClassPlan{Title: f.Text("title"), Minutes: f.Int("minutes", 1, 600), line: f.Line}
		each(f, "parts", maxParts, func(f *outline.Fields) {
			f.Require("minutes", "what", "who")
			plan.Parts = append(plan.Parts, ClassPart{
				Minutes: f.Int("minutes", 1, 600), What: f.Text("what"), Who: f.Text("who"), Slides: slideNumbers(f),
				Material: f.Texts("material"), Note: f.Text("note"), line: f.Line,
			})
		})
		out = append(out, plan)
	})
	return out
}

var slideRange = regexp.MustCompile(`^(\d{1,3})(?:\s*[-–〜～]\s*(\d{1,3}))?$`)

// slideNumbers reads "3-5, 8".
func slideNumbers(f *outline.Fields) []int {
	var out []int
	for _, text := range strings.FieldsFunc(f.Text("slides"), func(r rune) bool { return r == ',' || r == '、' }) {
		m := slideRange.FindStringSubmatch(strings.TrimSpace(text))
		if m == nil {
			f.Fault(f.LineOf("slides"), "slides は「3」「3-5」「3-5, 8」のように書いてください。")
			return nil
		}
		from, _ := strconv.Atoi(m[1])
		to := from
		if m[2] != "" {
			to, _ = strconv.Atoi(m[2])
		}
		if from < 1 || to < from || len(out) > 0 && from <= out[len(out)-1] {
			f.Fault(f.LineOf("slides"), "slides の番号は、小さいほうから一度ずつ書いてください。")
			return nil
		}
		for n := from; n <= min(to, maxSlides+1); n++ {
			out = append(out, n)
		}
	}
	return out
}

// bilingual reads name and name_easy.
func bilingual(f *outline.Fields, name string) Text {
	var out Text
	put(&out, questions.JA, f.Text(name))
	put(&out, questions.Easy, f.Text(name+"_easy"))
	if out[questions.Easy] != "" && out[questions.JA] == "" {
		f.Fault(f.LineOf(name+"_easy"), "「%s_easy」がありますが、「%s」がありません。", name, name)
	}
	return out
}

// bilinguals reads the lists name and name_easy.
func bilinguals(f *outline.Fields, name string) []Text {
	standard, easy := f.Texts(name), f.Texts(name+"_easy")
	if len(easy) > 0 && len(easy) != len(standard) {
		f.Fault(f.LineOf(name+"_easy"), "「%s_easy」の数が、「%s」（%d）とちがいます。", name, name, len(standard))
	}
	var out []Text
	for i, s := range standard {
		t := Text{questions.JA: s}
		if i < len(easy) {
			put(&t, questions.Easy, easy[i])
		}
		out = append(out, t)
	}
	return out
}

func sheets(c *ClassPack, f *outline.Fields) {
	part := func(name string, read func(f *outline.Fields)) {
		if sub := f.Sub(name); sub != nil {
			read(sub)
			sub.Done()
		}
	}
	part("reflection", func(f *outline.Fields) { c.Reflection = reflection(f) })
	part("closing", func(f *outline.Fields) {
		f.Require("title", "questions")
		c.Closing = ClosingSheet{
			Title: bilingual(f, "title"), Intro: bilingual(f, "intro"), Questions: f.Texts("questions"),
			Ending: bilingual(f, "ending"), line: f.LineOf("questions"),
		}
	})
	part("poster", func(f *outline.Fields) {
		f.Require("title", "catch")
		c.Poster = Poster{
			Title: f.Text("title"), Catch: f.Text("catch"), Free: f.Text("free"),
			About: f.Texts("about"), Who: f.Texts("who"), Gets: f.Texts("gets"), line: f.Line,
		}
	})
	part("application", func(f *outline.Fields) { c.Application = application(f) })
	each(f, "checklist", maxParts, func(f *outline.Fields) {
		f.Require("when", "items")
		c.Checklist = append(c.Checklist, ChecklistPart{When: f.Text("when"), Items: f.Texts("items"), line: f.Line})
	})
}

func reflection(f *outline.Fields) ReflectionSheet {
	f.Require("title")
	s := ReflectionSheet{Title: bilingual(f, "title"), Intro: bilingual(f, "intro"), Ending: bilingual(f, "ending"), line: f.Line}
	each(f, "items", maxParts, func(f *outline.Fields) {
		f.Require("text")
		item := ReflectionItem{
			Text: bilingual(f, "text"), Choices: bilinguals(f, "choices"), Lines: f.Int("lines", 1, maxLines),
			Personal: f.Bool("personal", false), line: f.Line,
		}
		if len(item.Choices) == 0 && item.Lines == 0 {
			f.Fault(f.Line, "choices（丸をつける言葉）か lines（書く行の数）が要ります。")
		}
		s.Items = append(s.Items, item)
	})
	return s
}

func application(f *outline.Fields) ApplicationForm {
	f.Require("title", "privacy")
	a := ApplicationForm{Title: f.Text("title"), Intro: f.Text("intro"), Privacy: f.Text("privacy"), line: f.Line}
	each(f, "fields", maxParts, func(f *outline.Fields) {
		f.Require("name")
		field := ApplicationField{
			Name: f.Text("name"), Hint: f.Text("hint"), Choices: f.Texts("choices"), Lines: f.Int("lines", 1, maxLines), line: f.Line,
		}
		if slices.ContainsFunc(a.Fields, func(other ApplicationField) bool { return other.Name == field.Name }) {
			f.Fault(f.LineOf("name"), "「%s」が二度あります。", field.Name)
		}
		a.Fields = append(a.Fields, field)
	})
	return a
}
