package views

import (
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tsunagari/certificates/paper"
	"tsunagari/courses"
	"tsunagari/courses/accounts"
)

// japan has no daylight saving time; a fixed zone needs no database of zones.
var japan = time.FixedZone("JST", 9*60*60)

// funcs are what templates may call. Texts of courses come as template.HTML from
// package courses, furigana included, and need no function.
func (s *site) funcs() template.FuncMap {
	return template.FuncMap{
		"asset":    s.static.url,
		"date":     func(v any) (string, error) { return japanese(v, "2006年1月2日") },
		"datetime": func(v any) (string, error) { return japanese(v, "2006年1月2日 15時04分") },
		"wareki":   wareki,
		"field":    newField,
		"onoff":    onOff,
		"choice":   func(value, label string) Choice { return Choice{Value: value, Label: label} },
		"choices":  func(c ...Choice) []Choice { return c },
		"icon":     icon,
		"tel":      dial,
		"keeps":    keeps,
		"place":    accounts.PlaceName,
		"code":     spacedCode,
		"number":   accounts.ShowNumber,
		"comma":    comma,
		"add":      func(a, b int) int { return a + b },
		"moves":    newMoves,
		"plain":    func(t courses.Text) string { return courses.Plain(t.In("ja")) },
		"asktype":  courses.TypeLabel,
	}
}

// when reads a time.Time, which may be missing, or a calendar date "2006-01-02",
// which is one of Japan.
func when(v any) (time.Time, error) {
	switch v := v.(type) {
	case time.Time:
		return v.In(japan), nil
	case *time.Time:
		if v == nil {
			return time.Time{}, nil
		}
		return v.In(japan), nil
	case string:
		return time.ParseInLocation("2006-01-02", v, japan)
	}
	return time.Time{}, fmt.Errorf("views: %T is not a date", v)
}

func japanese(v any, layout string) (string, error) {
	if v == "" {
		return "", nil
	}
	t, err := when(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	return t.Format(layout), nil
}

// wareki writes a date as certificates do: 令和8年11月23日.
func wareki(v any) (string, error) {
	if v == "" {
		return "", nil
	}
	t, err := when(v)
	if err != nil || t.IsZero() {
		return "", err
	}
	return paper.Wareki(t), nil
}

// dial leaves of a telephone number what can be dialled.
func dial(number string) string {
	return strings.Map(func(r rune) rune {
		if r == '+' || unicode.IsDigit(r) && r < unicode.MaxASCII {
			return r
		}
		return -1
	}, number)
}

// spacedCode is the code of a class as people read it: 123 456.
func spacedCode(code string) string {
	if len(code) != len("123456") {
		return code
	}
	return code[:3] + " " + code[3:]
}

// Field is one labelled field of a form, as the templates of parts/fields.html draw it.
type Field struct {
	Name, Label, Value, Hint, Error       string
	Type, Autocomplete, Inputmode, Prefix string
	Required, Optional                    bool
	Max                                   int
	Choices                               []Choice
	Values                                []string // what is ticked, for check boxes
}

// Choice is one radio button, check box or line of a select list.
type Choice struct {
	Value, Label, Hint, Group string
}

// On says whether the choice c is the one that was made.
func (f Field) On(c Choice) bool {
	for _, v := range f.Values {
		if v == c.Value {
			return true
		}
	}
	return f.Values == nil && f.Value == c.Value
}

// Describe lists the ids that aria-describedby names: the error first.
func (f Field) Describe() string {
	var ids []string
	if f.Error != "" {
		ids = append(ids, f.Name+"-error")
	}
	if f.Hint != "" {
		ids = append(ids, f.Name+"-hint")
	}
	return strings.Join(ids, " ")
}

// newField reads pairs: field "name" "family_name" "label" "姓" "required" true.
func newField(pairs ...any) (Field, error) {
	f := Field{Type: "text"}
	if len(pairs)%2 != 0 {
		return f, errors.New("field: a name without a value")
	}
	texts := map[string]*string{
		"name": &f.Name, "label": &f.Label, "value": &f.Value, "hint": &f.Hint, "error": &f.Error,
		"type": &f.Type, "autocomplete": &f.Autocomplete, "inputmode": &f.Inputmode, "prefix": &f.Prefix,
	}
	for i := 0; i < len(pairs); i += 2 {
		key, _ := pairs[i].(string)
		if text, ok := texts[key]; ok {
			*text = fmt.Sprint(pairs[i+1])
			continue
		}
		var ok bool
		switch key {
		case "required":
			f.Required, ok = pairs[i+1].(bool)
		case "optional":
			f.Optional, ok = pairs[i+1].(bool)
		case "max":
			f.Max, ok = pairs[i+1].(int)
		case "choices":
			f.Choices, ok = pairs[i+1].([]Choice)
		case "values":
			f.Values, ok = pairs[i+1].([]string)
		}
		if !ok {
			return f, fmt.Errorf("field: %q is unknown or has a wrong value", key)
		}
	}
	return f, nil
}

// Group is a heading of a select list with its lines.
type Group struct {
	Label   string
	Choices []Choice
}

// Grouped puts neighbouring choices of one group together.
func (f Field) Grouped() []Group {
	var groups []Group
	for _, c := range f.Choices {
		if n := len(groups); n == 0 || groups[n-1].Label != c.Group {
			groups = append(groups, Group{Label: c.Group})
		}
		last := &groups[len(groups)-1]
		last.Choices = append(last.Choices, c)
	}
	return groups
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

// comma writes a number as people read long ones: 112,345.
func comma(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
