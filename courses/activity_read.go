package courses

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Bounds of an activity.
const (
	maxItems  = 40
	maxScenes = 40
)

// activityReader reads the lines inside an activity.
type activityReader struct {
	body  *body
	lines []string
	first int // the file's line of lines[0]
	at    int // the file's line of the opening
	next  int
}

var (
	lessonID   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	itemLine   = regexp.MustCompile(`^[-*]\s+(.*)$`)
	numberLine = regexp.MustCompile(`^(\d{1,3})[.)]\s+(.*)$`)
	sceneLine  = regexp.MustCompile(`^#\s+(.*)$`)
	totalLine  = regexp.MustCompile(`^total\s+(\d{1,4})\s*[-–〜~]\s*(\d{1,4})\s*[:：]\s*(.*)$`)
	pointsText = regexp.MustCompile(`^(-?\d{1,3})\s*(.*)$`)
)

// entry is one item as it stands in the file.
type entry struct {
	number   int // of a numbered item
	text     string
	feedback string
	line     int
}

func (r *activityReader) more() bool { return r.next < len(r.lines) }

// peek is the line to come, its indent taken off.
func (r *activityReader) peek() (line string, indented bool) {
	raw := strings.TrimRight(r.lines[r.next], " \t　")
	line = strings.TrimLeft(raw, " \t　")
	return line, line != raw
}

func (r *activityReader) fileLine() int { return r.first + r.next }

// intro takes the lines before the first item, which each kind begins in its own way.
func (r *activityReader) intro(kind string) string {
	begins := itemLine.MatchString
	switch kind {
	case "order", "chain":
		begins = numberLine.MatchString
	case "talk":
		begins = sceneLine.MatchString
	case "sort", "worksheet":
		begins = func(line string) bool { return key(line) != "" }
	}
	from := r.next
	for ; r.more(); r.next++ {
		if line, _ := r.peek(); begins(line) {
			break
		}
	}
	return strings.Trim(strings.Join(r.lines[from:r.next], "\n"), "\n")
}

var settingNames = []string{"groups", "answers", "lines", "total"}

// key is the name of a setting like "groups: …", or "".
func key(line string) string {
	for _, name := range settingNames {
		if rest, ok := strings.CutPrefix(line, name); ok {
			if strings.HasPrefix(rest, ":") || strings.HasPrefix(rest, "：") || name == "total" && strings.HasPrefix(rest, " ") {
				return name
			}
		}
	}
	return ""
}

// setting takes the line "name: …", skipping blank lines before it.
func (r *activityReader) setting(name string) (value string, line int, ok bool) {
	r.skipBlank()
	if !r.more() {
		return "", r.at, false
	}
	text, _ := r.peek()
	if key(text) != name {
		return "", r.at, false
	}
	line = r.fileLine()
	r.next++
	value = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(text, name), ":"), "：")
	return strings.TrimSpace(value), line, true
}

func (r *activityReader) skipBlank() {
	for r.more() {
		if line, _ := r.peek(); line != "" {
			return
		}
		r.next++
	}
}

