package courses

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"tsunagari/courses/media"
	"tsunagari/courses/questions"
	"tsunagari/courses/questions/outline"
)

// Bounds of a course folder.
const (
	maxFiles   = 1000
	maxFile    = 1 << 20
	maxCourse  = 12 << 20
	maxModules = 40
	maxLessons = 60 // of one module
)

// ReadPackage reads a course folder (curriculum/README.md). Whatever can be
// read is returned beside the faults; a package with faults is not published.
func ReadPackage(fsys fs.FS) (*Package, []Fault) {
	r := &folder{fsys: fsys, files: map[string]bool{}}
	r.list()
	p := &Package{}
	r.course(p)
	r.terms(p)
	r.media(p)
	p.Class = r.class()
	r.leftover()
	p.faults = append(append([]Fault{}, r.faults...), p.check(true)...)
	sortFaults(p.faults)
	return p, slices.Clone(p.faults)
}

func sortFaults(faults []Fault) {
	slices.SortStableFunc(faults, func(a, b Fault) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
}

// folder reads the files of one course. files holds every file that is there,
// true once it was read.
type folder struct {
	fsys      fs.FS
	files     map[string]bool
	size      int
	mediaSize int
	faults    []Fault
}

func (r *folder) fault(file string, line int, format string, args ...any) {
	r.faults = append(r.faults, Fault{file, line, fmt.Sprintf(format, args...)})
}

func (r *folder) take(file string, faults []outline.Fault) {
	for _, f := range faults {
		r.faults = append(r.faults, Fault{file, f.Line, f.Reason})
	}
}

// ignored are the files that computers leave in folders by themselves.
func ignored(name string) bool {
	return strings.HasPrefix(path.Base(name), ".") && name != "." ||
		strings.HasPrefix(name, "__MACOSX") || path.Base(name) == "Thumbs.db" || path.Base(name) == "desktop.ini"
}

func (r *folder) list() {
	err := fs.WalkDir(r.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			r.fault(name, 0, "読めませんでした。")
			return nil
		}
		if ignored(name) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if d.IsDir() {
			if strings.Count(name, "/") >= 2 {
				r.fault(name, 0, "フォルダーが深すぎます。")
				return fs.SkipDir
			}
			return nil
		}
		if len(r.files) >= maxFiles {
			r.fault(name, 0, "ファイルが多すぎます（%d個まで）。", maxFiles)
			return fs.SkipAll
		}
		r.files[name] = false
		return nil
	})
	if err != nil {
		r.fault(".", 0, "フォルダーを読めませんでした。")
	}
}

// leftover names the files that nothing in the course leads to.
func (r *folder) leftover() {
	for name, read := range r.files {
		if !read {
			r.fault(name, 0, "このファイルは使われていません。一覧（modules、lessons）に書き忘れていないか、見てください。")
		}
	}
}

// transcript is the name of the words of a recording.
var transcript = regexp.MustCompile(`^[a-z0-9-]+\.(mp3|m4a|ogg)(\.easy)?\.md$`)

// medium reads a photograph, a recording or a hand-out, and the words of a recording.
func (r *folder) medium(p *Package, name string) {
	r.files[name] = true
	data, err := fs.ReadFile(r.fsys, name)
	r.mediaSize += len(data)
	switch {
	case err != nil:
		r.fault(name, 0, "読めませんでした。")
		return
	case r.mediaSize > 2*MaxMedia: // files get smaller by being read
		r.fault(name, 0, "写真・音声・資料を合わせると大きすぎます（%d MBまで）。", MaxMedia>>20)
		return
	}
	file, err := media.Read(data, ending(name))
	if err != nil {
		r.fault(name, 0, "%s", err)
		return
	}
	m := Picture{Name: strings.TrimPrefix(name, "media/"), File: newFile(file)}
	for _, lang := range languages {
		if words, ok := r.text(fileOf(name, lang)); ok && m.IsSound() {
			put(&m.Text, lang, strings.TrimSpace(words))
		}
	}
	p.Media = append(p.Media, m)
}

