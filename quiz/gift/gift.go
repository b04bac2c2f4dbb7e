// Package gift reads and writes questions in Moodle's GIFT format
// (https://docs.moodle.org/en/GIFT_format), in the way Moodle's own importer
// takes it. Where a person's slip would lose a question in Moodle, it is read if
// there is no doubt what was meant, and a remark says so. It knows no course.
package gift

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"tsunagari/courses/questions"
	"tsunagari/storage/table"
)

// Bounds of a file.
const (
	maxBytes     = 4 << 20
	maxQuestions = 5000
	maxParts     = 30      // choices, pairs, answers of one question
	maxText      = 8 << 10 // bytes of one text
)

// Read reads a GIFT file: whatever is good is in Questions, and everything else
// has a remark with its line. A broken question takes no other with it.
func Read(data []byte, o questions.ReadOptions) *questions.Import {
	r := &reader{out: &questions.Import{}, wide: o.FullWidth}
	if len(data) > maxBytes {
		return refuse(fmt.Sprintf("ファイルが大きすぎます（%dMBまで）。いくつかのファイルに分けてください。", maxBytes>>20))
	}
	text, _, err := table.Decode(data)
	if err != nil {
		return refuse(err.Error())
	}
	blocks := r.blocks(text)
	if len(blocks) > maxQuestions {
		return refuse(fmt.Sprintf("問題が多すぎます（%d問まで。このファイルは%d問ほどあります）。いくつかのファイルに分けてください。", maxQuestions, len(blocks)))
	}
	for _, b := range blocks {
		r.question(b)
	}
	return r.out
}

func refuse(reason string) *questions.Import {
	return &questions.Import{Problems: []questions.Remark{{Line: 1, Reason: reason}}}
}

type reader struct {
	out  *questions.Import
	wide bool
}

// draft is one question being read.
type draft struct {
	*reader
	questions.Imported
	format format // of its text, and of its parts unless they say otherwise
	broken bool
}

// look notes what should be looked at in a question that was read.
func (d *draft) look(line int, reason string, args ...any) {
	d.out.Problems = append(d.out.Problems, questions.Remark{Line: line, Name: d.Name, Reason: fmt.Sprintf(reason, args...)})
}

// fail notes why the question cannot be taken.
func (d *draft) fail(line int, reason string, args ...any) {
	d.look(line, reason, args...)
	d.broken = true
}

// done adds the question, unless something in it is wrong.
func (d *draft) done() {
	if d.broken {
		return
	}
	for _, reason := range d.Faults() {
		d.fail(d.Line, "%s", reason)
	}
	if !d.broken {
		d.out.Questions = append(d.out.Questions, d.Imported)
	}
}

// unsupported lists a question of a type that we do not have; its text can be
// kept as a reflection.
func (d *draft) unsupported(reason string) {
	remark := questions.Remark{Line: d.Line, Name: d.Name, Reason: reason}
	if !d.broken && d.Text[questions.JA] != "" {
		keep := d.Imported
		keep.Type = questions.Reflection
		remark.Keep = &keep
	}
	d.out.Unsupported = append(d.out.Unsupported, remark)
}

// shorten is the beginning of what is quoted in a remark.
func shorten(s string) string {
	s = strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ")
	if r := []rune(s); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return s
}

func number(i int) string { return strconv.Itoa(i + 1) }
