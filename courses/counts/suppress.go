package counts

import (
	"cmp"
	"slices"
)

// RuleEdition is the number of the rule of disclosure. It rises whenever the rule
// decides otherwise.
const RuleEdition = 1

// How cells are protected.
//
// A sheet is people by item (a row of a table, as an age band, or a municipality) and
// month. Its totals are public. An item's people are shown as a block: the months
// since its last block, once they are enough. What is not yet enough waits together
// with what waits of the other items.
//
// Before blocks are shown it is looked for every number that stays unseen, down to
// one item in one month, whether people can be moved so that everything public
// remains and this number does not: one person goes over to another item whose months
// are open as well, or two persons change places in two months that both items show
// together. The quarters of a block have to be linked by such changes, so that no part
// of it, be it one quarter or several, has to be what it is. Where that is found no
// calculation can find a number. Where it is not, the smallest of the new blocks waits.

// amount is how many people one item has, in up to three parts that are shown together.
type amount [3]int

func (a amount) plus(b amount) amount { return amount{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func (a amount) minus(b amount) amount { return amount{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func (a amount) total() int { return a[0] + a[1] + a[2] }

// ways is a set of ways to move a person.
type ways uint8

// block is the months, counted from 0, of which an item's people are shown in one.
type block struct{ from, until int }

// sheet is one table in the making.
type sheet struct {
	people   [][]amount // item → month
	quarters []int      // the last month of each quarter so far
	parts    int        // of an amount
	// moves are the ways in which item j helps one person of item i to have been
	// otherwise in a month, without any public total noticing: there, and back. A way
	// there in one month and the same back in another undo each other. 0 is none.
	moves func(month, i, j int) (there, back ways)
	// alone says that a move changes nothing of what is shown of the helper.
	alone bool
	// mixed says that nothing public tells how the parts are divided in all items together.
	mixed bool
	// others is how many different items must be able to stand in for one, so that
	// nobody who knows all about one of them can tell; fewer only where no more ever could.
	others int
	// known says that an item's total of each month is public.
	known bool

	blocks [][]block // item → what is shown, in order

	before  [][]amount // item → month → the sum of all months before
	quarter []int      // month → number of its quarter
}

// prepare makes what is looked up again and again.
func (s *sheet) prepare() {
	s.before = make([][]amount, len(s.people))
	for i, months := range s.people {
		s.before[i] = make([]amount, len(months)+1)
		for m, of := range months {
			s.before[i][m+1] = s.before[i][m].plus(of)
		}
	}
	s.quarter = s.quarter[:0]
	for q, end := range s.quarters {
		for len(s.quarter) <= end {
			s.quarter = append(s.quarter, q)
		}
	}
}

// sum is what the item has from one month to another.
func (s *sheet) sum(item, from, until int) amount {
	return s.before[item][until+1].minus(s.before[item][from])
}

// last is the newest month.
func (s *sheet) last() int { return s.quarters[len(s.quarters)-1] }

// waits is the first month of which nothing of the item is shown.
func (s *sheet) waits(item int) int {
	if n := len(s.blocks[item]); n > 0 {
		return s.blocks[item][n-1].until + 1
	}
	return 0
}

// around are the months that the item shows, or keeps, together with m.
func (s *sheet) around(item, m int) (of block, shown bool) {
	for _, b := range s.blocks[item] {
		if b.from <= m && m <= b.until {
			return b, true
		}
	}
	return block{s.waits(item), s.last()}, false
}

// items are all of them.
func (s *sheet) items() (all []int) {
	for i := range s.people {
		all = append(all, i)
	}
	return all
}

// release adds the blocks that may be shown now that a quarter is closed, and says
// which items of those that may they are of.
func (s *sheet) release(least int, may []int) (released []int) {
	last := s.last()
	for _, i := range may {
		if from := s.waits(i); from <= last && s.enough(s.sum(i, from, last), least) {
			released = append(released, i)
		}
	}
	slices.SortStableFunc(released, func(a, b int) int {
		return cmp.Compare(s.sum(b, s.waits(b), last).total(), s.sum(a, s.waits(a), last).total())
	})
	for _, i := range released {
		s.blocks[i] = append(s.blocks[i], block{s.waits(i), last})
	}
	suspect := 0
	for len(released) > 0 && !s.safe(released, least, &suspect) {
		smallest := released[len(released)-1]
		released = released[:len(released)-1]
		s.blocks[smallest] = s.blocks[smallest][:len(s.blocks[smallest])-1]
	}
	return released
}

// enough says whether every part reaches the threshold.
func (s *sheet) enough(a amount, least int) bool {
	return !slices.ContainsFunc(a[:s.parts], func(n int) bool { return n < least })
}

// safe says whether nothing that is not shown can be calculated, now that the newest
// blocks of some items are. It begins with a suspect item, and says which it was
// that could be.
func (s *sheet) safe(released []int, least int, suspect *int) bool {
	from := s.last()
	for _, i := range released {
		from = min(from, s.blocks[i][len(s.blocks[i])-1].from)
	}
	empty, ok := s.rests(least)
	if !ok {
		return false
	}
	for n := range s.people {
		if i := (*suspect + n) % len(s.people); !s.hides(i, from, empty, least) {
			*suspect = i
			return false
		}
	}
	return true
}

// hides says whether nothing of the item that is not shown can be calculated, as far
// as blocks that reach beyond a month have changed it.
func (s *sheet) hides(item, from int, empty []block, least int) bool {
	for m := from; m <= s.last(); m++ {
		if !s.nobody(item, m) && !s.plain(item, m, empty) && !s.open(item, m) {
			return false
		}
	}
	for _, b := range s.blocks[item] {
		if b.until >= from && !s.linked(item, b, true, empty, least) {
			return false
		}
	}
	b := block{s.waits(item), s.last()}
	return b.from > b.until || s.linked(item, b, false, empty, least)
}

// rests looks at what is left of each public total between two ends of quarters when
// everything shown is taken away: nobody, or enough people in each part, also for
// who takes away one item more that he knows. empty are the spans where nobody is left.
func (s *sheet) rests(least int) (empty []block, ok bool) {
	if s.mixed {
		return nil, true
	}
	start := 0
	for i := range s.quarters {
		for _, until := range s.quarters[i:] {
			rest, items, taken := s.rest(start, until)
			switch {
			case rest.total() == 0:
				empty = append(empty, block{start, until})
			case !taken:
			case !s.enough(rest, least):
				return nil, false
			case s.known && slices.ContainsFunc(items, func(a amount) bool { return !s.enough(rest.minus(a), least) }):
				return nil, false
			}
		}
		start = s.quarters[i] + 1
	}
	return empty, true
}

// rest is what is left of the months, and how much of it each item has.
func (s *sheet) rest(from, until int) (rest amount, items []amount, taken bool) {
	for i := range s.people {
		left := s.sum(i, from, until)
		for _, b := range s.blocks[i] {
			if from <= b.from && b.until <= until {
				left, taken = left.minus(s.sum(i, b.from, b.until)), true
			}
		}
		rest, items = rest.plus(left), append(items, left)
	}
	return rest, items, taken
}

// nobody says whether the public totals tell already that nobody is there.
func (s *sheet) nobody(item, m int) bool {
	if s.known {
		return s.people[item][m].total() == 0
	}
	return !slices.ContainsFunc(s.people, func(months []amount) bool { return months[m].total() > 0 })
}

// plain says whether the number may be seen as it is: because all people of a block
// are of this month, so that it is the block's own number; or because it is part of
// a 0 that is shown where nobody is left.
func (s *sheet) plain(item, m int, empty []block) bool {
	if b, shown := s.around(item, m); shown {
		alone := true
		for other := b.from; other <= b.until; other++ {
			alone = alone && (other == m || s.nobody(item, other))
		}
		if alone {
			return true
		}
	}
	return slices.ContainsFunc(empty, func(b block) bool {
		return b.from <= m && m <= b.until && s.sum(item, b.from, b.until).total() == 0
	})
}

// open says whether the number could be another one.
func (s *sheet) open(item, m int) bool {
	found, possible := 0, 0
	for other := range s.people {
		if other == item {
			continue
		}
		if there, back := s.moves(m, item, other); there|back == 0 {
			continue
		}
		possible++
		if s.exchange(item, other, m) {
			if found++; found == s.others {
				return true
			}
		}
	}
	return found == possible
}

// exchange says whether the two items can exchange people of the month so that
// everything shown stays the same.
func (s *sheet) exchange(i, j, m int) bool {
	if s.waiting(i, j, m) {
		return true
	}
	there, back := s.moves(m, i, j)
	common := s.common(i, j, m)
	for n := common.from; n <= common.until; n++ {
		if n != m && s.undone(there, back, n, i, j) {
			return true
		}
	}
	return false
}

// waiting says whether nothing of the month is shown of i, nor of j if that matters.
func (s *sheet) waiting(i, j, m int) bool { return m >= s.waits(i) && (s.alone || m >= s.waits(j)) }

// common are the months that i shows, or keeps, together with m; and so does j if
// that matters.
func (s *sheet) common(i, j, m int) block {
	a, _ := s.around(i, m)
	if s.alone {
		return a
	}
	b, _ := s.around(j, m)
	return block{max(a.from, b.from), min(a.until, b.until)}
}

// undone says whether one of the moves is undone by one of another month.
func (s *sheet) undone(there, back ways, n, i, j int) bool {
	thereToo, backToo := s.moves(n, i, j)
	return there&backToo != 0 || back&thereToo != 0
}