// slashes splits "a / b / c".
func slashes(s string) []string {
	var out []string
	for _, part := range strings.Split(s, "/") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// entries takes items as long as the lines match pattern, each with its
// feedback. stop says at which line another part of the activity begins.
func (r *activityReader) entries(pattern *regexp.Regexp, stop func(line string, indented bool) bool) []entry {
	var out []entry
	for r.more() {
		line, indented := r.peek()
		if line == "" {
			r.next++
			continue
		}
		if stop != nil && stop(line, indented) {
			break
		}
		at := r.fileLine()
		r.next++
		if m := pattern.FindStringSubmatch(line); m != nil {
			e := entry{text: m[len(m)-1], line: at}
			if len(m) == 3 {
				e.number, _ = strconv.Atoi(m[1])
			}
			out = append(out, e)
			continue
		}
		switch {
		case len(out) == 0:
			r.fault(at, "ここには項目（- か 1. で始まる行）が要ります。")
		case strings.HasPrefix(line, ">"):
			last := &out[len(out)-1]
			last.feedback = strings.TrimSpace(last.feedback + "\n" + strings.TrimSpace(line[1:]))
		case indented && out[len(out)-1].feedback == "":
			out[len(out)-1].text += "\n" + line
		default:
			r.fault(at, "この行は読み取れません。項目は「- 」で始め、答えたあとの言葉は「  > 」で始めます。")
		}
	}
	if len(out) > maxItems {
		r.fault(r.at, "項目が多すぎます（%d個まで）。", maxItems)
		out = out[:maxItems]
	}
	return out
}

// arrow splits "text => target" at the last arrow.
func (r *activityReader) arrow(e *entry) (target string, ok bool) {
	i := strings.LastIndex(e.text, "=>")
	if i < 0 {
		r.fault(e.line, "「=>」がありません。")
		return "", false
	}
	target = strings.TrimSpace(e.text[i+len("=>"):])
	e.text = strings.TrimSpace(e.text[:i])
	if target == "" || e.text == "" {
		r.fault(e.line, "「=>」の左か右が空です。")
		return "", false
	}
	return target, true
}

func (r *activityReader) least(n, got int, what string) {
	if got < n {
		r.fault(r.at, "%sが%dつ以上要ります。", what, n)
	}
}

func (r *activityReader) sorting() *Sorting {
	groups, line, ok := r.setting("groups")
	s := &Sorting{Groups: slashes(groups), line: line}
	if !ok {
		r.fault(r.at, "「groups: A / B」の行がありません。")
	} else if len(s.Groups) < 2 || len(s.Groups) > 6 {
		r.fault(line, "groups は2つから6つまでです。")
	}
	for i, g := range s.Groups {
		if slices.Contains(s.Groups[:i], g) {
			r.fault(line, "groups に「%s」が二度あります。", g)
		}
	}
	for _, e := range r.entries(itemLine, nil) {
		target, ok := r.arrow(&e)
		if !ok {
			continue
		}
		card := Card{Text: e.text, Feedback: e.feedback, line: e.line}
		for _, name := range slashes(target) {
			i := slices.Index(s.Groups, name)
			if i < 0 {
				r.fault(e.line, "groups に「%s」がありません。", name)
			} else if !slices.Contains(card.Groups, i) {
				card.Groups = append(card.Groups, i)
			}
		}
		slices.Sort(card.Groups)
		s.Cards = append(s.Cards, card)
	}
	r.least(2, len(s.Cards), "項目")
	return s
}

func (r *activityReader) matching(id string) *Matching {
	m := &Matching{}
	var rights []string
	for _, e := range r.entries(itemLine, nil) {
		right, ok := r.arrow(&e)
		if !ok {
			continue
		}
		i := slices.Index(rights, right)
		if i < 0 {
			i, rights = len(rights), append(rights, right)
		}
		m.Pairs = append(m.Pairs, MatchPair{Left: e.text, Feedback: e.feedback, Right: i, line: e.line})
	}
	r.least(2, len(rights), "右側")
	place := make([]int, len(rights))
	for at, i := range shuffled(id, len(rights)) {
		m.Rights = append(m.Rights, rights[i])
		place[i] = at
	}
	for i := range m.Pairs {
		m.Pairs[i].Right = place[m.Pairs[i].Right]
	}
	return m
}

func (r *activityReader) ordering(id string) *Ordering {
	o := &Ordering{}
	for _, e := range r.entries(numberLine, nil) {
		if n := len(o.Lines); n > 0 && e.number < o.Lines[n-1].rank {
			r.fault(e.line, "番号が前の行より小さくなっています。正しい順に書いてください。")
		}
		o.Lines = append(o.Lines, OrderLine{Text: e.text, Feedback: e.feedback, rank: e.number, line: e.line})
	}
	r.least(3, len(o.Lines), "項目")
	for i := range o.Lines {
		first, last := i, i
		for first > 0 && o.Lines[first-1].rank == o.Lines[i].rank {
			first--
		}
		for last+1 < len(o.Lines) && o.Lines[last+1].rank == o.Lines[i].rank {
			last++
		}
		o.Lines[i].First, o.Lines[i].Last = first+1, last+1
	}
	o.Shown = shuffled(id, len(o.Lines))
	return o
}

func (r *activityReader) chain() *Chain {
	c := &Chain{}
	for _, e := range r.entries(numberLine, nil) {
		c.Links = append(c.Links, Card{Text: e.text, Feedback: e.feedback, line: e.line})
	}
	r.least(2, len(c.Links), "項目")
	return c
}

func isScene(line string, _ bool) bool { return sceneLine.MatchString(line) }

func (r *activityReader) talk() *Talk {
	t := &Talk{}
	for r.more() {
		line, _ := r.peek()
		at := r.fileLine()
		m := sceneLine.FindStringSubmatch(line)
		r.next++
		if m == nil {
			if line != "" {
				r.fault(at, "場面は「# 名前」の行で始めてください。")
			}
			continue
		}
		t.Scenes = append(t.Scenes, r.scene(strings.TrimSpace(m[1]), at))
	}
	if len(t.Scenes) > maxScenes {
		r.fault(r.at, "場面が多すぎます（%d個まで）。", maxScenes)
		t.Scenes = t.Scenes[:maxScenes]
	}
	r.linkScenes(t)
	return t
}

// scene reads the text and the choices after the line "# name".
func (r *activityReader) scene(name string, at int) Scene {
	s := Scene{Name: name, line: at}
	if !lessonID.MatchString(name) {
		r.fault(at, "場面の名前「%s」には、半角の小文字・数字・- を使ってください。", name)
	}
	var words []string
	for ; r.more(); r.next++ {
		line, _ := r.peek()
		if isScene(line, false) || itemLine.MatchString(line) {
			break
		}
		words = append(words, r.lines[r.next])
	}
	s.Text = strings.TrimSpace(strings.Join(words, "\n"))
	if s.Text == "" {
		r.fault(at, "場面「%s」に文がありません。", name)
	}
	if r.more() {
		if line, _ := r.peek(); isScene(line, false) {
			return s
		}
	}
	for _, e := range r.entries(itemLine, isScene) {
		if to, ok := r.arrow(&e); ok {
			s.Choices = append(s.Choices, Reply{Text: e.text, Feedback: e.feedback, To: to, line: e.line})
		}
	}
	return s
}

// linkScenes finds where every choice leads, and scenes that cannot be reached
// or never come to an end.
func (r *activityReader) linkScenes(t *Talk) {
	index := map[string]int{}
	for i, s := range t.Scenes {
		if _, twice := index[s.Name]; twice {
			r.fault(s.line, "場面「%s」が二度あります。", s.Name)
			continue
		}
		index[s.Name] = i
	}
	if len(t.Scenes) < 2 {
		r.fault(r.at, "場面が2つ以上要ります。")
	}
	for i := range t.Scenes {
		for j := range t.Scenes[i].Choices {
			c := &t.Scenes[i].Choices[j]
			next, ok := index[c.To]
			if !ok {
				r.fault(c.line, "場面「%s」がありません。", c.To)
			}
			c.next = next
		}
	}
	reached := make([]bool, len(t.Scenes))
	ends := make([]bool, len(t.Scenes))
	if len(reached) > 0 {
		reached[0] = true
	}
	for range t.Scenes {
		for i, s := range t.Scenes {
			ends[i] = ends[i] || len(s.Choices) == 0
			for _, c := range s.Choices {
				reached[c.next] = reached[c.next] || reached[i]
				ends[i] = ends[i] || ends[c.next]
			}
		}
	}
	for i, s := range t.Scenes {
		if !reached[i] {
			r.fault(s.line, "場面「%s」へ進む選び方がありません。", s.Name)
		}
		if !ends[i] {
			r.fault(s.line, "場面「%s」からは、会話が終わりません。", s.Name)
		}
	}
}
