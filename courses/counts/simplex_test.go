package counts

import (
	"math"
	"slices"
	"testing"
)

// equation says that the sum of some unknowns is a number.
type equation struct {
	of  []int
	sum int
}

// simplex are equations over unknowns that are not negative, solved for some of them.
type simplex struct {
	n     int
	rows  [][]float64 // the last column is the right side
	basis []int
}

const tiny = 1e-7

// newSimplex finds one solution; the equations have one, as the truth is one.
func newSimplex(t testing.TB, n int, equations []equation) *simplex {
	s := &simplex{n: n}
	for i, e := range equations {
		row := make([]float64, n+len(equations)+1)
		for _, v := range e.of {
			row[v] = 1
		}
		row[n+i], row[len(row)-1] = 1, float64(e.sum)
		s.rows, s.basis = append(s.rows, row), append(s.basis, n+i)
	}
	goal := make([]float64, n+len(equations))
	for i := n; i < len(goal); i++ {
		goal[i] = -1
	}
	if v := s.maximise(t, goal); v < -tiny {
		t.Fatalf("what is published contradicts itself by %g", -v)
	}
	s.leaveHelpers()
	return s
}

// leaveHelpers drops the unknowns that were only there to begin with.
func (s *simplex) leaveHelpers() {
	for i := len(s.rows) - 1; i >= 0; i-- {
		if s.basis[i] < s.n {
			continue
		}
		if j := slices.IndexFunc(s.rows[i][:s.n], func(v float64) bool { return math.Abs(v) > tiny }); j >= 0 {
			s.pivot(i, j)
		} else {
			s.rows, s.basis = slices.Delete(s.rows, i, i+1), slices.Delete(s.basis, i, i+1)
		}
	}
	for i, row := range s.rows {
		s.rows[i] = append(slices.Clone(row[:s.n]), row[len(row)-1])
	}
}

func (s *simplex) pivot(r, c int) {
	row := s.rows[r]
	by := row[c]
	for j := range row {
		row[j] /= by
	}
	for i, other := range s.rows {
		if f := other[c]; i != r && f != 0 {
			for j, v := range row {
				if v != 0 {
					other[j] -= f * v
				}
			}
			other[c] = 0
		}
	}
	s.basis[r] = c
}

// maximise goes to a solution for which the goal is greatest and gives its value.
func (s *simplex) maximise(t testing.TB, goal []float64) (value float64) {
	for round := 0; ; round++ {
		if round > 20_000 {
			t.Fatal("the programme does not end")
		}
		gain := slices.Clone(goal)
		value = 0
		for i, b := range s.basis {
			if f := goal[b]; f != 0 {
				for j := range gain {
					gain[j] -= f * s.rows[i][j]
				}
				value += f * s.rows[i][len(s.rows[i])-1]
			}
		}
		in, best := -1, tiny
		for j, g := range gain {
			if g > best {
				in, best = j, g
				if round > 2_000 { // the first that helps never goes in circles
					break
				}
			}
		}
		if in < 0 {
			return value
		}
		out, least := -1, math.Inf(1)
		for i, row := range s.rows {
			if row[in] > tiny {
				ratio := row[len(row)-1] / row[in]
				if ratio < least-tiny || ratio < least+tiny && out >= 0 && s.basis[i] < s.basis[out] {
					out, least = i, ratio
				}
			}
		}
		if out < 0 {
			t.Fatal("a number without a bound")
		}
		s.pivot(out, in)
	}
}

// solution is the present one.
func (s *simplex) solution() []float64 {
	x := make([]float64, s.n)
	for i, b := range s.basis {
		x[b] = s.rows[i][len(s.rows[i])-1]
	}
	return x
}

// secret is a number that is not shown: the sum of some unknowns, with its true value.
type secret struct {
	name  string
	of    []int
	value int
}

func (s *secret) in(x []float64) (sum float64) {
	for _, v := range s.of {
		sum += x[v]
	}
	return sum
}

// pins are the secrets that the equations leave no choice: the lower bound rounded up
// and the upper bound rounded down are one number.
func pins(t testing.TB, n int, equations []equation, secrets []secret) (pinned []secret) {
	s := newSimplex(t, n, equations)
	moved := make([]bool, len(secrets))
	look := func() {
		x := s.solution()
		for i := range secrets {
			if math.Abs(secrets[i].in(x)-float64(secrets[i].value)) > 1-tiny {
				moved[i] = true
			}
		}
	}
	look()
	for i := range secrets {
		for _, sign := range []float64{1, -1} {
			if moved[i] {
				break
			}
			goal := make([]float64, n)
			for _, v := range secrets[i].of {
				goal[v] += sign
			}
			s.maximise(t, goal)
			look()
		}
		if !moved[i] {
			pinned = append(pinned, secrets[i])
		}
	}
	return pinned
}

// The bounds are those of trying every possibility.
func TestSimplexAgainstEnumeration(t *testing.T) {
	rnd := newRandom(3)
	found := 0
	for range 300 {
		const n = 6
		truth := make([]int, n)
		for i := range truth {
			truth[i] = rnd.IntN(4)
		}
		var equations []equation
		all := equation{}
		for i := range truth {
			all.of, all.sum = append(all.of, i), all.sum+truth[i]
		}
		equations = append(equations, all)
		for at := 0; at < n; { // rows of a table: each unknown in one of them
			size := min(1+rnd.IntN(3), n-at)
			e := equation{}
			for ; size > 0; size-- {
				e.of, e.sum = append(e.of, at), e.sum+truth[at]
				at++
			}
			equations = append(equations, e)
		}
		e := equation{}
		for i := range truth {
			if rnd.IntN(2) == 0 {
				e.of, e.sum = append(e.of, i), e.sum+truth[i]
			}
		}
		equations = append(equations, e)
		var secrets []secret
		for i, v := range truth {
			secrets = append(secrets, secret{of: []int{i}, value: v})
		}
		got := make([]bool, n)
		for _, p := range pins(t, n, equations, secrets) {
			got[p.of[0]] = true
			found++
		}
		if want := tryAll(n, equations); !slices.Equal(got, want) {
			t.Fatalf("%v %v: pinned %v, want %v", truth, equations, got, want)
		}
	}
	if found < 50 {
		t.Errorf("only %d were pinned", found)
	}
}

// tryAll says which unknowns have one value in every solution.
func tryAll(n int, equations []equation) []bool {
	var first []int
	pinned := slices.Repeat([]bool{true}, n)
	x := make([]int, n)
	var try func(i int)
	try = func(i int) {
		for _, e := range equations {
			sum, all := 0, true
			for _, v := range e.of {
				if v < i {
					sum += x[v]
				} else {
					all = false
				}
			}
			if sum > e.sum || all && sum != e.sum {
				return
			}
		}
		if i == n {
			if first == nil {
				first = slices.Clone(x)
			}
			for j := range x {
				pinned[j] = pinned[j] && x[j] == first[j]
			}
			return
		}
		for x[i] = 0; x[i] <= equations[0].sum; x[i]++ {
			try(i + 1)
		}
		x[i] = 0
	}
	try(0)
	return pinned
}
