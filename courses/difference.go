package courses

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"tsunagari/courses/questions"
)

// ChangeHow says what became of a piece.
type ChangeHow string

// What may become of a piece between two editions.
const (
	Appeared ChangeHow = "new"
	Vanished ChangeHow = "gone"
	Altered  ChangeHow = "changed"
	Moved    ChangeHow = "moved"
)

// Label says it in Japanese.
func (h ChangeHow) Label() string {
	return map[ChangeHow]string{Appeared: "新しい", Vanished: "なくなった", Altered: "変わった", Moved: "場所が変わった"}[h]
}

// Change is what became of one piece between two editions of a course.
type Change struct {
	Kind   PieceKind
	Name   string
	Title  string
	Module string // title of the module it stands in
	How    ChangeHow
	Texts  []TextChange // of an altered piece
}

// TextChange is what became of one text of a piece.
type TextChange struct {
	Label    string
	Old, New string
	Lines    [][]Mark // what is marked; an empty line stands for lines that stayed
}

// labelled is one text of a piece in the words of the forms.
type labelled struct{ label, text string }

// comparedPiece is a piece of a package for comparing.
type comparedPiece struct {
	kind                PieceKind
	name, title, module string
	parent              string
	body                any
	texts               []labelled
}

// Difference lists what changed from one edition to another, in the order of the
// newer one; what is gone stands at the end.
func Difference(from, to *Package) []Change {
	before, after := from.comparedPieces(), to.comparedPieces()
	at := map[string]*comparedPiece{}
	for i := range before {
		at[before[i].key()] = &before[i]
	}
	var out []Change
	for i := range after {
		now := &after[i]
		was, there := at[now.key()]
		change := Change{Kind: now.kind, Name: now.name, Title: now.title, Module: now.module}
		switch {
		case !there:
			change.How = Appeared
		case !same(was.body, now.body):
			change.How, change.Texts = Altered, compareTexts(was.texts, now.texts)
		case was.parent != now.parent:
			change.How = Moved
		default:
			continue
		}
		out = append(out, change)
	}
	out = append(out, reordered(before, after)...)
	for _, was := range before {
		if !slices.ContainsFunc(after, func(l comparedPiece) bool { return l.key() == was.key() }) {
			out = append(out, Change{Kind: was.kind, Name: was.name, Title: was.title, Module: was.module, How: Vanished})
		}
	}
	return out
}

func (l *comparedPiece) key() string { return string(l.kind) + " " + l.name }

func same(a, b any) bool {
	one, err := encode(a)
	other, err2 := encode(b)
	return err == nil && err2 == nil && one == other || reflect.DeepEqual(a, b)
}

// reordered names the modules, and the parents of lessons, in which what stayed
// stands in another order. The order of questions means nothing.
func reordered(before, after []comparedPiece) []Change {
	var out []Change
	for _, kind := range []PieceKind{ModulePiece, LessonPiece} {
		was, now := map[string][]string{}, map[string][]string{}
		parents := map[string]string{} // of what is in both
		for _, l := range before {
			if l.kind == kind {
				parents[l.name] = l.parent
			}
		}
		title := map[string]comparedPiece{}
		for _, l := range after {
			if parent, there := parents[l.name]; l.kind == kind && there && parent == l.parent {
				now[l.parent] = append(now[l.parent], l.name)
				title[l.parent] = l
			}
		}
		for _, l := range before {
			if l.kind == kind && slices.Contains(now[l.parent], l.name) {
				was[l.parent] = append(was[l.parent], l.name)
			}
		}
		for _, l := range after {
			if l.kind == kind && title[l.parent].name == l.name && !slices.Equal(was[l.parent], now[l.parent]) {
				out = append(out, Change{Kind: kind, Name: l.name, Title: kind.Label() + "の順番", Module: l.module, How: Moved})
			}
		}
	}
	return out
}

// comparedPieces takes a package apart for comparing.
func (p *Package) comparedPieces() []comparedPiece {
	top := *p
	top.Modules, top.Media, top.ID = nil, nil, ""
	list := []comparedPiece{{kind: CoursePiece, title: Plain(p.Title[questions.JA]), body: top, texts: courseTexts(&top)}}
	for _, m := range p.Modules {
		inner := m
		inner.Lessons, inner.Questions = nil, nil
		title := Plain(m.Title[questions.JA])
		list = append(list, comparedPiece{kind: ModulePiece, name: m.ID, title: title, body: inner, texts: moduleTexts(&m)})
		for _, l := range m.Lessons {
			list = append(list, comparedPiece{LessonPiece, l.ID, Plain(l.Title[questions.JA]), title, m.ID, l, lessonTexts(&l)})
		}
		for _, q := range m.Questions {
			plain := *q
			plain.Module = ""
			list = append(list, comparedPiece{QuestionPiece, q.ID, Plain(q.Text[questions.JA]), title, m.ID, plain, questionLabels(q)})
		}
	}
	for _, picture := range p.Media {
		list = append(list, comparedPiece{
			kind: PicturePiece, name: picture.Name, title: picture.Kind() + " " + picture.Name, body: picture, texts: picture.texts(),
		})
	}
	return list
}

