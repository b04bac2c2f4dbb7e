package counts

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func newRandom(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 41)) }

// yearsOf is a calendar of whole years.
func yearsOf(years int) (c calendar) {
	for m := Month("2026-04"); len(c) < 12*years; m = m.Next() {
		c = append(c, m)
	}
	return c
}

// someone draws how many people finish in a month: mostly few, sometimes a class.
func someone(rnd *rand.Rand, usual int) int {
	n := rnd.IntN(usual + 1)
	if rnd.IntN(4) == 0 {
		n += rnd.IntN(4*usual + 4)
	}
	return n
}

// aTown is people by age band and month.
func aTown(rnd *rand.Rand, months, bands, usual int) [][]amount {
	people, weight := make([][]amount, bands), make([]int, bands)
	for i := range people {
		people[i], weight[i] = make([]amount, months), 1+rnd.IntN(8)*rnd.IntN(3)
	}
	for m := range months {
		for range someone(rnd, usual) {
			at := rnd.IntN(sumOf(weight))
			for i, w := range weight {
				if at -= w; at < 0 {
					people[i][m][0]++
					break
				}
			}
		}
	}
	return people
}

func sumOf(list []int) (sum int) {
	for _, n := range list {
		sum += n
	}
	return sum
}

// published is how a town's age bands were shown, by one audience.
type publishing func(people [][]amount, quarters []int) (own, outside [][]block)

// ours is the rule.
func ours(people [][]amount, quarters []int) (own, outside [][]block) {
	own, outside = make([][]block, len(people)), make([][]block, len(people))
	for q := range quarters {
		a := bandSheet(people, quarters[:q+1], own)
		b := bandSheet(people, quarters[:q+1], outside)
		b.release(10, a.release(5, a.items()))
		own, outside = a.blocks, b.blocks
	}
	return own, outside
}

// plainly shows every cell of a quarter that has enough people, and no more.
func plainly(people [][]amount, quarters []int) (own, outside [][]block) {
	own = make([][]block, len(people))
	from := 0
	for _, end := range quarters {
		s := bandSheet(people, quarters, own)
		for i := range people {
			if s.sum(i, from, end)[0] >= 5 {
				own[i] = append(own[i], block{from, end})
			}
		}
		from = end + 1
	}
	return own, nil
}

// complemented hides a second cell of each quarter, but not in the table of all
// quarters together, so that differences tell.
func complemented(people [][]amount, quarters []int) (own, outside [][]block) {
	own, outside = make([][]block, len(people)), make([][]block, len(people))
	s := bandSheet(people, quarters, own)
	from, last := 0, quarters[len(quarters)-1]
	for _, end := range quarters {
		order := make([]int, len(people))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return s.sum(a, from, end)[0] - s.sum(b, from, end)[0] })
		for _, i := range order[2:] {
			if s.sum(i, from, end)[0] >= 5 {
				own[i] = append(own[i], block{from, end})
			}
		}
		from = end + 1
	}
	for i := range people {
		if s.sum(i, 0, last)[0] >= 5 {
			outside[i] = append(outside[i], block{0, last})
		}
	}
	return own, outside
}

// attackBands are the numbers below a threshold that somebody finds out who has the
// totals of all months and every table: below 5 of both audiences, below 10 of what is
// shown outside. Counted are also the numbers that were shown.
func attackBands(t testing.TB, people [][]amount, quarters []int, how publishing, least int) (pinned []secret, shown int) {
	own, outside := how(people, quarters)
	months := quarters[len(quarters)-1] + 1
	at := func(i, m int) int { return i*months + m }
	span := func(i, from, until int) (of []int, sum int) {
		for m := from; m <= until; m++ {
			of, sum = append(of, at(i, m)), sum+people[i][m][0]
		}
		return of, sum
	}
	var equations []equation
	for m := range months {
		e := equation{}
		for i := range people {
			e.of, e.sum = append(e.of, at(i, m)), e.sum+people[i][m][0]
		}
		equations = append(equations, e)
	}
	audiences := [][][]block{own, outside}
	if least == 10 { // somebody from elsewhere
		audiences = audiences[1:]
	}
	for _, audience := range audiences {
		for i, blocks := range audience {
			for _, b := range blocks {
				of, sum := span(i, b.from, b.until)
				equations = append(equations, equation{of, sum})
				shown++
			}
		}
	}
	var secrets []secret
	hide := func(i, from, until int) {
		of, sum := span(i, from, until)
		secrets = append(secrets, secret{fmt.Sprintf("band %d of months %d to %d", i, from, until), of, sum})
	}
	for i := range people {
		for m := range months {
			hide(i, m, m)
		}
		for from := 0; from < months; from += 3 { // every span of quarters
			for until := from + 2; until < months; until += 3 {
				hide(i, from, until)
			}
		}
	}
	secrets = slices.DeleteFunc(secrets, func(s secret) bool { return s.value == 0 || s.value >= least })
	return pins(t, len(people)*months, equations, secrets), shown
}

