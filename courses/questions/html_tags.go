package questions

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func set(tags ...atom.Atom) map[atom.Atom]bool {
	m := map[atom.Atom]bool{}
	for _, t := range tags {
		m[t] = true
	}
	return m
}

var (
	// blocks stand on lines of their own.
	blocks = set(atom.P, atom.Div, atom.Br, atom.Hr, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Pre,
		atom.Blockquote, atom.Ul, atom.Ol, atom.Li, atom.Dl, atom.Dt, atom.Dd, atom.Section, atom.Article, atom.Aside,
		atom.Header, atom.Footer, atom.Figure, atom.Figcaption, atom.Address, atom.Details, atom.Summary,
		atom.Fieldset, atom.Legend, atom.Form, atom.Center)
	emphatic = set(atom.B, atom.Strong, atom.Em, atom.I, atom.Mark, atom.Dt, atom.Summary,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6)
	unseen  = set(atom.Script, atom.Style, atom.Head, atom.Title, atom.Template)
	players = map[atom.Atom]string{atom.Audio: "音声", atom.Video: "動画", atom.Object: "埋めこまれたもの", atom.Embed: "埋めこまれたもの", atom.Iframe: "埋めこまれたページ"}
	inputs  = set(atom.Input, atom.Select, atom.Textarea, atom.Button)
)

func attr(t html.Token, key string) string {
	for _, a := range t.Attr {
		if a.Key == key {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}

// start takes the beginning of an element.
func (r *htmlReader) start(t html.Token) {
	tag := t.DataAtom
	if blocks[tag] {
		r.endLine()
	}
	switch tag { // begin without the end of what they follow
	case atom.P, atom.Dt:
		r.pop(tag)
	case atom.Dd:
		r.pop(atom.Dt)
	}
	switch {
	case emphatic[tag]:
		r.push(element{tag: tag, bold: true})
	case unseen[tag]:
		r.unseen(tag)
	case players[tag] != "":
		r.play(t)
	case inputs[tag]:
		r.lose("入力欄")
	case tag == atom.Ruby:
		r.endRuby()
		r.ruby = &rubyWord{}
	case tag == atom.Rt || tag == atom.Rp || tag == atom.Rb:
		r.rubyPart(tag)
	default:
		r.startOther(t)
	}
}

func (r *htmlReader) startOther(t html.Token) {
	switch t.DataAtom {
	case atom.Span, atom.Font, atom.P, atom.Div:
		r.styled(t)
	case atom.U, atom.Ins:
		r.lose("下線（太字にしました）")
		r.push(element{tag: t.DataAtom, bold: true})
	case atom.S, atom.Del, atom.Strike:
		r.lose("取り消し線")
	case atom.Sub, atom.Sup:
		r.push(element{tag: t.DataAtom})
	case atom.Q:
		r.say("「")
	case atom.A:
		r.anchor(t)
	case atom.Img:
		r.image(t)
	case atom.Math, atom.Svg:
		r.drawing(t)
	case atom.Annotation, atom.AnnotationXml:
		r.annotation(t)
	case atom.Ul, atom.Ol:
		r.startList(t)
	case atom.Li:
		r.startItem()
	case atom.Table:
		r.lose("表（1行ずつの文にしました）")
		r.newLine()
		if len(r.cells) < maxNesting {
			r.cells = append(r.cells, -1)
		}
	case atom.Caption, atom.Tr:
		r.startRow(t.DataAtom)
	case atom.Td, atom.Th:
		r.startCell(t)
	}
}

// end takes the end of an element.
func (r *htmlReader) end(tag atom.Atom) {
	e, found := r.pop(tag)
	switch tag {
	case atom.Ruby:
		r.endRuby()
	case atom.Rt, atom.Rp, atom.Rb:
		r.rubyPart(0)
	case atom.Q:
		r.say("」")
	case atom.Sub, atom.Sup:
		if found {
			r.shift(e)
		}
	case atom.Ul, atom.Ol:
		if n := len(r.lists); n > 0 {
			r.lists = r.lists[:n-1]
		}
	case atom.Table:
		r.startRow(atom.Caption)
		if n := len(r.cells); n > 0 {
			r.cells = r.cells[:n-1]
		}
	case atom.Tr, atom.Caption:
		r.startRow(atom.Caption)
	}
	if blocks[tag] {
		r.endLine()
	}
	if tag == atom.Li {
		r.begin = ""
	}
}

func (r *htmlReader) unseen(tag atom.Atom) {
	if tag == atom.Script {
		r.lose("プログラム（script）")
	}
	r.hide(tag)
}

var (
	colour = regexp.MustCompile(`(?:^|;)(?:background-)?color:([^;]*)`)
	usual  = regexp.MustCompile(`^(?:black|#000|#000000|#333|#333333|rgb\(0,0,0\)|rgb\(51,51,51\)|white|#fff|#ffffff|rgb\(255,255,255\)|transparent|inherit|initial|windowtext|)$`)
	heavy  = regexp.MustCompile(`(?:^|;)font-weight:(?:bold|bolder|[6-9]00)`)
)

// styled takes what an author says by the look of the words.
func (r *htmlReader) styled(t html.Token) {
	style := strings.ToLower(strings.Join(strings.Fields(attr(t, "style")), ""))
	if strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") {
		r.lose("見えないようにした文字")
		r.hide(t.DataAtom)
		return
	}
	if strings.Contains(style, "line-through") {
		r.lose("取り消し線")
	}
	for _, m := range colour.FindAllStringSubmatch(style+";color:"+strings.ToLower(attr(t, "color")), -1) {
		if !usual.MatchString(m[1]) {
			r.lose("文字の色")
		}
	}
	underlined := strings.Contains(style, "underline")
	if underlined {
		r.lose("下線（太字にしました）")
	}
	r.push(element{tag: t.DataAtom, bold: underlined || heavy.MatchString(style)})
}

// Characters that stand above and below the line by themselves.
var (
	shiftable = regexp.MustCompile(`^[0-9+\-−ni]+$`)
	raised    = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", "+", "⁺", "-", "⁻", "−", "⁻", "n", "ⁿ", "i", "ⁱ")
	lowered   = strings.NewReplacer("0", "₀", "1", "₁", "2", "₂", "3", "₃", "4", "₄", "5", "₅", "6", "₆", "7", "₇", "8", "₈", "9", "₉", "+", "₊", "-", "₋", "−", "₋", "n", "ₙ", "i", "ᵢ")
)

// shift writes what stood above or below the line in characters that do.
func (r *htmlReader) shift(e element) {
	r.flush()
	for i := min(e.from, len(r.current)); i < len(r.current); i++ {
		x := &r.current[i]
		text := strings.TrimSpace(x.text)
		switch {
		case x.kind != words || text == "":
		case shiftable.MatchString(text) && e.tag == atom.Sup:
			x.text = raised.Replace(text)
		case shiftable.MatchString(text):
			x.text = lowered.Replace(text)
		case e.tag == atom.Sup:
			x.text = "^(" + text + ")"
		default:
			x.text = "_(" + text + ")"
		}
	}
}
