// Package outline reads YAML written by people into a tree whose every node
// knows its line, and reads fields out of it, collecting faults. It takes plain
// values, lists and mappings only: no anchors, aliases, tags or merge keys, so
// nothing in a file can grow when it is read. It knows nothing of courses.
package outline

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds of a file. The largest question bank of the built-in course is about 60 KB.
const (
	MaxBytes = 512 << 10
	maxDepth = 12
)

// Fault is one thing wrong in a file. Line 0 means the file as a whole.
type Fault struct {
	Line   int
	Reason string // in plain Japanese, for the person who wrote the file
}

// Kind says what a node is.
type Kind int

// The kinds of node. Empty is a key without a value.
const (
	Empty Kind = iota
	Scalar
	List
	Map
)

// Node is a value with its line in the file.
type Node struct {
	Kind  Kind
	Line  int
	Text  string  // of a Scalar, quotes and escapes resolved
	Items []*Node // of a List
	Keys  []Key   // of a Map, in the order of the file
}

// Key is one key of a mapping with its value.
type Key struct {
	Name  string
	Line  int
	Value *Node
}

// Read parses data; line is the line of the file on which data begins. With a
// fault the node is nil. Data without content is an Empty node.
func Read(data []byte, line int) (node *Node, fault *Fault) {
	if len(data) > MaxBytes {
		return nil, &Fault{line, fmt.Sprintf("大きすぎます（%d KBまで）。", MaxBytes>>10)}
	}
	if !utf8.Valid(data) {
		return nil, &Fault{line, "文字コードがUTF-8ではありません。"}
	}
	// A parser of a large language meets what people and attackers write: a
	// panic in it is a file that cannot be read.
	defer func() {
		if r := recover(); r != nil {
			node, fault = nil, &Fault{line, "書き方が読み取れません。"}
		}
	}()
	shift := line - 1
	tokens := lexer.Tokenize(string(data))
	if fault := refuse(tokens); fault != nil {
		fault.Line += shift
		return nil, fault
	}
	file, err := parser.Parse(tokens, 0)
	if err != nil {
		return nil, syntaxFault(err, line, data)
	}
	var body ast.Node
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		if body != nil {
			return nil, &Fault{lineOf(doc.Body) + shift, "ひとつのファイルに、--- で区切った文書がいくつもあります。"}
		}
		body = doc.Body
	}
	if body == nil {
		return &Node{Line: line}, nil
	}
	return convert(body, shift, 0)
}

// refuse finds what is not taken, and nesting that would exhaust the parser.
func refuse(tokens token.Tokens) *Fault {
	flow, dashes, dashLine := 0, 0, 0
	for _, t := range tokens {
		switch t.Type {
		case token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType, token.MappingKeyType, token.DirectiveType:
			return &Fault{t.Position.Line, fmt.Sprintf("「%s」で始まる値は、\" \" で囲んでください。", firstRune(t.Value))}
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType:
			if t.Position.Line != dashLine {
				dashes, dashLine = 0, t.Position.Line
			}
			dashes++
		}
		if flow > maxDepth || dashes > maxDepth {
			return &Fault{t.Position.Line, "入れ子が深すぎます。"}
		}
	}
	return nil
}

func firstRune(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func syntaxFault(err error, line int, data []byte) *Fault {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil || syntax.Token.Position == nil {
		return &Fault{line, "書き方が読み取れません。"}
	}
	at := syntax.Token.Position.Line
	lines := strings.Split(string(data), "\n")
	if at >= 1 && at <= len(lines) && furiganaFirst.MatchString(lines[at-1]) {
		return &Fault{line - 1 + at, quoteFirst}
	}
	return &Fault{line - 1 + at, "書き方が読み取れません（" + syntax.Message + "）。"}
}

// furiganaFirst is the slip that everybody makes: YAML takes a value that begins
// with a brace for a mapping.
var furiganaFirst = regexp.MustCompile(`^\s*(?:-\s+|[\w]+:\s+|-\s+[\w]+:\s+)\{[^}]*\|`)

const quoteFirst = "「{」で始まる文は、\" \" で囲んでください。"

func lineOf(n ast.Node) int {
	if t := n.GetToken(); t != nil && t.Position != nil {
		return t.Position.Line
	}
	return 1
}

func convert(n ast.Node, shift, depth int) (*Node, *Fault) {
	if depth > maxDepth {
		return nil, &Fault{lineOf(n) + shift, "入れ子が深すぎます。"}
	}
	out := &Node{Line: lineOf(n) + shift}
	switch n := n.(type) {
	case *ast.NullNode:
		if n.Token.Value != "" && n.Token.Value != "null" && n.Token.Value != "~" {
			out.Kind, out.Text = Scalar, n.Token.Value
		}
		return out, nil
	case *ast.StringNode:
		out.Kind, out.Text = Scalar, n.Value
	case *ast.LiteralNode:
		out.Kind, out.Text = Scalar, n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		out.Kind, out.Text = Scalar, strings.TrimSpace(n.GetToken().Value)
	case *ast.SequenceNode:
		out.Kind = List
		for _, v := range n.Values {
			item, fault := convert(v, shift, depth+1)
			if fault != nil {
				return nil, fault
			}
			out.Items = append(out.Items, item)
		}
	case *ast.MappingValueNode:
		out.Kind = Map
		return out, appendKey(out, n, shift, depth)
	case *ast.MappingNode:
		out.Kind = Map
		for _, v := range n.Values {
			if fault := appendKey(out, v, shift, depth); fault != nil {
				return nil, fault
			}
		}
	default:
		return nil, &Fault{out.Line, "ここには書けない値です。"}
	}
	return out, nil
}

func appendKey(out *Node, v *ast.MappingValueNode, shift, depth int) *Fault {
	key := v.Key.GetToken()
	k := Key{Name: strings.TrimSpace(key.Value), Line: key.Position.Line + shift}
	if s, ok := v.Key.(*ast.StringNode); ok {
		k.Name = s.Value
	}
	if len(out.Keys) == 0 {
		out.Line = k.Line // the token of a mapping is its first colon
	}
	for _, other := range out.Keys {
		if other.Name == k.Name {
			return &Fault{k.Line, fmt.Sprintf("「%s」が二度書かれています。", k.Name)}
		}
	}
	value, fault := convert(v.Value, shift, depth+1)
	if fault != nil {
		return fault
	}
	if value.Kind == Empty {
		value.Line = k.Line
	}
	k.Value = value
	out.Keys = append(out.Keys, k)
	return nil
}
