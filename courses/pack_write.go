package courses

import (
	"strconv"
	"strings"

	"tsunagari/courses/questions"
)

// class writes the 授業パック as class() of ReadPackage reads it.
func (w *fileWriter) class(c *ClassPack) {
	y := &yamlWriter{}
	y.list("plans", len(c.Plans), func(i int) {
		plan := &c.Plans[i]
		y.text("title", plan.Title)
		y.number("minutes", plan.Minutes)
		y.list("parts", len(plan.Parts), func(i int) {
			part := &plan.Parts[i]
			y.number("minutes", part.Minutes)
			y.text("what", part.What)
			y.text("who", part.Who)
			y.text("slides", slideRanges(part.Slides))
			y.texts("material", part.Material)
			y.text("note", part.Note)
		})
	})
	w.add(timetableFile, y.b.Bytes())
	w.classText(strings.TrimSuffix(slidesFile, ".md"), &c.Slides)
	w.classText(handoutBase, &c.Handout)
	w.add(sheetsFile, sheetsYAML(c))
}

func (w *fileWriter) classText(base string, t *ClassText) {
	for _, lang := range languages {
		f := &yamlWriter{}
		f.text("title", t.Title[lang])
		if lang == questions.JA {
			f.texts("sources", t.Sources)
			f.texts("unconfirmed", t.Unconfirmed)
		}
		w.markdown(base, lang, f, t.Body[lang])
	}
}

// slideRanges writes numbers as slideNumbers reads them.
func slideRanges(numbers []int) string {
	var out []string
	for i := 0; i < len(numbers); {
		end := i
		for end+1 < len(numbers) && numbers[end+1] == numbers[end]+1 {
			end++
		}
		text := strconv.Itoa(numbers[i])
		if end > i {
			text += "-" + strconv.Itoa(numbers[end])
		}
		out = append(out, text)
		i = end + 1
	}
	return strings.Join(out, ", ")
}

func sheetsYAML(c *ClassPack) []byte {
	y := &yamlWriter{}
	y.part("reflection", func() {
		y.bilingual("title", c.Reflection.Title)
		y.bilingual("intro", c.Reflection.Intro)
		y.list("items", len(c.Reflection.Items), func(i int) {
			item := &c.Reflection.Items[i]
			y.bilingual("text", item.Text)
			y.bilinguals("choices", item.Choices)
			y.number("lines", item.Lines)
			if item.Personal {
				y.line("personal", "true")
			}
		})
		y.bilingual("ending", c.Reflection.Ending)
	})
	if len(c.Closing.Questions) > 0 {
		y.part("closing", func() {
			y.bilingual("title", c.Closing.Title)
			y.bilingual("intro", c.Closing.Intro)
			y.texts("questions", c.Closing.Questions)
			y.bilingual("ending", c.Closing.Ending)
		})
	}
	y.part("poster", func() {
		y.text("title", c.Poster.Title)
		y.text("catch", c.Poster.Catch)
		y.text("free", c.Poster.Free)
		y.texts("about", c.Poster.About)
		y.texts("who", c.Poster.Who)
		y.texts("gets", c.Poster.Gets)
	})
	y.part("application", func() {
		y.text("title", c.Application.Title)
		y.text("intro", c.Application.Intro)
		y.list("fields", len(c.Application.Fields), func(i int) {
			field := &c.Application.Fields[i]
			y.text("name", field.Name)
			y.text("hint", field.Hint)
			y.texts("choices", field.Choices)
			y.number("lines", field.Lines)
		})
		y.text("privacy", c.Application.Privacy)
	})
	y.list("checklist", len(c.Checklist), func(i int) {
		y.text("when", c.Checklist[i].When)
		y.texts("items", c.Checklist[i].Items)
	})
	return y.b.Bytes()
}
