package quiz

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tsunagari/courses"
	"tsunagari/courses/coursetest"
	"tsunagari/courses/questions"
)

func rapidRand(t *rapid.T) *rand.Rand {
	return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
}

func groups(sizes []int) [][]*questions.Question {
	var all [][]*questions.Question
	for g, size := range sizes {
		var group []*questions.Question
		for i := range size {
			group = append(group, &questions.Question{ID: fmt.Sprintf("%d-%d", g, i), Type: questions.Choice, Options: options(1, 0, 0)})
		}
		all = append(all, group)
	}
	return all
}

func TestDraw(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 6), 0, 6).Draw(t, "sizes")
		n := rapid.IntRange(0, 20).Draw(t, "n")
		seed := rapid.Uint64().Draw(t, "draw")
		drawn := draw(rand.New(rand.NewPCG(seed, 1)), groups(sizes), n)
		if again := draw(rand.New(rand.NewPCG(seed, 1)), groups(sizes), n); !reflect.DeepEqual(drawn, again) {
			t.Fatal("the same seed drew something else")
		}
		all := 0
		for _, s := range sizes {
			all += s
		}
		if len(drawn) != min(n, all) {
			t.Fatalf("drew %d of %d, wanted %d", len(drawn), all, n)
		}
		perGroup, seen := map[byte]int{}, map[string]bool{}
		for _, d := range drawn {
			if seen[d.ID] {
				t.Fatalf("%s twice", d.ID)
			}
			seen[d.ID] = true
			perGroup[d.ID[0]]++
		}
		for g, size := range sizes { // even: no group has two more than another that has some left
			for h := range sizes {
				if perGroup[byte('0'+g)] > perGroup[byte('0'+h)]+1 && perGroup[byte('0'+h)] < sizes[h] {
					t.Fatalf("uneven: %v of %v (%d)", perGroup, sizes, size)
				}
			}
		}
	})
}

// The quotas are met first, whatever chance says, and nothing is drawn twice.
func TestQuotasAreMet(t *testing.T) {
	p := coursetest.Small("small")
	for i, q := range p.Modules[1].Questions {
		if i == 0 {
			q.Tags = []string{"tagged"}
		}
	}
	p.Closing = courses.Closing{Minutes: 3, Questions: 3, Rule: courses.Understood, Draw: []courses.Quota{{Tag: "tagged", Questions: 1}, {Module: "ni", Questions: 1}}}
	document, err := p.Document()
	if err != nil {
		t.Fatal(err)
	}
	rev, err := courses.OpenDocument("r", 1, document)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(50) {
		seen, inNi := map[string]bool{}, 0
		for _, d := range drawQuotas(rand.New(rand.NewPCG(seed, 1)), rev) {
			if seen[d.ID] = true; strings.HasPrefix(d.ID, "ni-") {
				inNi++
			}
		}
		if len(seen) != 3 || inNi < 2 || !seen["ni-q1"] {
			t.Fatalf("seed %d draws %v", seed, seen)
		}
	}
}