// towns are the simulated ones: villages and cities, with how many years.
func attackTowns(t *testing.T, how publishing, towns int) (pinned []secret, years, shown int) {
	rnd := newRandom(7)
	for n := range towns {
		months := yearsOf(1 + n%4)
		people := aTown(rnd, len(months), 3+rnd.IntN(6), []int{1, 2, 4, 10, 30}[n%5])
		found, cells := attackBands(t, people, months.quarters(), how, 5)
		more, _ := attackBands(t, people, months.quarters(), how, 10)
		found = append(found, more...)
		if len(found) > 0 && len(pinned) == 0 {
			t.Logf("the first: %s of %d people in town %d", found[0].name, found[0].value, n)
		}
		pinned, years, shown = append(pinned, found...), years+len(months)/12, shown+cells
	}
	return pinned, years, shown
}

// Nobody finds a small number, whatever he adds, takes away or bounds.
func TestAttackerFindsNoAge(t *testing.T) {
	pinned, years, shown := attackTowns(t, ours, 140)
	if len(pinned) > 0 {
		t.Errorf("%d numbers were found out", len(pinned))
	}
	if years < 300 || shown < 500 {
		t.Errorf("only %d years with %d numbers shown", years, shown)
	}
	t.Logf("%d years, %d numbers shown", years, shown)
}

// The same attacker finds what a threshold alone would leave open, and differences.
func TestAttackerBites(t *testing.T) {
	for name, how := range map[string]publishing{"a threshold alone": plainly, "no care for differences": complemented} {
		pinned, years, _ := attackTowns(t, how, 20)
		t.Logf("%s: %d numbers in %d years", name, len(pinned), years)
		if len(pinned) < 5 {
			t.Errorf("%s: only %d numbers in %d years were found out", name, len(pinned), years)
		}
	}
}

// region is people by where they live, in which class (the last: none) and month.
type region [][][]int

func aRegion(rnd *rand.Rand, towns, hosts, months, usual int) (r region) {
	for town := range towns {
		byHost := make([][]int, hosts+1)
		for h := range byHost {
			byHost[h] = make([]int, months)
		}
		for m := range months {
			for range someone(rnd, usual*(1+town%3*2)) {
				switch h := rnd.IntN(4); {
				case h == 0:
					byHost[rnd.IntN(hosts)][m]++
				case h < 3:
					byHost[town%hosts][m]++
				default:
					byHost[hosts][m]++
				}
			}
		}
		r = append(r, byHost)
	}
	return r
}

// places are the region's rows as they are frozen. The hosts are the first towns.
func (r region) places(c calendar) (rows []place) {
	for town, byHost := range r {
		for h, months := range byHost {
			host := fmt.Sprintf("%06d", h)
			if h == len(byHost)-1 {
				host = Unknown
			}
			for m, n := range months {
				if n > 0 {
					rows = append(rows, place{c[m], fmt.Sprintf("%06d", town), host, "course", n})
				}
			}
		}
	}
	return rows
}