// compareTexts pairs the texts by their labels.
func compareTexts(was, now []labelled) []TextChange {
	before := map[string]string{}
	for _, t := range was {
		before[t.label] = t.text
	}
	var out []TextChange
	for _, t := range now {
		if old := before[t.label]; old != t.text {
			out = append(out, TextChange{t.label, old, t.text, compareLines(old, t.text)})
		}
		delete(before, t.label)
	}
	for _, t := range was {
		if old := before[t.label]; old != "" {
			out = append(out, TextChange{t.label, old, "", compareLines(old, "")})
		}
	}
	return out
}

// CompareBodies says what changed between two states of a piece.
func CompareBodies(kind PieceKind, was, now string) ([]TextChange, error) {
	before, err := textsOf(kind, was)
	if err != nil {
		return nil, err
	}
	after, err := textsOf(kind, now)
	return compareTexts(before, after), err
}

func textsOf(kind PieceKind, body string) ([]labelled, error) {
	switch kind {
	case CoursePiece:
		var p Package
		err := decode(body, &p)
		return courseTexts(&p), err
	case ModulePiece:
		var m PackageModule
		err := decode(body, &m)
		return moduleTexts(&m), err
	case LessonPiece:
		var l PackageLesson
		err := decode(body, &l)
		return lessonTexts(&l), err
	case QuestionPiece:
		var q questions.Question
		err := decode(body, &q)
		return questionLabels(&q), err
	}
	var d Drawing
	err := decode(body, &d)
	return append([]labelled{{"説明", d.Alt}, {"図", d.SVG}}, d.texts()...), err
}

type texts []labelled

func (t *texts) add(label, text string) {
	if text != "" {
		*t = append(*t, labelled{label, text})
	}
}

const easyMark = "（やさしい日本語）"

func (t *texts) both(label string, text Text) {
	t.add(label, text[questions.JA])
	t.add(label+easyMark, text[questions.Easy])
}

func (t *texts) number(label string, n int, unit string) {
	if n != 0 {
		t.add(label, strconv.Itoa(n)+unit)
	}
}

func courseTexts(p *Package) []labelled {
	var t texts
	t.both("題", p.Title)
	t.both("紹介", p.Summary)
	t.both("はじめの文", p.Body)
	t.number("時間", p.Minutes, "分")
	if p.Supporters {
		t.add("修了すると", "つながりサポーターになる")
	}
	t.number("まとめの確認の問題", p.Closing.Questions, "問")
	t.number("まとめの確認の時間", p.Closing.Minutes, "分")
	if p.Closing.Questions > 0 {
		rule := "わかるまで、まちがえた問題に答え直す"
		if p.Closing.Rule == Pass {
			rule = fmt.Sprintf("%d%%以上で修了", p.Closing.Pass)
		}
		t.add("まとめの確認の決まり", rule)
		when := "全部答えたあと"
		if p.Closing.Immediate() {
			when = "ひとつ答えるたび"
		}
		t.add("まとめの確認の説明を見せるとき", when)
	}
	var draw []string
	for _, q := range p.Closing.Draw {
		draw = append(draw, fmt.Sprintf("%s%s　%d問", q.Module, q.Tag, q.Questions))
	}
	t.add("まとめの確認の内わけ", strings.Join(draw, "\n"))
	var terms []string
	for _, term := range p.Terms {
		terms = append(terms, term.Word+"（"+term.Reading+"）")
	}
	t.add("言葉とよみ", strings.Join(terms, "\n"))
	if p.Class != nil {
		t.add("授業パック", strings.Join(inside(reflect.ValueOf(p.Class)), "\n"))
	}
	return t
}

// inside are all the texts and numbers inside a value, in order.
func inside(v reflect.Value) []string {
	var out []string
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return inside(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				out = append(out, inside(v.Field(i))...)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			out = append(out, inside(v.Index(i))...)
		}
	case reflect.Map:
		for _, lang := range languages {
			if text := v.MapIndex(reflect.ValueOf(lang)); text.IsValid() {
				out = append(out, text.String())
			}
		}
	case reflect.String:
		out = append(out, strings.Split(v.String(), "\n")...)
	case reflect.Int:
		out = append(out, strconv.FormatInt(v.Int(), 10))
	}
	return slices.DeleteFunc(out, func(s string) bool { return s == "" })
}

func moduleTexts(m *PackageModule) []labelled {
	var t texts
	t.both("題", m.Title)
	t.both("あいさつ", m.Body)
	for _, lang := range languages {
		mark := ""
		if lang == questions.Easy {
			mark = easyMark
		}
		t.add("学習目標"+mark, strings.Join(goalsIn(m, lang), "\n"))
	}
	t.number("時間", m.Minutes, "分")
	t.number("確認の問題", m.Check, "問")
	return t
}

func lessonTexts(l *PackageLesson) []labelled {
	var t texts
	t.both("題", l.Title)
	if l.Required {
		t.add("読み方", "必ず読む")
	} else {
		t.add("読み方", "もっと知りたい方へ（読まなくてもよい）")
	}
	t.both("本文", l.Body)
	t.add("出典", strings.Join(l.Sources, "\n"))
	t.add("確認前", strings.Join(l.Unconfirmed, "\n"))
	return t
}
