package courses

// The HTML of a lesson, for whoever writes its stylesheet. The page around it
// gives the h1 and an <article>; nothing here has an inline style or script.
//
//	<h2 id="s1">, <h3 id="s2">                   headings, numbered through the lesson
//	<p> <ul> <ol> <strong> <a>                    plain
//	<div class="table" tabindex="0"><table>       scrolls sideways on a phone
//	<ruby>漢字<rp>（</rp><rt>かんじ</rt><rp>）</rp></ruby>   with furigana only
//	<figure class="quote"><blockquote>…</blockquote><figcaption>—— 出典</figcaption></figure>
//	<figure class="figure"><svg role="img">…</svg><figcaption>…</figcaption></figure>, <img> for the <svg> of a photograph
//	<figure class="figure figure--sound"><p class="figure__title">…<audio><figcaption>…<details class="block block--more">
//	<figure class="figure figure--handout"><p><a download>…</a></p><figcaption>…</figcaption></figure>
//	<aside class="block block--point|proposal|care"><h3 class="block__title">…
//	    block--proposal begins with <p class="tag tag--proposal">この講座の提案</p>
//	<details class="block block--more"><summary>…</summary>…</details>
//	<div class="activity activity--sort|match|order|talk|chain|worksheet" id="a-ID">  see activities.html
//
// A block's title is an h2 until the lesson has had an h2, then an h3.

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"tsunagari/courses/questions"
	"tsunagari/courses/questions/outline"
)

// The grammar is what curriculum/README.md says and no more: no HTML, no code,
// no rules, no headings underlined, no references.
var (
	inlineParsers = parser.WithInlineParsers(
		util.Prioritized(rubyParser{}, 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(strongParser{}, 500),
	)
	blockMarkdown = parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(paragraphs{parser.NewParagraphParser()}, 1000),
		),
		inlineParsers,
		parser.WithParagraphTransformers(util.Prioritized(tables{extension.NewTableParagraphTransformer()}, 200)),
		parser.WithASTTransformers(util.Prioritized(extension.NewTableASTTransformer(), 0)),
	)
	inlineMarkdown = parser.NewParser(
		parser.WithBlockParsers(util.Prioritized(paragraphs{parser.NewParagraphParser()}, 1000)),
		inlineParsers,
	)
	withoutFurigana, withFurigana = newHTML(false), newHTML(true)
)

// paragraphs takes indented lines too: there is no code that they could be, and
// goldmark would lose them.
type paragraphs struct{ parser.BlockParser }

func (paragraphs) CanAcceptIndentedLine() bool { return true }

// tables makes a table only of lines with bars: --- under a line is no table.
type tables struct{ parser.ParagraphTransformer }

func (t tables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	if bytes.IndexByte(node.Lines().Value(reader.Source()), '|') >= 0 {
		t.ParagraphTransformer.Transform(node, reader, pc)
	}
}

func newHTML(furigana bool) renderer.Renderer {
	return renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(html.NewRenderer(), 1000),
		util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)), 500),
		util.Prioritized(rubyRenderer{furigana}, 100),
	))
}

// sanitiser is the last gate of everything that goldmark made.
var sanitiser = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "ul", "ol", "li", "strong", "br", "ruby", "rp", "rt",
		"table", "thead", "tbody", "tr", "th", "td", "h2", "h3")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^s[0-9]+$`)).OnElements("h2", "h3")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]+$`)).OnElements("ol")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}()

// site is what a text may point to.
type site struct {
	slug    string
	lessons map[string]bool
	media   map[string]*Picture
	mediaAt string // the address before the names of files
}

func (p *Package) site() *site {
	s := &site{slug: p.Slug, lessons: map[string]bool{}, media: p.media(), mediaAt: "/media/"}
	for _, m := range p.Modules {
		for _, l := range m.Lessons {
			s.lessons[l.ID] = true
		}
	}
	return s
}

func (s *site) path(lesson string) string { return "/courses/" + s.slug + "/" + lesson }

// page renders the text of one lesson in one reading.
type page struct {
	site       *site
	lesson     string
	reading    Reading
	headings   int
	figures    int
	section    bool // whether there was an h2
	faults     []outline.Fault
	activities map[string]*Activity
}

