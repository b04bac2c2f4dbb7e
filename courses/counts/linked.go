package counts

// outside stands in a links for whatever lies outside an item's months.
const outside = -1

// linked says whether people of an item can be moved between all quarters of a block,
// or of what waits (not shown), so that no part of it has to be what it is. What waits
// may also have more or fewer people altogether, unless they are enough anyway.
func (s *sheet) linked(item int, of block, shown bool, empty []block, least int) bool {
	all := links{}
	if !shown && !s.enough(s.sum(item, of.from, of.until), least) {
		all.add(outside)
	}
	open := false
	for _, q := range s.within(of) {
		if s.settled(item, q, empty) {
			continue
		}
		found, possible := s.ways(item, q, of)
		if possible == 0 { // the public totals alone tell
			continue
		}
		open = true
		all.add(q.from)
		for to, partners := range found {
			if partners >= min(s.others, possible) {
				all.join(q.from, to)
			}
		}
	}
	return !open || all.one()
}

// within are the quarters of the months, cut to them.
func (s *sheet) within(of block) (list []block) {
	from := 0
	for _, end := range s.quarters {
		if b := (block{max(from, of.from), min(end, of.until)}); b.from <= b.until {
			list = append(list, b)
		}
		from = end + 1
	}
	return list
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
// can stand in; possible is how many could if nothing were shown.
func (s *sheet) ways(item int, q, of block) (found map[int]int, possible int) {
	found = map[int]int{}
	for other := range s.people {
		if other == item {
			continue
		}
		reached, could := map[int]bool{}, false
		for m := q.from; m <= q.until; m++ {
			there, back := s.moves(m, item, other)
			if there|back == 0 {
				continue
			}
			could = true
			if s.waiting(item, other, m) {
				reached[outside] = true
			}
			common := s.common(item, other, m)
			for n := common.from; n <= common.until; n++ {
				if (n < q.from || n > q.until) && s.undone(there, back, n, item, other) {
					reached[s.quarter(n, of)] = true
				}
			}
		}
		if could {
			possible++
		}
		for to := range reached {
			found[to]++
		}
	}
	return found, possible
}

// quarter is the first month of n's quarter among the months.
func (s *sheet) quarter(n int, of block) int {
	for _, q := range s.within(of) {
		if n <= q.until {
			return q.from
		}
	}
	return outside
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
