package quiz

import (
	"math"
	"slices"
)

// Statistics are the figures of one question by the formulas of Moodle's quiz
// statistics (https://docs.moodle.org/dev/Quiz_statistics_calculations), over
// people's first goes. A figure that the answers do not give is NaN: of one
// answer there is no spread, of equal answers no correlation.
type Statistics struct {
	Answers int // people who were asked it and finished
	Missed  int // of them, whose answer was not fully right

	Facility float64 // F: mean score, 0 to 1
	Spread   float64 // SD: standard deviation of the scores

	// Discrimination is DI: the correlation, −1 to 1, of the score with that of the
	// rest of the quiz; near 0 or below says that those who know more do not do
	// better here.
	Discrimination float64
	// Efficiency is DE: the covariance as a share of the greatest that these scores
	// allow, which is fairer to very easy and very hard questions.
	Efficiency float64
}

// statistics are those of a question from each person's score x and the rest of
// their quiz, both 0 to 1. The rest is the mean of the other questions, not the
// sum, because not everybody is drawn equally many that are marked.
func statistics(x, rest []float64) Statistics {
	s := Statistics{
		Answers: len(x), Facility: mean(x), Spread: math.Sqrt(covariance(x, x)),
		Discrimination: math.NaN(), Efficiency: math.NaN(),
	}
	for _, score := range x {
		if score < Full {
			s.Missed++
		}
	}
	c := covariance(x, rest)
	if spread := math.Sqrt(covariance(x, x) * covariance(rest, rest)); spread > tiny {
		s.Discrimination = c / spread
	}
	if most := covariance(slices.Sorted(slices.Values(x)), slices.Sorted(slices.Values(rest))); most > tiny {
		s.Efficiency = c / most
	}
	return s
}

// tiny is what rounding leaves of equal scores.
const tiny = 1e-12

func mean(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

// covariance is that of a sample, with n−1. It is NaN for less than two values.
func covariance(x, y []float64) float64 {
	if len(x) < 2 {
		return math.NaN()
	}
	mx, my := mean(x), mean(y)
	sum := 0.0
	for i := range x {
		sum += (x[i] - mx) * (y[i] - my)
	}
	return sum / float64(len(x)-1)
}