func newPage(site *site, lesson string, reading Reading) *page {
	return &page{site: site, lesson: lesson, reading: reading, activities: map[string]*Activity{}}
}

func (pg *page) fault(line int, format string, args ...any) {
	pg.faults = append(pg.faults, outline.Fault{Line: line, Reason: fmt.Sprintf(format, args...)})
}

func (pg *page) inline(source string) template.HTML { return inline(source, pg.reading.Furigana) }

func (pg *page) render(segments []segment) string {
	var b strings.Builder
	for i := range segments {
		pg.segment(&b, &segments[i])
	}
	return b.String()
}

func (pg *page) segment(b *strings.Builder, seg *segment) {
	switch seg.kind {
	case segmentText:
		b.WriteString(pg.markdown(seg.text, seg.line))
	case segmentQuote:
		b.WriteString(`<figure class="quote"><blockquote>` + pg.markdown(seg.text, seg.line) + `</blockquote>`)
		if seg.source != "" {
			b.WriteString(`<figcaption>—— ` + string(pg.inline(seg.source)) + `</figcaption>`)
		}
		b.WriteString("</figure>\n")
	case segmentFigure:
		b.WriteString(pg.medium(seg))
	case segmentBlock:
		pg.block(b, seg)
	case segmentActivity:
		b.WriteString(pg.activity(seg.activity))
	}
}

// title is a heading inside the text, one level below the heading before it.
func (pg *page) title(class string, words template.HTML) string {
	level := "h2"
	if pg.section {
		level = "h3"
	}
	return "<" + level + ` class="` + class + `">` + string(words) + "</" + level + ">"
}

func (pg *page) block(b *strings.Builder, seg *segment) {
	heading := pg.inline(seg.heading)
	if seg.name == "more" {
		if heading == "" {
			heading = pg.label("More")
		}
		b.WriteString(`<details class="block block--more"><summary>` + string(heading) + `</summary>` +
			pg.render(seg.inner) + "</details>\n")
		return
	}
	b.WriteString(`<aside class="block block--` + seg.name + `">`)
	if seg.name == "proposal" {
		b.WriteString(`<p class="tag tag--proposal">` + string(pg.label("Proposal")) + `</p>`)
	}
	if heading != "" {
		b.WriteString(pg.title("block__title", heading))
	}
	b.WriteString(pg.render(seg.inner) + "</aside>\n")
}

func (pg *page) html(doc ast.Node, source []byte) string {
	var b bytes.Buffer
	r := withoutFurigana
	if pg.reading.Furigana {
		r = withFurigana
	}
	if err := r.Render(&b, source, doc); err != nil {
		return "" // a bytes.Buffer does not fail
	}
	return sanitiser.Sanitize(b.String())
}

var tableMarks = strings.NewReplacer(
	"<table>", `<div class="table" tabindex="0"><table>`, "</table>", "</table></div>", "<th>", `<th scope="col">`)

// markdown renders a text without blocks whose first line is line of its file.
func (pg *page) markdown(source string, line int) string {
	src := []byte(protectRuby(source))
	if deep := deepList.FindIndex(src); deep != nil {
		pg.fault(line+bytes.Count(src[:deep[0]], newline), "箇条書きの入れ子が深すぎます。")
		return ""
	}
	doc := blockMarkdown.Parse(text.NewReader(src))
	walk := textWalk{page: pg, source: src, line: line}
	walk.visit(doc)
	return tableMarks.Replace(pg.html(doc, src))
}

var (
	newline  = []byte("\n")
	deepList = regexp.MustCompile(`(?m)^(?:[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+){5,}`)
)

// textWalk goes through a parsed text: it numbers headings, turns ids of lessons
// into addresses, closes Japanese lines up, and notes what may not stand there.
type textWalk struct {
	page   *page
	source []byte
	line   int
}

func (w *textWalk) at(n ast.Node) int {
	pos := n.Pos()
	if pos < 0 && n.Type() == ast.TypeBlock && n.Lines().Len() > 0 {
		pos = n.Lines().At(0).Start
	}
	return w.line + bytes.Count(w.source[:min(max(pos, 0), len(w.source))], newline)
}

