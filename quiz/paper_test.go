package quiz

import (
	"errors"
	"reflect"
	"testing"

	"tsunagari/courses/questions"
)

func TestReadTyped(t *testing.T) {
	options := []questions.Text{{"ja": "a"}, {"ja": "b"}, {"ja": "c"}}
	lines := options[:2]
	choice := Asked{Number: 1, Options: options}
	sort := Asked{Number: 2, Lines: options, Places: lines}
	order := Asked{Number: 3, Lines: options}
	for _, tt := range []struct {
		kind  questions.Type
		asked Asked
		typed string
		want  *Given // nil: refused
	}{
		{questions.Choice, choice, "2", &Given{Chosen: []int{1}, Placed: []int{1}}},
		{questions.Choice, choice, " ３ ", &Given{Chosen: []int{2}, Placed: []int{2}}},
		{questions.Choice, choice, "", &Given{}},
		{questions.Choice, choice, "0", &Given{}},
		{questions.Choice, choice, "4", nil},
		{questions.Choice, choice, "12", nil},
		{questions.Choice, choice, "あ", nil},
		{questions.TrueFalse, choice, "1", &Given{Chosen: []int{0}, Placed: []int{0}}},
		{questions.Multiple, choice, "1 3", &Given{Chosen: []int{0, 2}, Placed: []int{0, 2}}},
		{questions.Multiple, choice, "14", nil},
		{questions.Sort, sort, "212", &Given{Chosen: []int{1, 0, 1}, Placed: []int{1, 0, 1}}},
		{questions.Sort, sort, "21", nil},
		{questions.Sort, sort, "213", nil},
		{questions.Matching, sort, "201", &Given{Chosen: []int{1, -1, 0}, Placed: []int{1, -1, 0}}}, // the second line is empty
		{questions.Ordering, order, "312", &Given{Chosen: []int{2, 0, 1}, Placed: []int{3, 1, 2}}},
		{questions.Ordering, order, "3124", nil},
		{questions.Short, Asked{}, "１２ 人", &Given{Text: "１２ 人"}},
	} {
		g, err := read(&questions.Question{Type: tt.kind}, tt.asked, tt.typed)
		var typed *TypedError
		switch {
		case tt.want == nil && !errors.As(err, &typed):
			t.Errorf("%s %q: %+v %v", tt.kind, tt.typed, g, err)
		case tt.want != nil && (err != nil || !reflect.DeepEqual(g, *tt.want)):
			t.Errorf("%s %q: %+v %v", tt.kind, tt.typed, g, err)
		}
	}
}
