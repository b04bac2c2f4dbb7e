package questions

import (
	"fmt"
	"slices"
)

// Check finds what makes a question impossible to ask or to mark. Whether its
// words are good is not its matter.
func Check(q *Question) []Fault {
	c := &checker{q: q}
	if !plainID(q.ID) {
		c.fault("idには半角の小文字・数字・- を使ってください。")
	}
	if q.Text[JA] == "" {
		c.fault("問題文がありません。")
	}
	switch q.Type {
	case Choice:
		c.choice()
	case TrueFalse:
		c.trueFalse()
	case Multiple:
		c.multiple()
	case Matching:
		c.matching()
	case Ordering:
		c.ordering()
	case Sort:
		c.sorting()
	case Short, Numerical:
		c.answers()
	case Reflection:
	default:
		c.fault("「%s」という種類の問題はありません。", q.Type)
	}
	return c.faults
}

type checker struct {
	q      *Question
	faults []Fault
}

func (c *checker) fault(format string, args ...any) {
	name := c.q.ID
	if name == "" {
		name = "（idなし）"
	}
	c.faults = append(c.faults, Fault{Line: c.q.Line, Reason: "問題 " + name + "：" + fmt.Sprintf(format, args...)})
}

func plainID(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-') {
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// parts finds too few parts, equal ids and equal texts.
func (c *checker) parts(what string, least int, ids []string, texts []Text) {
	if len(ids) < least {
		c.fault("%sが%dつ以上要ります。", what, least)
	}
	for i, id := range ids {
		if !plainID(id) {
			c.fault("%sのid「%s」には半角の小文字・数字・- を使ってください。", what, id)
		}
		if slices.Contains(ids[:i], id) {
			c.fault("%sのid「%s」が二度あります。", what, id)
		}
	}
	for i, text := range texts {
		if text[JA] == "" {
			c.fault("%sの%d番目に文がありません。", what, i+1)
			continue
		}
		for _, other := range texts[:i] {
			if other[JA] == text[JA] {
				c.fault("%sに「%s」が二度あります。", what, text[JA])
			}
		}
	}
}

func (c *checker) options() (full, right int, sum float64) {
	var ids []string
	var texts []Text
	for _, o := range c.q.Options {
		ids, texts = append(ids, o.ID), append(texts, o.Text)
		if o.Weight > 0 {
			right++
			sum += o.Weight
		}
		if o.Weight == 1 {
			full++
		}
	}
	c.parts("選択肢", 2, ids, texts)
	return full, right, sum
}

// choice may have several right choices, each of which is enough.
func (c *checker) choice() {
	if full, _, _ := c.options(); full == 0 {
		c.fault("正しい選択肢（right: true）がありません。")
	}
}

func (c *checker) trueFalse() {
	if full, _, _ := c.options(); full != 1 {
		c.fault("正しい選択肢は、ちょうど1つです（いまは%d）。", full)
	}
}

func (c *checker) multiple() {
	_, right, sum := c.options()
	if right == 0 {
		c.fault("正しい選択肢（right: true）がありません。")
	} else if sum < 0.999 {
		c.fault("正しい選択肢をすべて選んでも100%%になりません。")
	}
}

func (c *checker) matching() {
	var ids []string
	var lefts []Text
	for _, p := range c.q.Pairs {
		ids = append(ids, p.ID)
		if len(p.Left) > 0 {
			lefts = append(lefts, p.Left)
		}
		if p.Right[JA] == "" {
			c.fault("右側に文がありません。")
		}
	}
	if len(lefts) < 2 {
		c.fault("組が2つ以上要ります。")
	}
	c.parts("組", 2, ids, lefts)
}

func (c *checker) ordering() {
	var ids []string
	var texts []Text
	distinct := map[int]bool{}
	for i, item := range c.q.Items {
		ids, texts = append(ids, item.ID), append(texts, item.Text)
		distinct[item.Rank] = true
		if i > 0 && item.Rank < c.q.Items[i-1].Rank {
			c.fault("項目は正しい順に書いてください（rankが前より小さくなっています）。")
		}
	}
	c.parts("項目", 2, ids, texts)
	if len(ids) >= 2 && len(distinct) < 2 {
		c.fault("rankがすべて同じです。")
	}
}

func (c *checker) sorting() {
	var groups, ids []string
	var names, texts []Text
	for _, g := range c.q.Groups {
		groups, names = append(groups, g.ID), append(names, g.Text)
	}
	c.parts("グループ", 2, groups, names)
	for _, item := range c.q.Items {
		ids, texts = append(ids, item.ID), append(texts, item.Text)
		if len(item.Groups) == 0 {
			c.fault("「%s」にグループがありません。", item.Text[JA])
		}
		for i, g := range item.Groups {
			if !slices.Contains(groups, g) || slices.Contains(item.Groups[:i], g) {
				c.fault("「%s」のグループ「%s」が見つからないか、二度あります。", item.Text[JA], g)
			}
		}
	}
	c.parts("項目", 2, ids, texts)
}

func (c *checker) answers() {
	full := false
	for _, a := range c.q.Answers {
		full = full || a.Weight == 1
		if c.q.Type == Short && a.Text == "" {
			c.fault("答えに文がありません。")
		}
	}
	if !full {
		c.fault("100%%になる答えがありません。")
	}
}
