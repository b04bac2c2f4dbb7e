package courses

import (
	"bytes"
	"fmt"
	"strconv"

	"tsunagari/courses/questions"
)

// yamlWriter writes mappings and lists of mappings, every text in quotes. What
// is empty is left out.
type yamlWriter struct {
	b      bytes.Buffer
	indent string
	dash   bool // the next line begins an item of a list
}

func (y *yamlWriter) line(name, value string) {
	indent := y.indent
	if y.dash {
		indent, y.dash = indent[2:]+"- ", false
	}
	fmt.Fprintf(&y.b, "%s%s: %s\n", indent, name, value)
}

func (y *yamlWriter) text(name, value string) {
	if value != "" {
		y.line(name, questions.Quote(value))
	}
}

func (y *yamlWriter) number(name string, value int) {
	if value != 0 {
		y.line(name, strconv.Itoa(value))
	}
}

func (y *yamlWriter) texts(name string, values []string) {
	if len(values) == 0 {
		return
	}
	y.begin(name)
	for _, v := range values {
		y.b.WriteString(y.indent + "  - " + questions.Quote(v) + "\n")
	}
}

func (y *yamlWriter) bilingual(name string, t Text) {
	y.text(name, t[questions.JA])
	y.text(name+"_easy", t[questions.Easy])
}

func (y *yamlWriter) bilinguals(name string, texts []Text) {
	for _, lang := range languages {
		var values []string
		any := false
		for _, t := range texts {
			values = append(values, t[lang])
			any = any || t[lang] != ""
		}
		key := name
		if lang == questions.Easy {
			key += "_easy"
		}
		if any {
			y.texts(key, values)
		}
	}
}

// begin writes a key whose value follows on the next lines.
func (y *yamlWriter) begin(name string) {
	indent := y.indent
	if y.dash {
		indent, y.dash = indent[2:]+"- ", false
	}
	y.b.WriteString(indent + name + ":\n")
}

func (y *yamlWriter) part(name string, write func()) {
	y.begin(name)
	outer := y.indent
	y.indent += "  "
	write()
	y.indent = outer
}

func (y *yamlWriter) list(name string, n int, item func(i int)) {
	if n == 0 {
		return
	}
	y.begin(name)
	outer := y.indent
	y.indent += "    "
	for i := range n {
		y.dash = true
		item(i)
	}
	y.indent, y.dash = outer, false
}