// text reads a file as text with plain line ends; ok is false when it is not there.
func (r *folder) text(name string) (content string, ok bool) {
	if _, there := r.files[name]; !there {
		return "", false
	}
	r.files[name] = true
	f, err := r.fsys.Open(name)
	if err != nil {
		r.fault(name, 0, "読めませんでした。")
		return "", false
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	r.size += len(data)
	switch {
	case err != nil:
		r.fault(name, 0, "読めませんでした。")
	case len(data) > maxFile:
		r.fault(name, 0, "ファイルが大きすぎます（%d KBまで）。", maxFile>>10)
	case r.size > maxCourse:
		r.fault(name, 0, "講座全体が大きすぎます（%d MBまで）。", maxCourse>>20)
	case !utf8.Valid(data):
		r.fault(name, 0, "文字コードがUTF-8ではありません。")
	default:
		data = bytes.TrimPrefix(data, []byte("\ufeff"))
		data = bytes.ReplaceAll(data, []byte("\r\n"), newline)
		data = bytes.ReplaceAll(data, []byte("\r"), newline)
		if i := bytes.IndexFunc(data, unprintable); i >= 0 {
			r.fault(name, 1+bytes.Count(data[:i], newline), "表示できない文字（制御文字や外字）があります。")
			return "", false
		}
		return string(data), true
	}
	return "", false
}

func unprintable(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 ||
		r >= 0xe000 && r <= 0xf8ff || r == 0xfffd || r >= 0xf0000
}

// written is a Markdown file: its front matter and its body.
type written struct {
	*outline.Fields
	body string
	line int // of the file on which body begins
	ok   bool
}

// markdown reads a file with front matter. Without the file, ok is false and
// every field is empty.
func (r *folder) markdown(name string, faults *[]outline.Fault) written {
	none := written{Fields: outline.NewFields(&outline.Node{}, faults)}
	content, ok := r.text(name)
	if !ok {
		return none
	}
	rest, opened := strings.CutPrefix(content, "---\n")
	front, text, closed := strings.Cut("\n"+rest, "\n---\n")
	if !closed {
		front, closed = strings.CutSuffix("\n"+rest, "\n---")
		text = ""
	}
	if !opened || !closed {
		*faults = append(*faults, outline.Fault{Line: 1, Reason: "--- で囲んだ見出し部分から始めてください。"})
		return none
	}
	node, fault := outline.Read([]byte(strings.TrimPrefix(front, "\n")), 2)
	if fault != nil {
		*faults = append(*faults, *fault)
		return none
	}
	line := 1 + strings.Count(front, "\n") + 2
	for strings.HasPrefix(text, "\n") {
		text, line = text[1:], line+1
	}
	return written{Fields: outline.NewFields(node, faults), body: strings.TrimRight(text, " \t\n"), line: line, ok: true}
}

// languages reads x.md and x.easy.md. read is called for each that is there.
func (r *folder) languages(base string, required bool, read func(w written, lang questions.Lang)) {
	for _, lang := range languages {
		name := fileOf(base, lang)
		var faults []outline.Fault
		w := r.markdown(name, &faults)
		if _, there := r.files[name]; !there && lang == questions.JA && required {
			r.fault(name, 0, "このファイルがありません。")
		}
		if w.ok {
			read(w, lang)
			w.Done()
		}
		r.take(name, faults)
	}
}

var languages = []questions.Lang{questions.JA, questions.Easy}

func fileOf(base string, lang questions.Lang) string {
	if lang == questions.Easy {
		return base + ".easy.md"
	}
	return base + ".md"
}

// put sets a text in one language, leaving out an empty one.
func put(t *Text, lang questions.Lang, s string) {
	if s == "" {
		return
	}
	if *t == nil {
		*t = Text{}
	}
	(*t)[lang] = s
}

func (r *folder) course(p *Package) {
	var modules []string
	r.languages("course", true, func(w written, lang questions.Lang) {
		put(&p.Title, lang, w.Text("title"))
		put(&p.Summary, lang, w.Text("summary"))
		put(&p.Body, lang, w.body)
		p.setLine(lang, w.line)
		if lang == questions.Easy {
			return
		}
		w.Require("id", "slug", "title", "modules")
		p.ID, p.Slug = w.Text("id"), w.Text("slug")
		p.Supporters = w.Bool("supporters", false)
		p.Minutes = w.Int("minutes", 1, 6000)
		modules = r.names(w, "modules", maxModules)
		p.Closing = readClosing(w.Sub("closing"))
	})
	for _, id := range modules {
		p.Modules = append(p.Modules, r.module(id))
	}
}

// names reads a list of ids, each of which is a file or a folder.
func (r *folder) names(w written, key string, most int) []string {
	var out []string
	for _, id := range w.Texts(key) {
		switch {
		case !lessonID.MatchString(id):
			w.Fault(w.LineOf(key), "「%s」には半角の小文字・数字・- を使ってください。", id)
		case slices.Contains(out, id):
			w.Fault(w.LineOf(key), "「%s」が二度あります。", id)
		case len(out) >= most:
			w.Fault(w.LineOf(key), "「%s」は%dまでです。", key, most)
			return out
		default:
			out = append(out, id)
		}
	}
	return out
}

func (r *folder) module(id string) PackageModule {
	m := PackageModule{ID: id}
	var lessons []string
	goals := map[questions.Lang][]string{}
	r.languages(id+"/module", true, func(w written, lang questions.Lang) {
		put(&m.Title, lang, w.Text("title"))
		put(&m.Body, lang, w.body)
		goals[lang] = w.Texts("goals")
		m.setLine(lang, w.line)
		if lang == questions.Easy {
			if len(goals[lang]) > 0 && len(goals[lang]) != len(goals[questions.JA]) {
				w.Fault(w.LineOf("goals"), "学習目標の数が、ふつうの日本語（%d）とちがいます。", len(goals[questions.JA]))
			}
			return
		}
		w.Require("title", "lessons")
		m.Minutes, m.Check = w.Int("minutes", 1, 600), w.Int("check", 0, 20)
		lessons = r.names(w, "lessons", maxLessons)
	})
	for i, goal := range goals[questions.JA] {
		text := Text{questions.JA: goal}
		if easy := goals[questions.Easy]; i < len(easy) {
			put(&text, questions.Easy, easy[i])
		}
		m.Goals = append(m.Goals, text)
	}
	for _, lesson := range lessons {
		m.Lessons = append(m.Lessons, r.lesson(id, lesson))
	}
	m.Questions = r.questions(id)
	return m
}

func (r *folder) lesson(module, id string) PackageLesson {
	l := PackageLesson{ID: id, Required: true}
	r.languages(module+"/"+id, true, func(w written, lang questions.Lang) {
		put(&l.Title, lang, w.Text("title"))
		put(&l.Body, lang, w.body)
		l.setLine(lang, w.line)
		w.Require("title")
		if w.body == "" {
			w.Fault(w.line, "本文がありません。")
		}
		if lang == questions.JA {
			l.Required = w.Bool("required", true)
			l.Sources, l.Unconfirmed = w.Texts("sources"), w.Texts("unconfirmed")
		}
	})
	return l
}

func (r *folder) questions(module string) []*questions.Question {
	name := module + "/questions.yaml"
	content, ok := r.text(name)
	if !ok {
		return nil
	}
	bank, faults := questions.ReadText([]byte(content))
	r.take(name, faults)
	for _, q := range bank {
		q.Module = module
	}
	return bank
}

func (r *folder) terms(p *Package) {
	content, ok := r.text("terms.yaml")
	if !ok {
		return
	}
	root, fault := outline.Read([]byte(content), 1)
	if fault != nil {
		r.take("terms.yaml", []outline.Fault{*fault})
		return
	}
	if root.Kind == outline.List {
		r.fault("terms.yaml", root.Line, "「言葉: よみ」の形で書いてください。")
	}
	for _, key := range root.Keys {
		if key.Value.Kind != outline.Scalar || key.Value.Text == "" {
			r.fault("terms.yaml", key.Line, "「%s」のよみがありません。", key.Name)
			continue
		}
		p.Terms = append(p.Terms, Term{Word: key.Name, Reading: key.Value.Text})
	}
}

func (r *folder) media(p *Package) {
	var names []string
	for name := range r.files {
		if strings.HasPrefix(name, "media/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		base := strings.TrimPrefix(name, "media/")
		switch {
		case transcript.MatchString(base):
			continue // read with its recording, or left over
		case !mediumName.MatchString(base):
			r.files[name] = true
			r.fault(name, 0, "media/ には、.svg .jpg .png .mp3 .m4a .ogg .pdf のファイルが入ります。名前には半角の小文字・数字・- を使ってください。")
			continue
		case ending(base) != "svg":
			r.medium(p, name)
			continue
		}
		content, ok := r.text(name)
		if !ok {
			continue
		}
		clean, dropped, err := CleanSVG([]byte(content))
		if err != nil {
			r.fault(name, 0, "%s", err)
			continue
		}
		p.Media = append(p.Media, Picture{Name: base, SVG: clean, dropped: dropped})
	}
}
