package quiz

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Worked by hand: five people, the question's score and the mean of the rest.
func TestStatisticsWorked(t *testing.T) {
	x, rest := []float64{1, 1, 0, 1, 0}, []float64{0.9, 0.7, 0.3, 0.6, 0.5}
	// means 0.6 and 0.6; Σ(x−0.6)(r−0.6) = .4·.3+.4·.1+(−.6)(−.3)+0+(−.6)(−.1) = 0.40, ÷4 = 0.1
	// V(x) = 1.2/4 = 0.3, V(r) = (.09+.01+.09+0+.01)/4 = 0.05
	// both sorted: (−.6)(−.3)+(−.6)(−.1)+0+.4·.1+.4·.3 = 0.40: no greater covariance is possible
	got := statistics(x, rest)
	want := Statistics{Answers: 5, Missed: 2, Facility: 0.6, Spread: math.Sqrt(0.3), Discrimination: 0.1 / math.Sqrt(0.3*0.05), Efficiency: 1}
	same(t, got, want)
}

// The same people, but the one who does best in the rest misses the question.
func TestStatisticsOfATrap(t *testing.T) {
	x, rest := []float64{0, 1, 1, 1, 0}, []float64{0.9, 0.7, 0.3, 0.6, 0.5}
	// Σ = (−.6)(.3)+.4·.1+.4(−.3)+0+(−.6)(−.1) = −0.20, ÷4 = −0.05; greatest 0.1
	got := statistics(x, rest)
	want := Statistics{Answers: 5, Missed: 2, Facility: 0.6, Spread: math.Sqrt(0.3), Discrimination: -0.05 / math.Sqrt(0.3*0.05), Efficiency: -0.5}
	same(t, got, want)
}

func TestStatisticsWithoutSpread(t *testing.T) {
	for name, x := range map[string][]float64{"nobody": {}, "one": {1}, "all right": {1, 1, 1}} {
		got := statistics(x, x)
		if !math.IsNaN(got.Discrimination) || !math.IsNaN(got.Efficiency) {
			t.Errorf("%s: %+v, want no discrimination", name, got)
		}
	}
}

func TestStatisticsStayInTheirBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "people")
		score := rapid.SampledFrom([]float64{0, 0.25, 1.0 / 3, 0.5, 1})
		x := rapid.SliceOfN(score, n, n).Draw(t, "x")
		rest := rapid.SliceOfN(score, n, n).Draw(t, "rest")
		s := statistics(x, rest)
		for what, v := range map[string]float64{"discrimination": s.Discrimination, "efficiency": s.Efficiency} {
			if v > 1+1e-9 || what == "discrimination" && v < -1-1e-9 {
				t.Fatalf("%s %v", what, v)
			}
		}
		if n > 0 && (s.Facility < 0 || s.Facility > 1 || s.Missed > s.Answers) {
			t.Fatalf("%+v", s)
		}
	})
}

func same(t *testing.T, got, want Statistics) {
	t.Helper()
	for what, v := range map[string][2]float64{
		"answers": {float64(got.Answers), float64(want.Answers)}, "missed": {float64(got.Missed), float64(want.Missed)},
		"facility": {got.Facility, want.Facility}, "spread": {got.Spread, want.Spread},
		"discrimination": {got.Discrimination, want.Discrimination}, "efficiency": {got.Efficiency, want.Efficiency},
	} {
		if math.Abs(v[0]-v[1]) > 1e-12 {
			t.Errorf("%s: %v, want %v", what, v[0], v[1])
		}
	}
}
