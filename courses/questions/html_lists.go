package questions

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func (r *htmlReader) startList(t html.Token) {
	if len(r.lists) >= maxLists {
		r.lists = r.lists[:maxLists-1]
	}
	first, err := strconv.Atoi(attr(t, "start"))
	if err != nil {
		first = 1
	}
	r.lists = append(r.lists, list{ordered: t.DataAtom == atom.Ol, letters: attr(t, "type"), item: first})
}

// list is an open list; item is the number of its next item.
type list struct {
	ordered bool
	letters string // "a" or "A" where letters stand for numbers
	item    int
}

func (r *htmlReader) startItem() {
	n := len(r.lists)
	if n == 0 {
		r.begin = "・"
		return
	}
	l := &r.lists[n-1]
	r.begin = strings.Repeat("　", n-1) + l.mark()
	l.item++
}

func (l *list) mark() string {
	switch {
	case !l.ordered:
		return "・"
	case (l.letters == "a" || l.letters == "A") && l.item >= 1 && l.item <= 26:
		return string(rune(l.letters[0])+rune(l.item-1)) + ". "
	}
	return strconv.Itoa(l.item) + ". "
}

// startRow ends a row of a table and, for a tr, begins the next.
func (r *htmlReader) startRow(tag atom.Atom) {
	r.endCell()
	r.newLine()
	if n := len(r.cells); n > 0 {
		r.cells[n-1] = -1
		if tag == atom.Tr {
			r.cells[n-1] = 0
		}
	}
}

func (r *htmlReader) startCell(t html.Token) {
	r.endCell()
	n := len(r.cells)
	if n == 0 {
		return
	}
	if attr(t, "colspan")+attr(t, "rowspan") != "" {
		r.lose("表のつながった欄")
	}
	if r.cells[n-1] > 0 {
		r.flush()
		r.current = append(r.current, run{text: "｜"})
		r.space = false
	}
	r.cells[n-1] = max(r.cells[n-1], 0) + 1
	if t.DataAtom == atom.Th {
		r.push(element{tag: atom.Th, bold: true})
	}
}

// endCell ends what a cell began, whether or not the file says so.
func (r *htmlReader) endCell() {
	r.endRuby()
	r.flush()
	r.pop(atom.Th)
}
