package courses

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mark is a part of a text that stayed, came or went.
type Mark struct {
	How  MarkHow
	Text string
}

// MarkHow says what became of a part.
type MarkHow string

// Same stayed, Added came, Removed went.
const (
	Same    MarkHow = ""
	Added   MarkHow = "added"
	Removed MarkHow = "removed"
)

// compareLines marks what changed from one text to another: line by line, and
// word by word where a line was rewritten. Lines far from any change are left out;
// an empty line of no runs stands for them.
func compareLines(was, now string) [][]Mark {
	steps := shortest(split(was), split(now))
	var lines [][]Mark
	for i := 0; i < len(steps); {
		if steps[i].How == Same {
			lines = append(lines, []Mark{{Same, steps[i].Text}})
			i++
			continue
		}
		var gone, came []string
		for ; i < len(steps) && steps[i].How != Same; i++ {
			if steps[i].How == Removed {
				gone = append(gone, steps[i].Text)
			} else {
				came = append(came, steps[i].Text)
			}
		}
		for j := range max(len(gone), len(came)) {
			lines = append(lines, compareWords(at(gone, j), at(came, j)))
		}
	}
	return near(lines)
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return ""
}

func split(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// compareWords marks the words of one line that changed. Between two changes less
// than three letters that happen to be the same are shown as changed too: nobody
// reads a sentence of single marked letters.
func compareWords(was, now string) []Mark {
	steps := shortest(tokens(was), tokens(now))
	var out []Mark
	for i := 0; i < len(steps); {
		if steps[i].How == Same {
			out = append(out, Mark{Same, ""})
			for ; i < len(steps) && steps[i].How == Same; i++ {
				out[len(out)-1].Text += steps[i].Text
			}
			continue
		}
		var gone, came string
		for ; i < len(steps) && (steps[i].How != Same || between(steps[i:])); i++ {
			if steps[i].How != Added {
				gone += steps[i].Text
			}
			if steps[i].How != Removed {
				came += steps[i].Text
			}
		}
		for _, m := range []Mark{{Removed, gone}, {Added, came}} {
			if m.Text != "" {
				out = append(out, m)
			}
		}
	}
	return out
}

// between says whether the steps begin with less than three letters that stayed,
// and a change behind them.
func between(steps []Mark) bool {
	n := 0
	for _, s := range steps {
		if s.How != Same {
			return true
		}
		if n += utf8.RuneCountInString(s.Text); n > 2 {
			return false
		}
	}
	return false
}

// tokens splits a text where one kind of character ends and another begins, the
// nearest thing to words that Japanese has without a dictionary. Hiragana and
// marks stand alone, for particles and endings change one by one.
func tokens(s string) []string {
	var out []string
	last := 0
	for _, r := range s {
		k := kindOf(r)
		if k != 0 && k == last {
			out[len(out)-1] += string(r)
		} else {
			out = append(out, string(r))
		}
		last = k
	}
	return out
}

func kindOf(r rune) int {
	switch {
	case isKanji(r):
		return 1
	case r >= 'ァ' && r <= 'ヺ' || r == 'ー':
		return 2
	case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
		return 3
	}
	return 0
}

// most steps of the search; texts that differ more are shown as one gone and one
// new: nobody could read the marks.
const maxEdits = 600

// shortest is a shortest way from one list to another by leaving out and putting
// in (Myers, An O(ND) Difference Algorithm, 1986).
func shortest(was, now []string) []Mark {
	n, m := len(was), len(now)
	most := min(n+m, maxEdits)
	v := make([]int, 2*most+2)
	var trail [][]int
	for d := 0; d <= most; d++ {
		trail = append(trail, slices.Clone(v))
		for k := -d; k <= d; k += 2 {
			x := furthest(v, k, d, most)
			y := x - k
			for x < n && y >= 0 && y < m && was[x] == now[y] {
				x, y = x+1, y+1
			}
			v[index(k, most)] = x
			if x >= n && y >= m {
				return walk(was, now, trail, most)
			}
		}
	}
	var out []Mark
	for _, s := range was {
		out = append(out, Mark{Removed, s})
	}
	for _, s := range now {
		out = append(out, Mark{Added, s})
	}
	return out
}

func index(k, most int) int { return (k + 2*most + 2) % (2*most + 2) }

// furthest is where the search on diagonal k goes on.
func furthest(v []int, k, d, most int) int {
	if k == -d || k != d && v[index(k-1, most)] < v[index(k+1, most)] {
		return v[index(k+1, most)]
	}
	return v[index(k-1, most)] + 1
}

// walk goes back over the trail of the search.
func walk(was, now []string, trail [][]int, most int) []Mark {
	var out []Mark
	x, y := len(was), len(now)
	for d := len(trail) - 1; d > 0; d-- {
		v := trail[d]
		k := x - y
		before := k - 1
		if k == -d || k != d && v[index(k-1, most)] < v[index(k+1, most)] {
			before = k + 1
		}
		fromX := v[index(before, most)]
		fromY := fromX - before
		for x > fromX && y > fromY {
			x, y = x-1, y-1
			out = append(out, Mark{Same, was[x]})
		}
		if x == fromX {
			y--
			out = append(out, Mark{Added, now[y]})
		} else {
			x--
			out = append(out, Mark{Removed, was[x]})
		}
	}
	for x > 0 {
		x--
		out = append(out, Mark{Same, was[x]})
	}
	slices.Reverse(out)
	return out
}

// near leaves out the lines that are more than one line away from a change.
func near(lines [][]Mark) [][]Mark {
	touched := func(i int) bool {
		return i >= 0 && i < len(lines) && (len(lines[i]) != 1 || lines[i][0].How != Same)
	}
	var out [][]Mark
	for i, line := range lines {
		switch {
		case touched(i) || touched(i-1) || touched(i+1):
			out = append(out, line)
		case len(out) == 0 || len(out[len(out)-1]) > 0:
			out = append(out, nil)
		}
	}
	return out
}
