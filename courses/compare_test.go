package courses

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// asMarked shows marks as text: [gone] and {came}.
func asMarked(lines [][]Mark) string {
	var out []string
	for _, line := range lines {
		s := ""
		for _, m := range line {
			switch m.How {
			case Removed:
				s += "[" + m.Text + "]"
			case Added:
				s += "{" + m.Text + "}"
			default:
				s += m.Text
			}
		}
		if line == nil {
			s = "…"
		}
		out = append(out, s)
	}
	return strings.Join(out, "/")
}

func TestWhatChangedCanBeRead(t *testing.T) {
	for _, c := range []struct{ was, now, want string }{
		{"", "新しい文。", "{新しい文。}"},
		{"前の文。", "", "[前の文。]"},
		{"孤独は、つらい。", "孤立は、つらい。", "[孤独]{孤立}は、つらい。"},
		{"声をかける。", "声をかけてみる。", "声をかけ{てみ}る。"},
		{"一\n二\n三\n四\n五", "一\n二\n三\n四だ\n五", "…/三/四{だ}/五"},
		{"だれにでもあります。", "めずらしいことではありません。", "[だれにでも]{めずらしいことでは}ありま[す]{せん}。"},
	} {
		if got := asMarked(compareLines(c.was, c.now)); got != c.want {
			t.Errorf("%q → %q: %s, want %s", c.was, c.now, got, c.want)
		}
	}
}

// Without what came the marks are the old line, without what went the new one.
func TestMarksLoseNothing(t *testing.T) {
	line := rapid.StringOfN(rapid.SampledFrom([]rune("あいう孤独立カタabc12。、 ")), 0, 30, -1)
	rapid.Check(t, func(t *rapid.T) {
		was, now := line.Draw(t, "was"), line.Draw(t, "now")
		var old, fresh string
		for _, m := range compareWords(was, now) {
			if m.How != Added {
				old += m.Text
			}
			if m.How != Removed {
				fresh += m.Text
			}
		}
		if old != was || fresh != now {
			t.Fatalf("%q → %q: marks hold %q and %q", was, now, old, fresh)
		}
	})
}
