package counts

import (
	"slices"

	"tsunagari/courses/accounts"
)

// place is a row of closed_places.
type place struct {
	Month              Month
	Area, Host, Course string
	People             int
}

// places decide about Method and OtherGeo. All areas are divided at once, because
// the public totals by host tell how many learned in a class, and in whose, in all
// areas together.
func (r *releasing) places() error {
	var rows []place
	if err := r.tx.Raw("SELECT month, area, host, course, people FROM closed_places").Scan(&rows).Error; err != nil {
		return err
	}
	p := placesOf(rows, r.months)
	blocks := func(dim Dim, item string) [][]block {
		return r.blocksOf(ToOthers, dim, func(c cell) bool { return c.Item == item }, p.areas, func(c cell) string { return c.Area })
	}
	var towns []int
	for i, area := range p.areas {
		if _, known := accounts.ByCode(area); known {
			towns = append(towns, i)
		}
	}
	method, other := p.method(r.months.quarters(), blocks(Method, InClass)), p.other(r.months.quarters(), blocks(OtherGeo, Here))
	released := method.release(r.rules.Outside, towns)
	for _, i := range released {
		r.parts(Method, p.areas[i], method, i, InClass, AtHome)
	}
	for _, i := range other.release(r.rules.Outside, released) {
		r.parts(OtherGeo, p.areas[i], other, i, Here, There, byHost+There)
	}
	return nil
}

// byHost stands before the keys of OtherGeo that are told of a host.
const byHost = "host:"

func (r *releasing) parts(dim Dim, area Area, s *sheet, item int, keys ...string) {
	b := s.blocks[item][len(s.blocks[item])-1]
	people := s.sum(item, b.from, b.until)
	for part, key := range keys {
		r.show(ToOthers, dim, area, key, b, people[part])
	}
}

// places is who learned where.
type places struct {
	areas  []Area          // of residence and hosts, sorted
	months [][]*finishers  // month → course
	people [][]whereabouts // area → month
}

// finishers are those of one course and month.
type finishers struct {
	self  []int          // area → people without a class
	hosts []map[int]bool // area → areas whose classes its people attended
}

// whereabouts are the people of an area, and who came to its classes.
type whereabouts struct{ here, there, self, guests int }

func placesOf(rows []place, months calendar) *places {
	p := &places{months: make([][]*finishers, len(months))}
	for _, row := range rows {
		p.areas = append(p.areas, row.Area)
		if row.Host != Unknown {
			p.areas = append(p.areas, row.Host)
		}
	}
	slices.Sort(p.areas)
	p.areas = slices.Compact(p.areas)
	p.people = make([][]whereabouts, len(p.areas))
	for i := range p.people {
		p.people[i] = make([]whereabouts, len(months))
	}
	byCourse := make([]map[string]*finishers, len(months))
	for _, row := range rows {
		m := months.index(row.Month)
		if byCourse[m] == nil {
			byCourse[m] = map[string]*finishers{}
		}
		of := byCourse[m][row.Course]
		if of == nil {
			of = &finishers{self: make([]int, len(p.areas)), hosts: make([]map[int]bool, len(p.areas))}
			byCourse[m][row.Course], p.months[m] = of, append(p.months[m], of)
		}
		p.add(row, m, of)
	}
	return p
}

func (p *places) add(row place, m int, of *finishers) {
	i, _ := slices.BinarySearch(p.areas, row.Area)
	who := &p.people[i][m]
	if row.Host == Unknown {
		who.self += row.People
		of.self[i] += row.People
		return
	}
	host, _ := slices.BinarySearch(p.areas, row.Host)
	if of.hosts[i] == nil {
		of.hosts[i] = map[int]bool{}
	}
	of.hosts[i][host] = true
	if host == i {
		who.here += row.People
		return
	}
	who.there += row.People
	p.people[host][m].guests += row.People
}

func (p *places) sheet(quarters []int, blocks [][]block, of func(w whereabouts) amount) *sheet {
	people := make([][]amount, len(p.areas))
	for i, months := range p.people {
		for _, w := range months {
			people[i] = append(people[i], of(w))
		}
	}
	s := &sheet{people: people, quarters: quarters, others: 2, known: true, blocks: blocks}
	s.prepare()
	return s
}

// The ways of method: out of a class of i, of j, or of anybody else.
const (
	ofFirst ways = 1 << iota
	ofSecond
	ofAnother
)

// method is the table of 教室 and 自習: two persons who finished the same course in
// the same month might have changed places, the one in the class and the other at
// home. Whose class it was stays the same there and back, so that OtherGeo does not
// notice either.
func (p *places) method(quarters []int, blocks [][]block) *sheet {
	s := p.sheet(quarters, blocks, func(w whereabouts) amount { return amount{w.here + w.there, w.self} })
	s.parts = 2
	s.moves = func(m, i, j int) (there, back ways) {
		for _, of := range p.months[m] {
			if of.self[j] > 0 {
				there |= whose(of.hosts[i], i, j)
			}
			if of.self[i] > 0 {
				back |= whose(of.hosts[j], i, j)
			}
		}
		return there, back
	}
	return s
}

func whose(hosts map[int]bool, i, j int) (w ways) {
	if hosts[i] {
		w |= ofFirst
	}
	if hosts[j] {
		w |= ofSecond
	}
	if others(hosts, i, j, true) {
		w |= ofAnother
	}
	return w
}

// others says whether there are hosts besides a, and besides b if that is not to be.
func others(hosts map[int]bool, a, b int, without bool) bool {
	n := len(hosts)
	if hosts[a] {
		n--
	}
	if without && hosts[b] {
		n--
	}
	return n > 0
}

// other is the table of who attended a class of the own municipality, of others, and
// of the guests of its classes. It is shown for months of which Method is. Two persons
// who finished the same course in the same month might have changed classes; of the
// helper whose table is shown only such that both are classes of others.
func (p *places) other(quarters []int, blocks [][]block) *sheet {
	s := p.sheet(quarters, blocks, func(w whereabouts) amount { return amount{w.here, w.there, w.guests} })
	s.parts, s.alone, s.mixed = 3, true, true
	s.moves = func(m, i, j int) (there, back ways) {
		_, shown := s.around(j, m)
		for _, of := range p.months[m] {
			if of.hosts[i][i] && others(of.hosts[j], i, j, shown) {
				there = 1
			}
			if of.hosts[j][i] && others(of.hosts[i], i, j, shown) {
				back = 1
			}
		}
		return there, back
	}
	return s
}
