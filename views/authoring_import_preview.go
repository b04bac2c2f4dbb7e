package views

import (
	"html/template"
	"slices"
	"strconv"
	"strings"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/quiz"
	"tsunagari/quiz/formats"
	"tsunagari/storage/table"
)

// preview lays out what was read from the file.
func (p *importPage) preview(f formats.Format, imp *questions.Import) {
	v := &importPreview{Format: f.Label, FullWidth: imp.FullWidth && !p.In.Wide, Room: p.Draft.Room(p.Module.Name)}
	p.Preview, p.In.Format, p.In.Kept = v, f.Name, carried(p.data)
	p.correctable()
	there := p.asked()
	for _, q := range imp.Questions {
		ours, faults := courses.AsOurs(q)
		for _, reason := range faults {
			v.Problems = append(v.Problems, questions.Remark{Line: q.Line, Name: q.Name, Reason: reason})
		}
		if len(faults) > 0 {
			continue
		}
		v.Good++
		if v.Good <= shownQuestions {
			shown := p.imported(v.Good, &ours)
			shown.Pictures, shown.There = pictureNames(q.Files), there[courses.Plain(ours.Text.In("ja"))]
			v.Questions = append(v.Questions, shown)
		}
	}
	v.More = v.Good - len(v.Questions)
	v.trouble(imp, p.In.Keep)
	v.likely(f, p.data)
}

// likely finds the format that was meant when the chosen one finds nothing.
func (v *importPreview) likely(chosen formats.Format, data []byte) {
	if other, known := formats.Detect(data); v.Good == 0 && known && other.Name != chosen.Name && len(other.Read(data, questions.ReadOptions{}).Questions) > 0 {
		v.Likely = &other
	}
}

// correctable puts a text that is not too long into the form, to be corrected there.
func (p *importPage) correctable() {
	if len(p.data) > correctable {
		return
	}
	if text, _, err := table.Decode(p.data); err == nil {
		p.In.Text = text
	}
}

// trouble sorts what cannot be taken by its lines and cuts a list that nobody
// would read.
func (v *importPreview) trouble(imp *questions.Import, ticked []string) {
	v.Problems = append(v.Problems, imp.Problems...)
	slices.SortStableFunc(v.Problems, func(a, b questions.Remark) int { return a.Line - b.Line })
	if more := len(v.Problems) - 2*shownQuestions; more > 0 {
		v.Problems, v.MoreTrouble = v.Problems[:2*shownQuestions], more
	}
	for i, r := range imp.Unsupported {
		on := r.Keep != nil && slices.Contains(ticked, strconv.Itoa(i))
		if on {
			v.Kept++
		}
		if i < 2*shownQuestions {
			v.Unsupported = append(v.Unsupported, unsupportedView{r, i, on})
		} else {
			v.MoreTrouble++
		}
	}
}

func (v *importPreview) keepable() bool {
	return slices.ContainsFunc(v.Unsupported, func(u unsupportedView) bool { return u.Keep != nil })
}

// Fits says whether the module has room for all that is good.
func (v *importPreview) Fits() bool { return v.Good+v.Kept <= v.Room }

// asked are the words of the questions that the module has already.
func (p *importPage) asked() map[string]bool {
	there := map[string]bool{}
	for _, q := range p.Draft.Under(courses.QuestionPiece, p.Module.Name) {
		there[p.Draft.Title(q)] = true
	}
	return there
}

func pictureNames(files []questions.File) []string {
	var names []string
	for _, f := range files {
		names = append(names, f.Name)
	}
	return names
}

func (p *Page) imported(number int, q *questions.Imported) importedView {
	asked := quiz.Preview(&q.Question)
	v := importedView{
		askedView: p.asks(asked.Asked), Number: number, Line: q.Line, Name: q.Name, TypeName: courses.TypeLabel(q.Type),
		Otherwise: p.inline(asked.Otherwise), Explanation: p.inline(asked.Said),
	}
	v.Prefix = "q" + strconv.Itoa(number) + "-"
	for _, k := range asked.Key {
		v.Key = append(v.Key, p.keyed(q, k))
	}
	return v
}

// keyed is one part of the key. The answers to short questions are no Markdown.
func (p *Page) keyed(q *questions.Imported, k quiz.Keyed) keyView {
	v := keyView{Text: p.inline(k.Text), Say: p.inline(k.Feedback), Right: k.Weight > 0}
	if q.Type == questions.Short || q.Type == questions.Numerical {
		v.Text = template.HTML(template.HTMLEscapeString(k.Text["ja"]))
	}
	if k.Weight != 0 && k.Weight != 1 {
		v.Percent = strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(k.Weight*100, 'f', 1, 64), "0"), ".") + "%"
	}
	return v
}
