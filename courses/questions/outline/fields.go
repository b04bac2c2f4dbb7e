package outline

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// MaxText is the length of the longest text of one field, in bytes.
const MaxText = 8 << 10

// Fields reads the keys of one mapping. What is wrong is appended to Faults;
// reading goes on with the zero value.
type Fields struct {
	Line   int
	keys   map[string]Key
	order  []string
	read   map[string]bool
	faults *[]Fault
}

// NewFields begins reading node, which must be a mapping.
func NewFields(node *Node, faults *[]Fault) *Fields {
	f := &Fields{Line: node.Line, keys: map[string]Key{}, read: map[string]bool{}, faults: faults}
	if node.Kind != Map {
		if node.Kind != Empty {
			f.Fault(node.Line, "ここには「名前: 値」の形が要ります。")
		}
		return f
	}
	for _, k := range node.Keys {
		f.keys[k.Name] = k
		f.order = append(f.order, k.Name)
	}
	return f
}

// Fault notes something wrong on line.
func (f *Fields) Fault(line int, format string, args ...any) {
	*f.faults = append(*f.faults, Fault{line, fmt.Sprintf(format, args...)})
}

// Has says whether the key is there with a value.
func (f *Fields) Has(name string) bool {
	k, ok := f.keys[name]
	return ok && k.Value.Kind != Empty && (k.Value.Kind != Scalar || strings.TrimSpace(k.Value.Text) != "")
}

// LineOf is the line of the key, or of the mapping without it.
func (f *Fields) LineOf(name string) int {
	if k, ok := f.keys[name]; ok {
		return k.Line
	}
	return f.Line
}

func (f *Fields) node(name string, kind Kind, want string) *Node {
	f.read[name] = true
	k, ok := f.keys[name]
	if !ok || k.Value.Kind == Empty {
		return nil
	}
	if k.Value.Kind != kind {
		if kind == Scalar && isFurigana(k.Value) {
			f.Fault(k.Line, quoteFirst)
			return nil
		}
		f.Fault(k.Line, "「%s」には%sを書いてください。", name, want)
		return nil
	}
	return k.Value
}

// Require notes a fault for every name without a value.
func (f *Fields) Require(names ...string) {
	for _, name := range names {
		if !f.Has(name) {
			f.Fault(f.LineOf(name), "「%s」がありません。", name)
		}
	}
}

// Text is the text of a key, trimmed, "" without it.
func (f *Fields) Text(name string) string {
	n := f.node(name, Scalar, "文")
	if n == nil {
		return ""
	}
	return f.clean(name, n)
}

// isFurigana says whether a mapping is {漢字|かんじ} that lacks its quotes.
func isFurigana(n *Node) bool {
	return n.Kind == Map && len(n.Keys) == 1 && n.Keys[0].Value.Kind == Empty && strings.Contains(n.Keys[0].Name, "|")
}

func (f *Fields) clean(name string, n *Node) string {
	if len(n.Text) > MaxText {
		f.Fault(n.Line, "「%s」が長すぎます。", name)
		return ""
	}
	if strings.ContainsFunc(n.Text, control) {
		f.Fault(n.Line, "「%s」に、表示できない文字（制御文字）があります。", name)
		return ""
	}
	return strings.TrimSpace(n.Text)
}

func control(r rune) bool {
	return r < 0x20 && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffd || r >= 0xe000 && r <= 0xf8ff
}

// Texts is a list of texts. A single text is a list of one.
func (f *Fields) Texts(name string) []string {
	f.read[name] = true
	k, ok := f.keys[name]
	if !ok || k.Value.Kind == Empty {
		return nil
	}
	items := k.Value.Items
	if k.Value.Kind == Scalar {
		items = []*Node{k.Value}
	}
	if k.Value.Kind == Map {
		f.Fault(k.Line, "「%s」には文の一覧を書いてください。", name)
	}
	var out []string
	for _, item := range items {
		if isFurigana(item) {
			f.Fault(item.Line, quoteFirst)
			continue
		}
		if item.Kind != Scalar {
			f.Fault(item.Line, "「%s」のこの行には文を書いてください。「: 」をふくむ文は \" \" で囲みます。", name)
			continue
		}
		out = append(out, f.clean(name, item))
	}
	return out
}

// Bool is true or false, otherwise the default.
func (f *Fields) Bool(name string, otherwise bool) bool {
	n := f.node(name, Scalar, "true か false")
	if n == nil {
		return otherwise
	}
	switch n.Text {
	case "true":
		return true
	case "false":
		return false
	}
	f.Fault(n.Line, "「%s」には true か false を書いてください。", name)
	return otherwise
}

// Int is a whole number from low to high, or 0 without the key.
func (f *Fields) Int(name string, low, high int) int {
	n := f.node(name, Scalar, "数")
	if n == nil {
		return 0
	}
	v, err := strconv.Atoi(n.Text)
	if err != nil || v < low || v > high {
		f.Fault(n.Line, "「%s」には%dから%dまでの整数を書いてください。", name, low, high)
		return 0
	}
	return v
}

// Number is a number from low to high, or 0 without the key.
func (f *Fields) Number(name string, low, high float64) float64 {
	n := f.node(name, Scalar, "数")
	if n == nil {
		return 0
	}
	v, err := strconv.ParseFloat(n.Text, 64)
	if err != nil || !(v >= low && v <= high) {
		f.Fault(n.Line, "「%s」には%gから%gまでの数を書いてください。", name, low, high)
		return 0
	}
	return v
}

// OneOf is one of the given words, "" without the key.
func (f *Fields) OneOf(name string, words ...string) string {
	s := f.Text(name)
	if s != "" && !slices.Contains(words, s) {
		f.Fault(f.LineOf(name), "「%s」に書けるのは %s です。", name, strings.Join(words, "、"))
		return ""
	}
	return s
}

// List is the items of a key that holds a list.
func (f *Fields) List(name string) []*Node {
	n := f.node(name, List, "一覧（- で始まる行）")
	if n == nil {
		return nil
	}
	return n.Items
}

// Sub is the fields of a key that holds a mapping, or nil.
func (f *Fields) Sub(name string) *Fields {
	n := f.node(name, Map, "「名前: 値」の形")
	if n == nil {
		return nil
	}
	return NewFields(n, f.faults)
}

// Done notes every key that nobody asked for: mostly slips of the pen.
func (f *Fields) Done() {
	for _, name := range f.order {
		if !f.read[name] {
			f.Fault(f.keys[name].Line, "「%s」という名前は、ここでは使いません。", name)
		}
	}
}

// Part is the fields of an item of a list.
func (f *Fields) Part(item *Node) *Fields { return NewFields(item, f.faults) }
