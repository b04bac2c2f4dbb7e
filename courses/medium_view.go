package courses

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

// address is where a browser gets a file of the site.
func (s *site) address(f *MediaFile, name string) string {
	return s.mediaAt + f.SHA256 + "." + ending(name)
}

// Address is where a browser gets the medium as phones get it, below a place as
// DraftMediaAt.
func (d Drawing) Address(at string) string {
	s := site{mediaAt: at}
	return s.address(d.File.light(), d.Name)
}

// medium shows what stands in the text by ![…](media/name).
func (pg *page) medium(seg *segment) string {
	m, ok := pg.site.media[seg.figure.name]
	switch {
	case !ok:
		pg.fault(seg.line, "media/%s がありません。", seg.figure.name)
		return ""
	case m.File == nil:
		return pg.figure(seg, m.SVG)
	case m.IsSound():
		return pg.sound(seg, m)
	case m.IsHandout():
		return pg.handout(seg, m)
	}
	return pg.photo(seg, m)
}

// sizes tells a browser how wide a picture will be. Of photographs telephones take the
// narrow one, whatever their screen could show: it has a third of the bytes.
const (
	photoSizes = "(max-width: 600px) 160px, 544px"
	drawnSizes = "(max-width: 600px) 100vw, 544px"
)

// photo is a picture whose room is kept before it is there.
func (pg *page) photo(seg *segment, m *Picture) string {
	var b strings.Builder
	f := m.File
	fmt.Fprintf(&b, `<figure class="figure"><img src="%s"`, pg.site.address(f, m.Name))
	if f.Small != nil {
		sizes := photoSizes
		if ending(m.Name) == "png" {
			sizes = drawnSizes
		}
		fmt.Fprintf(&b, ` srcset="%s %dw, %s %dw" sizes="%s"`,
			pg.site.address(f.Small, m.Name), f.Small.Width, pg.site.address(f, m.Name), f.Width, sizes)
	}
	fmt.Fprintf(&b, ` width="%d" height="%d" alt="%s" loading="lazy" decoding="async">`, f.Width, f.Height, template.HTMLEscapeString(seg.figure.alternative()))
	pg.caption(&b, seg)
	return b.String() + "</figure>\n"
}

func (pg *page) caption(b *strings.Builder, seg *segment) {
	if seg.figure.caption != "" {
		b.WriteString(`<figcaption>` + string(pg.inline(seg.figure.caption)) + `</figcaption>`)
	}
}

// sound is a player with its words below, for who cannot hear it or must be quiet.
func (pg *page) sound(seg *segment, m *Picture) string {
	pg.figures++
	id := "f" + strconv.Itoa(pg.figures) + "-title"
	var b strings.Builder
	fmt.Fprintf(&b, `<figure class="figure figure--sound"><p class="figure__title" id="%s">%s<small>（%s%s）</small></p>`,
		id, pg.inline(seg.figure.alt), pg.label("Sound"), template.HTMLEscapeString("、"+m.Describe()))
	fmt.Fprintf(&b, `<audio controls preload="none" src="%s" aria-labelledby="%s"></audio>`, pg.site.address(m.File, m.Name), id)
	pg.caption(&b, seg)
	b.WriteString(`<details class="block block--more"><summary>` + string(pg.label("Words")) + `</summary>` +
		pg.markdown(m.Text.In(pg.reading.Lang()), seg.line) + "</details></figure>\n")
	return b.String()
}

// handout is a link to a PDF, which the browser keeps as a file.
func (pg *page) handout(seg *segment, m *Picture) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<figure class="figure figure--handout"><p><a href="%s" download="%s">%s</a><small>（PDF、%s）</small></p>`,
		pg.site.address(m.File, m.Name), m.Name, pg.inline(seg.figure.alt), template.HTMLEscapeString(m.Describe()))
	pg.caption(&b, seg)
	return b.String() + "</figure>\n"
}

// alternative is what somebody hears who cannot see a picture.
func (f figure) alternative() string {
	if f.alt == decorative {
		return ""
	}
	return Plain(f.alt)
}
