package gift

import (
	"regexp"
	"strings"
)

// block is the lines of one question. Comment lines are empty in its text, so
// that lines can be counted in it.
type block struct {
	part
	category string
	comments []string
	gap      bool // whether an empty line stands inside its braces
}

var (
	namedLine   = regexp.MustCompile(`^::.+::`)
	answerLine  = regexp.MustCompile(`^[=~#}]`)
	wideAnswer  = regexp.MustCompile(`^[＝～〜＃｝]`)
	wideOpening = regexp.MustCompile(`｛[\s　]*(?:$|[=＝~～〜#＃｝]|(?i:true|false|t|f|ｔｒｕｅ|ｆａｌｓｅ|ｔ|ｆ)[\s　]*[#＃｝])`)
	narrowLead  = strings.NewReplacer("／／", "//", "：：", "::", "＄CATEGORY：", categoryMark, "$CATEGORY：", categoryMark, "＄CATEGORY:", categoryMark)
)

const categoryMark = "$CATEGORY:"

// splitter splits a file into questions: at empty lines, before ::name:: and
// around $CATEGORY:.
type splitter struct {
	wide     bool
	line     int
	category string
	done     []block

	current   block
	text      strings.Builder
	trailing  []string // comments after the last line of text
	open      bool     // whether the last brace of the text opens
	suspended bool     // whether an empty line stood where a brace was open
}

func (r *reader) blocks(text string) []block {
	s := &splitter{wide: r.wide}
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", " ", "\f", " ").Replace(text)
	for line := range strings.SplitSeq(text, "\n") {
		s.line++
		s.next(strings.TrimSpace(line))
		if len(s.done) > maxQuestions {
			break
		}
	}
	s.flush()
	return s.done
}

func (s *splitter) next(line string) {
	lead := s.lead(line)
	if path, ok := strings.CutPrefix(lead, categoryMark); ok {
		s.flush()
		s.category = categoryPath(oneLine(path))
		return
	}
	switch {
	case line == "":
		s.pause()
	case strings.HasPrefix(lead, "//"):
		s.trailing = append(s.trailing, lead[2:])
		if s.text.Len() > 0 {
			s.text.WriteByte('\n')
		}
	default:
		s.add(line, lead)
	}
}

// lead is the line with its first sign in ASCII.
func (s *splitter) lead(line string) string {
	if !s.wide {
		return line
	}
	for _, wide := range []string{"／／", "：：", "＄CATEGORY：", "$CATEGORY：", "＄CATEGORY:"} {
		if strings.HasPrefix(line, wide) {
			return narrowLead.Replace(wide) + strings.Replace(line[len(wide):], "：：", "::", 1)
		}
	}
	return line
}

// pause is at an empty line: it ends a question unless its braces are open.
func (s *splitter) pause() {
	if !s.open {
		s.flush()
		return
	}
	s.suspended = true
	s.comment()
	s.text.WriteByte('\n')
}

// comment keeps the comments that were seen for the current question.
func (s *splitter) comment() {
	s.current.comments = append(s.current.comments, s.trailing...)
	s.trailing = nil
}

func (s *splitter) add(line, lead string) {
	goesOn := answerLine.MatchString(line) || s.wide && wideAnswer.MatchString(line)
	switch {
	case s.text.Len() == 0:
	case s.suspended && goesOn:
		s.current.gap = true
	case s.suspended, namedLine.MatchString(lead) && s.named():
		kept := s.trailing
		s.trailing = nil
		s.flush()
		s.trailing = kept
	}
	s.suspended = false
	s.comment()
	if s.text.Len() == 0 {
		s.current.line = s.line
	} else {
		s.text.WriteByte('\n')
	}
	s.text.WriteString(line)
	s.brace(line)
}

// named says that no name is open in the current question, which a line could end.
func (s *splitter) named() bool {
	text := s.lead(s.text.String())
	return !strings.HasPrefix(text, "::") || strings.Count(text, "::") > 1
}

// brace follows the braces of a line.
func (s *splitter) brace(line string) {
	text := protect(line, s.wide)
	opens, closes := strings.LastIndexByte(text, '{'), strings.LastIndexByte(text, '}')
	if s.wide {
		if all := wideOpening.FindAllStringIndex(text, -1); len(all) > 0 {
			opens = max(opens, all[len(all)-1][0])
		}
		closes = max(closes, strings.LastIndex(text, "｝"))
	}
	if opens != closes {
		s.open = opens > closes
	}
}

// flush ends the current question.
func (s *splitter) flush() {
	if s.text.Len() > 0 {
		s.comment()
		s.current.text = s.text.String()
		s.current.category = s.category
		s.done = append(s.done, s.current)
	}
	s.current, s.trailing, s.open, s.suspended = block{}, nil, false, false
	s.text.Reset()
}

var (
	context    = regexp.MustCompile(`^\$[a-z]+[0-9]*\$(?:/|$)`)
	idNumber   = regexp.MustCompile(`\[id:((?:\\\]|[^\]\x00-\x1f\x7f])+)\]`)
	tagWords   = regexp.MustCompile("\\[tag:((?:\\\\\\]|[^\\]<>`\\x00-\\x1f\\x7f])+)\\]")
	unbrackets = strings.NewReplacer(`\]`, `]`)
)

// categoryPath is a path without what Moodle writes before it: the context
// ($course$) and the category top that every other one stands in.
func categoryPath(path string) string {
	path = path[len(context.FindString(path)):]
	if path == "top" {
		return ""
	}
	return strings.TrimPrefix(path, "top/")
}

// labels are the [id:…] and the [tag:…] in the comments of a question.
func labels(comments []string) (id string, tags []string) {
	all := strings.Join(comments, "\n")
	if m := idNumber.FindStringSubmatch(all); m != nil {
		id = strings.TrimSpace(unbrackets.Replace(m[1]))
	}
	for _, m := range tagWords.FindAllStringSubmatch(all, -1) {
		if tag := strings.TrimSpace(unbrackets.Replace(m[1])); tag != "" {
			tags = append(tags, tag)
		}
	}
	return id, tags
}