// attackMethods is what an officer of one town (-1: none), who knows everything about
// its residents, finds out of the others from the totals by residence and by host of
// every month, and from the tables. What the totals alone tell is left out.
func attackMethods(t testing.TB, r region, c calendar, shown inRegion, knows int) (pinned []secret) {
	hosts, months := len(r[0])-1, len(c)
	at := func(town, h, m int) int { return (town*(hosts+1)+h)*months + m }
	var equations []equation
	add := func(towns, hs, ms []int) {
		e := equation{}
		for _, town := range towns {
			for _, h := range hs {
				for _, m := range ms {
					e.of, e.sum = append(e.of, at(town, h, m)), e.sum+r[town][h][m]
				}
			}
		}
		equations = append(equations, e)
	}
	towns, all := upTo(0, len(r)-1), upTo(0, hosts)
	for m := range months {
		for town := range r {
			add([]int{town}, all, []int{m})
		}
		for h := range all {
			add(towns, []int{h}, []int{m})
		}
	}
	var secrets []secret
	hide := func(town, from, until int) {
		kinds := []int{hosts}
		if town < hosts {
			kinds = append(kinds, town)
		}
		for _, h := range kinds {
			s := secret{name: fmt.Sprintf("class %d of town %d in months %d to %d", h, town, from, until)}
			whole := 0
			for _, m := range upTo(from, until) {
				s.of, s.value = append(s.of, at(town, h, m)), s.value+r[town][h][m]
				for other := range all {
					whole += r[town][other][m]
				}
			}
			if small := min(s.value, whole-s.value); whole > 0 && small < 10 && town != knows {
				secrets = append(secrets, s)
			}
		}
	}
	for town := range r {
		if town == knows {
			for m := range months {
				for h := range all {
					add([]int{town}, []int{h}, []int{m})
				}
			}
		}
		for m := range months {
			hide(town, m, m)
		}
		for from := 0; from < months; from += 3 {
			for until := from + 2; until < months; until += 3 {
				hide(town, from, until)
			}
		}
	}
	n := len(r) * (hosts + 1) * months
	already := map[string]bool{}
	for _, s := range pins(t, n, equations, secrets) {
		already[s.name] = true
	}
	secrets = slices.DeleteFunc(secrets, func(s secret) bool { return already[s.name] })
	for town := range r {
		for _, b := range shown.method[town] {
			add([]int{town}, upTo(0, hosts-1), upTo(b.from, b.until))
		}
		for _, b := range shown.other[town] {
			add([]int{town}, []int{town}, upTo(b.from, b.until))
		}
	}
	return pins(t, n, equations, secrets)
}

func upTo(from, last int) (list []int) {
	for ; from <= last; from++ {
		list = append(list, from)
	}
	return list
}

// inRegion is what is shown of each town.
type inRegion struct{ method, other [][]block }

// simulateMethods is a region with what is shown of it; plain without any care for
// the other towns.
func simulateMethods(rnd *rand.Rand, n int, plain bool) (r region, c calendar, shown inRegion) {
	c = yearsOf(1 + n%2)
	towns := 4 + rnd.IntN(3)
	r = aRegion(rnd, towns, 2+n%2, len(c), []int{1, 3, 6}[n%3])
	p := placesOf(r.places(c), c)
	shown = inRegion{make([][]block, towns), make([][]block, towns)}
	for q := range c.quarters() {
		quarters := c.quarters()[:q+1]
		method, other := p.method(quarters, shown.method), p.other(quarters, shown.other)
		if plain {
			other.releasePlainly(method.releasePlainly(method.items()))
		} else {
			other.release(10, method.release(10, method.items()))
		}
		shown = inRegion{method.blocks, other.blocks}
	}
	return r, c, shown
}

// releasePlainly shows what is enough by itself.
func (s *sheet) releasePlainly(may []int) (released []int) {
	for _, i := range may {
		if from := s.waits(i); s.enough(s.sum(i, from, s.last()), 10) {
			s.blocks[i], released = append(s.blocks[i], block{from, s.last()}), append(released, i)
		}
	}
	return released
}

// Nobody finds how a few people learned, or where, also not with the totals by host
// and with all that an officer knows about the residents of the own town.
func TestAttackerFindsNoPlace(t *testing.T) {
	for _, plain := range []bool{false, true} {
		rnd := newRandom(11)
		years, methods, others, found := 0, 0, 0, 0
		for n := range 20 {
			r, c, shown := simulateMethods(rnd, n, plain)
			for town := range r {
				methods, others = methods+len(shown.method[town]), others+len(shown.other[town])
			}
			for _, knows := range []int{-1, n % len(r)} {
				pinned := attackMethods(t, r, c, shown, knows)
				if found += len(pinned); len(pinned) > 0 && !plain {
					t.Errorf("region %d, who knows town %d: %s is %d", n, knows, pinned[0].name, pinned[0].value)
				}
			}
			years += len(r) * len(c) / 12
		}
		t.Logf("plain %v: %d years of towns, %d blocks of method and %d of place shown, %d numbers found out", plain, years, methods, others, found)
		if methods < 20 || others < 10 || years < 80 || plain && found < 5 {
			t.Errorf("too little happened")
		}
	}
}