func (w *textWalk) visit(n ast.Node) {
	for child := n.FirstChild(); child != nil; {
		next := child.NextSibling()
		w.visit(child)
		child = next
	}
	switch n := n.(type) {
	case *ast.Heading:
		w.heading(n)
	case *ast.Link:
		w.link(n)
	case *ast.Image:
		w.page.fault(w.at(n), "図は、前後を空けた一行に置いてください。")
		unwrap(n)
	case *ast.Text:
		w.text(n)
	case *extast.TableCell:
		if n.ChildCount() == 0 && n.Parent().Kind() == extast.KindTableHeader && n.PreviousSibling() != nil {
			w.page.fault(w.at(n), "表の見出しに空の欄があります。")
		}
	}
}

func (w *textWalk) heading(n *ast.Heading) {
	if n.Level != 2 && n.Level != 3 {
		w.page.fault(w.at(n), "見出しは ## か ### で始めてください。")
		n.Level = min(max(n.Level, 2), 3)
	}
	if n.Level == 3 && !w.page.section {
		n.Level = 2 // a level is never skipped
	}
	if n.Level == 2 {
		w.page.section = true
	}
	w.page.headings++
	n.SetAttributeString("id", []byte("s"+strconv.Itoa(w.page.headings)))
}

func (w *textWalk) link(n *ast.Link) {
	to := string(n.Destination)
	n.Title = nil
	switch {
	case w.page.site.lessons[to]:
		n.Destination = []byte(w.page.site.path(to))
	case questions.Linkable(to):
	default:
		w.page.fault(w.at(n), "リンク先「%s」がありません。レッスンのid、https://、tel: が使えます。", to)
		unwrap(n)
	}
}

// unwrap puts the words of a link in its place.
func unwrap(n ast.Node) {
	parent := n.Parent()
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		parent.InsertBefore(parent, n, child)
	}
	parent.RemoveChild(parent, n)
}

var (
	tagLike   = regexp.MustCompile(`</?[a-zA-Z][^<>]*>`)
	strayMark = regexp.MustCompile(`\*\*|[{}]`)
)

func (w *textWalk) text(n *ast.Text) {
	value := unescaped.ReplaceAll(n.Segment.Value(w.source), []byte(" "))
	if m := tagLike.Find(value); m != nil {
		w.page.fault(w.at(n), "HTMLは使えません（%s）。", m)
	}
	if m := strayMark.Find(value); m != nil {
		w.page.fault(w.at(n), "「%s」が対になっていません。強調は **文字**、ふりがなは {漢字|かんじ} です。", m)
	}
	if n.SoftLineBreak() && japaneseBreak(w.source, n.Segment.Stop) {
		n.SetSoftLineBreak(false)
	}
}

var unescaped = regexp.MustCompile(`\\.`)

// japaneseBreak says whether a line ends and the next begins with Japanese: the
// browser would show a space there.
func japaneseBreak(source []byte, at int) bool {
	before := bytes.TrimRight(source[:at], " \t\n}*")
	after := bytes.TrimLeft(source[at:], " \t\n{*[")
	if len(before) == 0 || len(after) == 0 {
		return false
	}
	return before[len(before)-1] >= 0x80 && after[0] >= 0x80
}

// renderInline renders a source of one paragraph without its <p>.
func renderInline(source string, furigana bool) template.HTML {
	pg := newPage(&site{}, "", Reading{Furigana: furigana})
	doc, src := pg.parseInline(source)
	out := strings.TrimSpace(pg.html(doc, src))
	out = strings.TrimSuffix(strings.TrimPrefix(out, "<p>"), "</p>")
	return template.HTML(strings.ReplaceAll(out, "</p>\n<p>", "<br>"))
}

// inlineFaults are what may not stand in a title, a question or an answer.
func inlineFaults(source string) []outline.Fault {
	if !strings.ContainsAny(source, inlineMarks+"}<") {
		return nil
	}
	pg := newPage(&site{}, "", Reading{})
	pg.parseInline(source)
	return pg.faults
}

func (pg *page) parseInline(source string) (ast.Node, []byte) {
	src := []byte(protectRuby(strings.TrimSpace(source)))
	doc := inlineMarkdown.Parse(text.NewReader(src))
	walk := textWalk{page: pg, source: src}
	walk.visit(doc)
	return doc, src
}
