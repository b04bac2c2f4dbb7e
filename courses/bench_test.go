package courses

import (
	"io/fs"
	"testing"

	"tsunagari/courses/curriculum"
	"tsunagari/courses/questions"
)

// builtIn reads a built-in course.
func builtIn(tb testing.TB, name string) *Package {
	tb.Helper()
	folder, err := fs.Sub(curriculum.FS(), name)
	if err != nil {
		tb.Fatal(err)
	}
	p, faults := ReadPackage(folder)
	for _, f := range faults {
		tb.Errorf("%s/%s", name, f)
	}
	return p
}

func BenchmarkReadPackage(b *testing.B) {
	for b.Loop() {
		builtIn(b, "supporter")
	}
}

func BenchmarkOpenDocument(b *testing.B) {
	document, err := builtIn(b, "supporter").Document()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		if _, err := OpenDocument("r", 1, document); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRenderLesson(b *testing.B) {
	p := builtIn(b, "supporter")
	o, l := &opener{site: p.site()}, &p.Modules[0].Lessons[1]
	for b.Loop() {
		o.lesson("shiru", l)
	}
}

func BenchmarkInline(b *testing.B) {
	text := Text{questions.JA: "**{孤独|こどく}**と{孤立|こりつ}は、同じではありません。"}
	for b.Loop() {
		Inline(text, Reading{Furigana: true})
	}
}

func BenchmarkPractise(b *testing.B) {
	p := builtIn(b, "supporter")
	l := (&opener{site: p.site()}).lesson("shiru", &p.Modules[0].Lessons[1])
	for b.Loop() {
		if _, err := Practise(l, "shikaku", Values{"card1": {"0"}, "card2": {"2"}}, Reading{}); err != nil {
			b.Fatal(err)
		}
	}
}
