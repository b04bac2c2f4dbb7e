package counts

// outside stands in a links for whatever lies outside an item's months.
const outside = -1

// linked says whether people of an item can be moved between all quarters of a block,
// or of what waits (not shown), so that no part of it has to be what it is. What waits
// may also have more or fewer people altogether, unless they are enough anyway.
func (s *sheet) linked(item int, of block, shown bool, empty []block, least int) bool {
	first, last := s.quarter[of.from], s.quarter[of.until]
	if shown && first == last {
		return true
	}
	all, unsettled := links{}, false
	if !shown && !s.enough(s.sum(item, of.from, of.until), least) {
		all.add(outside)
	}
	for q := first; q <= last; q++ {
		if s.settled(item, s.within(q, of), empty) {
			continue
		}
		found, possible := s.ways(item, q, of, shown)
		if possible == 0 { // the public totals alone tell
			continue
		}
		unsettled = true
		all.add(q)
		for to, partners := range found {
			if partners >= min(s.others, possible) {
				all.join(q, to)
			}
		}
	}
	return !unsettled || all.one()
}

// within are the months of a quarter that are among others.
func (s *sheet) within(quarter int, of block) block {
	from := 0
	if quarter > 0 {
		from = s.quarters[quarter-1] + 1
	}
	return block{max(from, of.from), min(s.quarters[quarter], of.until)}
}

// settled says whether the quarter's number is public anyway: nobody is there, or it
// is part of a 0 that is shown.
func (s *sheet) settled(item int, q block, empty []block) bool {
	for m := q.from; m <= q.until; m++ {
		if !s.nobody(item, m) && (s.sum(item, q.from, q.until).total() > 0 || !s.plain(item, m, empty)) {
			return false
		}
	}
	return true
}

// ways are to where people of a quarter can be moved, each with how many other items
// can stand in, as far as it matters; possible is how many could if nothing were shown.
func (s *sheet) ways(item, quarter int, of block, shown bool) (found map[int]int, possible int) {
	found = map[int]int{}
	for other := range s.people {
		if other == item {
			continue
		}
		reached, could := s.reached(item, other, quarter, of)
		if could {
			possible++
		}
		for to := range reached {
			found[to]++
		}
		if found[outside] >= s.others || shown && s.everywhere(found, quarter, of) {
			break
		}
	}
	return found, possible
}

// everywhere says whether every other quarter is found often enough.
func (s *sheet) everywhere(found map[int]int, quarter int, of block) bool {
	for q := s.quarter[of.from]; q <= s.quarter[of.until]; q++ {
		if q != quarter && found[q] < s.others {
			return false
		}
	}
	return true
}

// reached are the quarters to which one other item helps to move people of a quarter.
func (s *sheet) reached(item, other, quarter int, of block) (to map[int]bool, could bool) {
	to = map[int]bool{}
	q := s.within(quarter, of)
	for m := q.from; m <= q.until; m++ {
		there, back := s.moves(m, item, other)
		if there|back == 0 {
			continue
		}
		could = true
		if s.waiting(item, other, m) {
			to[outside] = true
		}
		common := s.common(item, other, m)
		for n := common.from; n <= common.until; n++ {
			if r := s.quarter[n]; r != quarter && !to[r] && s.undone(there, back, n, item, other) {
				to[r] = true
			}
		}
	}
	return to, could
}

// links are quarters, each with one that it hangs together with.
type links map[int]int

func (l links) add(a int) {
	if _, known := l[a]; !known {
		l[a] = a
	}
}

func (l links) root(a int) int {
	l.add(a)
	for l[a] != a {
		a = l[a]
	}
	return a
}

func (l links) join(a, b int) { l[l.root(a)] = l.root(b) }

// one says whether everything hangs together.
func (l links) one() bool {
	roots := 0
	for a, b := range l {
		if a == b {
			roots++
		}
	}
	return roots == 1
}
