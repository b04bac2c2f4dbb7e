package views

import (
	"context"

	"tsunagari/courses/counts"
)

// division is how the people of one municipality divide in a closed period, as far
// as the rule of disclosure shows it.
type division struct {
	Periods []Choice
	Period  string
	Label   string // of the period
	Tables  []*divided
}

// divided is one table with its heading.
type divided struct {
	Title string
	*counts.Table
	Rows []dividedRow
	Rest string // the words for what is in no cell
}

type dividedRow struct {
	Label  string
	Value  int
	Hidden bool
}

var divisions = []struct {
	title string
	geo   counts.Geo
	dim   counts.Dim
}{
	{"教室／自習", counts.Residence, counts.Method},
	{"年代", counts.Residence, counts.Band},
	{"どの市町村の教室で修了したか", counts.Residence, counts.OtherGeo},
	{"主催した教室ごと", counts.Host, counts.Class},
	{"主催した教室に来た人の居住地", counts.Host, counts.OtherGeo},
}

// divide fills the division of the municipality with the code for the period that
// was asked for, else everything to the newest quarter; it stays empty while no quarter is closed.
func (s *site) divide(ctx context.Context, scope counts.Scope, code, asked string) (d division, err error) {
	periods, err := s.Counts.Periods(ctx)
	if err != nil || len(periods) == 0 {
		return d, err
	}
	chosen := periods[0]
	for _, p := range periods { // 累計 to the newest quarter
		if p.Until == chosen.Until && p.From < chosen.From {
			chosen = p
		}
	}
	for _, p := range periods {
		d.Periods = append(d.Periods, Choice{Value: periodKey(p), Label: periodLabel(p)})
		if periodKey(p) == asked {
			chosen = p
		}
	}
	d.Period, d.Label = periodKey(chosen), periodLabel(chosen)
	for _, of := range divisions {
		t, err := s.Counts.Table(ctx, scope, counts.ToOwn, of.geo, code, of.dim, chosen)
		if err != nil {
			return d, err
		}
		d.Tables = append(d.Tables, newDivided(of.title, t))
	}
	return d, nil
}

func newDivided(title string, t *counts.Table) *divided {
	d := &divided{Title: title, Table: t, Rest: counts.RestLabel}
	for i, cell := range t.Cells {
		d.Rows = append(d.Rows, dividedRow{t.Labels[i], cell.Value, cell.Hidden})
	}
	return d
}

// periodKey is a period in an address: 2026-04_2026-09.
func periodKey(p counts.Period) string { return string(p.From) + "_" + string(p.Until) }

func periodLabel(p counts.Period) string {
	span := p.From.Label() + "から" + p.Until.Label()
	switch {
	case p.From.Add(2) == p.Until:
		return "四半期（" + span + "）"
	case p.From == counts.FirstOf(p.From.FiscalYear()) && p.From.Add(11) == p.Until:
		return counts.FiscalLabel(p.From.FiscalYear()) + "（" + span + "）"
	}
	return "累計（" + span + "）"
}
