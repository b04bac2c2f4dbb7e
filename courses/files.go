package courses

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"time"

	"tsunagari/courses/media"
	"tsunagari/courses/questions"
)

// zipTime is the time of every file in a written zip: equal packages give equal bytes.
var zipTime = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// WriteZip writes the course as the folder that ReadPackage reads: reading it
// back gives the same document. The media of a package that came from the database
// are loaded first (LoadMedia).
func WriteZip(w io.Writer, p *Package) error {
	archive := zip.NewWriter(w)
	archive.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	err := p.files(func(f *MediaFile, _ string) error {
		if f.content == nil {
			return fmt.Errorf("writing course %s: its media were not loaded", p.Slug)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, file := range p.Files() {
		method := zip.Deflate
		if media.TypeOf(ending(file.Name)) != "" {
			method = zip.Store // packed already
		}
		f, err := archive.CreateHeader(&zip.FileHeader{Name: p.Slug + "/" + file.Name, Method: method, Modified: zipTime})
		if err == nil {
			_, err = f.Write(file.Data)
		}
		if err != nil {
			return fmt.Errorf("writing %s of course %s: %w", file.Name, p.Slug, err)
		}
	}
	if err := archive.Close(); err != nil {
		return fmt.Errorf("writing course %s: %w", p.Slug, err)
	}
	return nil
}

// File is one file of a course folder.
type File struct {
	Name string
	Data []byte
}

// Files writes the course as the files of its folder, in the order of the course.
func (p *Package) Files() []File {
	w := &fileWriter{}
	w.course(p)
	if len(p.Terms) > 0 {
		var b bytes.Buffer
		for _, t := range p.Terms {
			b.WriteString(questions.Quote(t.Word) + ": " + questions.Quote(t.Reading) + "\n")
		}
		w.add("terms.yaml", b.Bytes())
	}
	for i := range p.Modules {
		w.module(&p.Modules[i])
	}
	if p.Class != nil {
		w.class(p.Class)
	}
	for _, m := range p.Media {
		w.medium(&m)
	}
	return w.files
}

func (w *fileWriter) medium(m *Picture) {
	name := "media/" + m.Name
	if m.File == nil {
		w.add(name, []byte(m.SVG))
		return
	}
	w.add(name, m.File.content)
	for _, lang := range languages {
		if words := m.Text[lang]; words != "" {
			w.add(fileOf(name, lang), []byte(words+"\n"))
		}
	}
}

type fileWriter struct{ files []File }

func (w *fileWriter) add(name string, data []byte) { w.files = append(w.files, File{name, data}) }

// draw writes what a closing has beside its rule.
func (f *yamlWriter) draw(k Closing) {
	if k.Show != "" {
		fmt.Fprintf(&f.b, "  show: %s\n", k.Show)
	}
	if len(k.Draw) > 0 {
		f.b.WriteString("  draw:\n")
	}
	for _, q := range k.Draw {
		fmt.Fprintf(&f.b, "    - questions: %d\n", q.Questions)
		if q.Module != "" {
			fmt.Fprintf(&f.b, "      module: %s\n", questions.Quote(q.Module))
		}
		if q.Tag != "" {
			fmt.Fprintf(&f.b, "      tag: %s\n", questions.Quote(q.Tag))
		}
	}
}

// markdown adds a file unless it would be empty.
func (w *fileWriter) markdown(base string, lang questions.Lang, f *yamlWriter, body string) {
	if f.b.Len() == 0 && body == "" {
		return
	}
	data := "---\n" + f.b.String() + "---\n"
	if body != "" {
		data += body + "\n"
	}
	w.add(fileOf(base, lang), []byte(data))
}

func (w *fileWriter) course(p *Package) {
	for _, lang := range languages {
		f := &yamlWriter{}
		if lang == questions.JA {
			f.text("id", p.ID)
			f.text("slug", p.Slug)
		}
		f.text("title", p.Title[lang])
		f.text("summary", p.Summary[lang])
		if lang == questions.JA {
			if p.Supporters {
				f.b.WriteString("supporters: true\n")
			}
			f.number("minutes", p.Minutes)
			var ids []string
			for _, m := range p.Modules {
				ids = append(ids, m.ID)
			}
			f.texts("modules", ids)
			if k := p.Closing; k.Questions > 0 {
				fmt.Fprintf(&f.b, "closing:\n  minutes: %d\n  questions: %d\n  rule: %s\n", k.Minutes, k.Questions, k.Rule)
				if k.Pass > 0 {
					fmt.Fprintf(&f.b, "  pass: %d\n", k.Pass)
				}
				f.draw(k)
			}
		}
		w.markdown("course", lang, f, p.Body[lang])
	}
}

func (w *fileWriter) module(m *PackageModule) {
	for _, lang := range languages {
		f := &yamlWriter{}
		f.text("title", m.Title[lang])
		f.texts("goals", goalsIn(m, lang))
		if lang == questions.JA {
			f.number("minutes", m.Minutes)
			f.number("check", m.Check)
			var ids []string
			for _, l := range m.Lessons {
				ids = append(ids, l.ID)
			}
			f.texts("lessons", ids)
		}
		w.markdown(m.ID+"/module", lang, f, m.Body[lang])
	}
	for i := range m.Lessons {
		w.lesson(m.ID, &m.Lessons[i])
	}
	if len(m.Questions) > 0 {
		w.add(m.ID+"/questions.yaml", questions.WriteText(m.Questions))
	}
}

// goalsIn are the goals in one language: all of them, an empty one for a goal
// that has no easy text, or none when none has.
func goalsIn(m *PackageModule, lang questions.Lang) []string {
	var out []string
	any := false
	for _, goal := range m.Goals {
		out = append(out, goal[lang])
		any = any || goal[lang] != ""
	}
	if !any {
		return nil
	}
	return out
}

func (w *fileWriter) lesson(module string, l *PackageLesson) {
	for _, lang := range languages {
		f := &yamlWriter{}
		f.text("title", l.Title[lang])
		if lang == questions.JA {
			if !l.Required {
				f.b.WriteString("required: false\n")
			}
			f.texts("sources", l.Sources)
			f.texts("unconfirmed", l.Unconfirmed)
		}
		w.markdown(module+"/"+l.ID, lang, f, l.Body[lang])
	}
}
