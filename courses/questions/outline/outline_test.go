package outline

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestReadKnowsLines(t *testing.T) {
	const file = `# a comment
title: 5つの壁
minutes: 20
quoted: "10: 時 \"から\""
goals:
  - 「孤独」と「孤立」のちがいを言える

  - ふたつめ
closing:
  rule: understood
list: [a, b]
words: |
  一行め
  二行め
empty:
`
	node, fault := Read([]byte(file), 11)
	if fault != nil {
		t.Fatal(fault)
	}
	var lines []string
	for _, k := range node.Keys {
		lines = append(lines, fmt.Sprintf("%s@%d", k.Name, k.Line))
	}
	const want = "title@12 minutes@13 quoted@14 goals@15 closing@19 list@21 words@22 empty@25"
	if got := strings.Join(lines, " "); got != want {
		t.Errorf("keys\n got %s\nwant %s", got, want)
	}
	if node.Line != 12 {
		t.Errorf("the mapping begins on line %d, want 12", node.Line)
	}
	if got := node.Keys[2].Value.Text; got != `10: 時 "から"` {
		t.Errorf("quoted text %q", got)
	}
	if items := node.Keys[3].Value.Items; len(items) != 2 || items[1].Line != 18 {
		t.Errorf("goals %+v", items)
	}
	if got := node.Keys[6].Value.Text; got != "一行め\n二行め\n" {
		t.Errorf("block text %q", got)
	}
	if node.Keys[7].Value.Kind != Empty {
		t.Errorf("a key without a value is %v", node.Keys[7].Value.Kind)
	}
}

func TestReadRefuses(t *testing.T) {
	deep := func(s string, n int) string { return strings.Repeat(s, n) }
	for name, test := range map[string]struct {
		file string
		line int
	}{
		"anchor":          {"a: 1\nb: &x 2\n", 2},
		"alias":           {"a: 1\nb: *x\n", 2},
		"tag":             {"a: !!binary abc\n", 1},
		"merge":           {"a:\n  <<: 1\n", 2},
		"complex key":     {"? a\n: b\n", 1},
		"twice":           {"a: 1\nb: 2\na: 3\n", 3},
		"deep flow":       {"a: " + deep("[", 100000), 1},
		"deep maps":       {"a: " + deep("{a: ", 100000), 1},
		"deep dashes":     {deep("- ", 100000) + "a", 1},
		"two documents":   {"a: 1\n---\nb: 2\n", 3},
		"unclosed quote":  {"a: 1\nb: \"x\n", 0},
		"tab indentation": {"a:\n\tb: 1\n", 0},
		"not utf-8":       {"a: \xff\n", 1},
		"too large":       {"a: " + deep("x", MaxBytes), 1},
	} {
		t.Run(name, func(t *testing.T) {
			node, fault := Read([]byte(test.file), 1)
			if fault == nil {
				t.Fatalf("read as %+v", node)
			}
			if fault.Reason == "" || test.line > 0 && fault.Line != test.line {
				t.Errorf("fault %+v, want line %d", fault, test.line)
			}
		})
	}
}

func TestFieldsCollectFaults(t *testing.T) {
	const file = `title: [a]
minutes: 200
flag: ja
rule: perhaps
goals:
  - a: b
  - 文
typo: 1
bad: "a\u0001b"
`
	node, fault := Read([]byte(file), 1)
	if fault != nil {
		t.Fatal(fault)
	}
	var faults []Fault
	f := NewFields(node, &faults)
	f.Require("id")
	f.Text("title")
	f.Int("minutes", 1, 100)
	f.Bool("flag", false)
	f.OneOf("rule", "a", "b")
	f.Texts("goals")
	f.Text("bad")
	f.Done()
	var lines []string
	for _, fault := range faults {
		lines = append(lines, fmt.Sprint(fault.Line))
	}
	if got, want := strings.Join(lines, " "), "1 1 2 3 4 6 9 8"; got != want {
		t.Errorf("faults on lines %s, want %s: %v", got, want, faults)
	}
}

func TestFuriganaNeedsQuotes(t *testing.T) {
	for _, file := range []string{"a: 1\ntitle: {孤独|こどく}を知る\n", "a: 1\ntitle: {孤独|こどく}\n", "goals:\n  - {声|こえ}をかける\n", "goals:\n  - {声|こえ}\n"} {
		node, fault := Read([]byte(file), 1)
		var faults []Fault
		if fault != nil {
			faults = append(faults, *fault)
		} else {
			f := NewFields(node, &faults)
			f.Text("title")
			f.Texts("goals")
		}
		if len(faults) != 1 || faults[0] != (Fault{2, quoteFirst}) {
			t.Errorf("%q: %v", file, faults)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("title: a\ngoals:\n  - b\n")
	f.Add("- id: \"a\"\n  choices:\n    - text: \"{漢字|かんじ}\"\n")
	f.Add("a: [b, {c: d}]\n")
	f.Add("a: |\n  b\n c")
	f.Add("\"\\x")
	f.Fuzz(func(t *testing.T, file string) {
		began := time.Now()
		node, fault := Read([]byte(file), 1)
		if (node == nil) == (fault == nil) {
			t.Fatalf("node %v, fault %v", node, fault)
		}
		if took := time.Since(began); len(file) < 4096 && took > 5*time.Second {
			t.Fatalf("%v for %d bytes", took, len(file))
		}
		if node == nil {
			return
		}
		var faults []Fault
		fields := NewFields(node, &faults)
		for _, k := range node.Keys {
			fields.Text(k.Name)
			fields.Texts(k.Name)
			fields.Int(k.Name, 0, 9)
		}
		fields.Done()
	})
}
