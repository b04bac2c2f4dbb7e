package courses

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tsunagari/courses/questions/outline"
)

// The kinds of segment a body is made of. Blocks hold segments themselves.
const (
	segmentText     = "text"
	segmentQuote    = "quote"
	segmentFigure   = "figure"
	segmentBlock    = "block"
	segmentActivity = "activity"
)

// segment is a part of a lesson that is rendered in one way.
type segment struct {
	kind     string
	line     int    // in the file
	text     string // Markdown: of text, or the words of a quotation
	source   string // where a quotation is from
	name     string // of a block (point, proposal, care, more)
	heading  string // of a block
	inner    []segment
	figure   figure
	activity *Activity
}

// body is a parsed text of a lesson, module or course in one language.
type body struct {
	segments []segment
	faults   []outline.Fault
}

func (b *body) fault(line int, format string, args ...any) {
	b.faults = append(b.faults, outline.Fault{Line: line, Reason: fmt.Sprintf(format, args...)})
}

// Bounds of the text of one lesson: many times those of the built-in courses.
const (
	maxBody  = 64 << 10
	maxLinks = 300
)

var blockNames = []string{"point", "proposal", "care", "more"}

var (
	fence      = regexp.MustCompile(`^:::\s*(.*?)\s*$`)
	figureLine = regexp.MustCompile(`^!\[(.*)\]\(([^()\s]+)(?:\s+"([^"]*)")?\)$`)
	sourceLine = regexp.MustCompile(`^[—―─-]{2,}\s*(.+)$`)
)

// parseBody splits a text whose first line is the given line of its file.
func parseBody(source string, first int) body {
	var b body
	if len(source) > maxBody {
		b.fault(first, "長すぎます（%d KBまで）。", maxBody>>10)
		return b
	}
	if strings.Count(source, "](") > maxLinks {
		b.fault(first, "リンクが多すぎます（%dまで）。", maxLinks)
		return b
	}
	lines := strings.Split(source, "\n")
	b.segments = b.split(lines, first, true)
	return b
}

// split makes segments of lines. Only the outermost text may have blocks.
func (b *body) split(lines []string, first int, outermost bool) []segment {
	var out []segment
	text := 0 // where the running text began
	flush := func(end int) {
		from := text
		for from < end && strings.TrimSpace(lines[from]) == "" {
			from++
		}
		if from < end {
			out = append(out, segment{kind: segmentText, line: first + from, text: strings.Join(lines[from:end], "\n")})
		}
	}
	for i := 0; i < len(lines); {
		line := strings.TrimRight(lines[i], " \t　")
		end := i
		var seg *segment
		switch {
		case strings.HasPrefix(line, ":::"):
			flush(i)
			seg, end = b.fenced(lines, i, first, outermost)
			text = end
		case strings.HasPrefix(line, ">"):
			flush(i)
			seg, end = quotation(lines, i, first)
			text = end
		case strings.HasPrefix(line, "!["):
			flush(i)
			seg, end = b.figureAt(lines, i, first), i+1
			text = end
		}
		if end == i {
			i++
			continue
		}
		if seg != nil {
			out = append(out, *seg)
		}
		i = end
	}
	flush(len(lines))
	return out
}

// fenced reads the block that opens on lines[i] and says where it ends.
func (b *body) fenced(lines []string, i, first int, outermost bool) (*segment, int) {
	opening := fence.FindStringSubmatch(strings.TrimRight(lines[i], " \t　"))[1]
	at := first + i
	if opening == "" {
		b.fault(at, "始まりのない ::: があります。")
		return nil, i + 1
	}
	end := i + 1
	for end < len(lines) && !strings.HasPrefix(lines[end], ":::") {
		end++
	}
	if end == len(lines) {
		b.fault(at, "「:::%s」を閉じる ::: がありません。", opening)
	} else if inner := fence.FindStringSubmatch(strings.TrimRight(lines[end], " \t　"))[1]; inner != "" {
		b.fault(first+end, "「:::%s」の中に「:::%s」があります。::: で閉じてから始めてください。", opening, inner)
		end-- // the inner one is read on its own
	}
	next := min(end+1, len(lines))
	if !outermost {
		b.fault(at, "ブロックの中にブロックは置けません。")
		return nil, next
	}
	content := lines[i+1 : max(i+1, min(end, len(lines)))]
	if end < len(lines) && !strings.HasPrefix(lines[end], ":::") {
		content = lines[i+1 : end+1]
	}
	name, rest, _ := strings.Cut(opening, " ")
	switch {
	case slices.Contains(blockNames, name):
		return b.block(name, strings.TrimSpace(rest), content, at), next
	case slices.Contains(activityKinds, name):
		a := b.activity(name, strings.Fields(rest), content, at)
		if a == nil {
			return nil, next
		}
		return &segment{kind: segmentActivity, line: at, activity: a}, next
	}
	b.fault(at, "「%s」というブロックはありません。", name)
	return nil, next
}

func (b *body) block(name, heading string, content []string, at int) *segment {
	seg := &segment{kind: segmentBlock, line: at, name: name, heading: heading}
	seg.inner = b.split(content, at+1, false)
	if len(seg.inner) == 0 {
		b.fault(at, "「:::%s」に中身がありません。", name)
	}
	return seg
}

// quotation reads the lines that begin with > from lines[i].
func quotation(lines []string, i, first int) (*segment, int) {
	seg := &segment{kind: segmentQuote, line: first + i}
	var words []string
	for ; i < len(lines) && strings.HasPrefix(lines[i], ">"); i++ {
		words = append(words, strings.TrimPrefix(strings.TrimPrefix(lines[i], ">"), " "))
	}
	last := strings.TrimSpace(words[len(words)-1])
	if m := sourceLine.FindStringSubmatch(last); m != nil {
		seg.source, words = m[1], words[:len(words)-1]
	}
	seg.text = strings.Join(words, "\n")
	return seg, i
}

// figureAt reads the figure on lines[i].
func (b *body) figureAt(lines []string, i, first int) *segment {
	at := first + i
	blank := func(i int) bool { return i < 0 || i >= len(lines) || strings.TrimSpace(lines[i]) == "" }
	m := figureLine.FindStringSubmatch(strings.TrimSpace(lines[i]))
	switch {
	case m == nil:
		b.fault(at, "図の書き方は ![図の説明](media/名前.svg \"見出し\") です。")
		return nil
	case !blank(i-1) || !blank(i+1):
		b.fault(at, "図の前後には空の行が要ります。")
	}
	name, ok := strings.CutPrefix(m[2], "media/")
	if !ok || !mediumName.MatchString(name) {
		b.fault(at, "図や写真は media/ の中のファイル（半角の小文字・数字・-、終わりは .svg .jpg .png .mp3 .m4a .ogg .pdf）です。")
		return nil
	}
	alt := strings.TrimSpace(m[1])
	if alt == "" {
		b.fault(at, "図の説明（見えない人のための文）がありません。飾りの絵なら「飾り」と書いてください。")
	}
	return &segment{kind: segmentFigure, line: at, figure: figure{name: name, alt: alt, caption: strings.TrimSpace(m[3])}}
}
