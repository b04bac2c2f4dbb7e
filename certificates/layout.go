package certificates

import (
	"strconv"
	"strings"
	"time"

	"tsunagari/certificates/paper"
)

// Form is one of the papers on which a certificate is printed.
type Form string

// A4 portrait; a wallet card with its back beside it on A4 (91 × 55 mm, the first
// row of Japanese ten-card sheets, or cut out and folded); and that card's front
// alone, for a screen.
const (
	A4    Form = "a4"
	Card  Form = "card"
	Front Form = "front"
)

const cardWidth, cardHeight = 91, 55 // mm

var (
	soft     = paper.Color{R: 90, G: 90, B: 90}
	edge     = paper.Color{R: 44, G: 74, B: 98} // 藍鼠
	specimen = paper.Color{R: 224, G: 224, B: 224}
)

// sheet is a certificate on its way to paper.
type sheet struct {
	Printed
	verify   string   // address of the page that verifies the number, without a scheme
	qr       string   // content of the QR
	lines    []string // 相談窓口, for the back of the card
	seal     []byte   // picture, nil unless Seal is SealPicture
	specimen bool     // 見本
}

// draw lays the certificate out.
func (s *sheet) draw(form Form) *paper.Document {
	issued, _ := time.Parse(time.DateOnly, s.IssuedOn)
	title := "修了証 " + s.Number
	if s.specimen {
		title = "（見本）" + title
	}
	d := paper.New(paper.Info{Title: title, Author: s.Issuer, Subject: s.Course, Created: issued})
	s.drawOn(d, form)
	return d
}

// drawOn adds the certificate's page to a document.
func (s *sheet) drawOn(d *paper.Document, form Form) {
	switch form {
	case Card:
		s.cardSheet(d.Page(210, 297))
	case Front:
		s.front(d.Page(cardWidth, cardHeight), 0, 0)
	default:
		s.a4(d.Page(210, 297))
	}
}

// a4 follows the usual form of a 修了証 in horizontal writing: number at the upper
// right, title, name with ふりがな and without 様, statement, date at the left and
// issuer at the right.
func (s *sheet) a4(p *paper.Page) {
	p.Frame(12, 12, 186, 273, 0.9, edge)
	p.Frame(14, 14, 182, 269, 0.2, edge)
	if s.specimen {
		p.Turned(118, 205, 50, "見本", paper.Style{Size: 200, Align: paper.Centre, Spacing: 0.15, Color: specimen})
	}
	p.Text(186, 29, "第"+s.Number+"号", paper.Style{Size: 11, Align: paper.Right})
	p.Text(105, 66, "修了証", paper.Style{Size: 44, Align: paper.Centre, Spacing: 0.7})
	s.nameA4(p)
	s.statementA4(p)
	p.Text(34, 205, wareki(s.CompletedOn), paper.Style{Size: 14})
	s.issuer(p, 176, 224)
	s.foot(p)
}

func (s *sheet) nameA4(p *paper.Page) {
	kana := paper.Fitting(s.Kana, 112, paper.Style{Size: 11, Align: paper.Centre})
	name := paper.Fitting(s.Name, 112, paper.Style{Size: 28, Align: paper.Centre})
	p.Text(34, 107, "氏　名", paper.Style{Size: 13})
	p.Text(114, 94, s.Kana, kana)
	p.Text(114, 107, s.Name, name)
	p.Line(56, 112, 172, 112, 0.2, edge)
}

// statementA4 sets the statement as one block, its lines beginning at one edge,
// the block in the middle of the page; smaller where a course has a long name.
func (s *sheet) statementA4(p *paper.Page) {
	const width, height = 142, 52 // mm, the height from the first baseline to the last
	st := paper.Style{Size: 18, Spacing: 0.04}
	lines := paper.Lines(s.Statement, width, st)
	pitch := func() float64 { return 12.5 * st.Size / 18 }
	for float64(len(lines)-1)*pitch() > height && st.Size > 6 {
		st.Size *= 0.95
		lines = paper.Lines(s.Statement, width, st)
	}
	widest := 0.0
	for _, l := range lines {
		widest = max(widest, paper.Width(l, st))
	}
	y := 134.0
	for _, l := range lines {
		p.Text(105-widest/2, y, l, st)
		y += pitch()
	}
}

// issuer sets who issues, the last character at x. A picture of a seal stands over
// that character; a space for a stamp is left free after it.
func (s *sheet) issuer(p *paper.Page, x, y float64) {
	if s.Seal == SealSpace || s.Seal == SealPicture {
		x -= 14
	}
	above, last := s.signers()
	if above != "" {
		p.Text(x-20, y-10, above, paper.Fitting(above, 110, paper.Style{Size: 12, Align: paper.Right}))
	}
	p.Text(x, y, last, paper.Fitting(last, 130, paper.Style{Size: 15, Align: paper.Right}))
	switch s.Seal {
	case SealOmitted:
		p.Text(x, y+8, "（公印省略）", paper.Style{Size: 10, Align: paper.Right})
	case SealPicture:
		p.Picture(x-6, y-14, 24, 24, s.seal)
	}
}

// signers are the lines of who issues: the office and its holder with the issuer
// above (北見市長 needs no 北見市 above it), or the issuer alone.
func (s *sheet) signers() (above, last string) {
	switch {
	case s.Person == "":
		return "", s.Issuer
	case strings.HasPrefix(s.Office, s.Issuer):
		return "", s.Office + "　" + s.Person
	}
	return s.Issuer, s.Office + "　" + s.Person
}

func (s *sheet) foot(p *paper.Page) {
	if note := s.note(); note != "" {
		p.Text(176, 240, note, paper.Style{Size: 9, Align: paper.Right, Color: soft})
	}
	p.QR(31, 243, 32, s.qr)
	small := paper.Style{Size: 9, Color: soft}
	p.Text(67, 256, "この修了証は、左のコード、または次のページと番号で確かめられます。", small)
	p.Text(67, 262, s.verify, paper.Fitting(s.verify, 120, small))
	p.Text(67, 268, s.Course+"　第"+strconv.Itoa(s.Revision)+"版", paper.Fitting(s.Course+"　第00版", 120, small))
}

// note says when it was handed out, where that is another day than the 修了日.
func (s *sheet) note() string {
	switch {
	case s.ReissuedOn != "":
		return "（" + wareki(s.ReissuedOn) + "再交付）"
	case s.IssuedOn != s.CompletedOn:
		return "（" + wareki(s.IssuedOn) + "交付）"
	}
	return ""
}

// cardSheet puts the front and the back of the card side by side.
func (s *sheet) cardSheet(p *paper.Page) {
	const x, y = 14, 11
	s.front(p, x, y)
	s.back(p, x+cardWidth, y)
	for _, cut := range []float64{x, x + cardWidth, x + 2*cardWidth} {
		p.Line(cut, y-5, cut, y-1.5, 0.1, soft)
		p.Line(cut, y+cardHeight+1.5, cut, y+cardHeight+5, 0.1, soft)
	}
	for _, cut := range []float64{y, y + cardHeight} {
		p.Line(x-5, cut, x-1.5, cut, 0.1, soft)
		p.Line(x+2*cardWidth+1.5, cut, x+2*cardWidth+5, cut, 0.1, soft)
	}
	p.Paragraph(x, y+cardHeight+14, 2*cardWidth, "印にそって切りとり、まん中で二つに折ると、カードになります。\n"+
		"名刺用の用紙（A4、10面、91×55ミリ）にも、そのまま印刷できます。\n"+
		"印刷するときは、大きさを「100％」（実際のサイズ）にしてください。",
		paper.Style{Size: 10, Color: soft}, 1.7)
}

// front is the card itself, its upper left corner at x, y.
func (s *sheet) front(p *paper.Page, x, y float64) {
	p.Frame(x+2.5, y+2.5, cardWidth-5, cardHeight-5, 0.3, edge)
	if s.specimen {
		p.Turned(x+45, y+40, 25, "見本", paper.Style{Size: 60, Align: paper.Centre, Spacing: 0.15, Color: specimen})
	}
	p.Text(x+6.5, y+11, "修了証", paper.Style{Size: 14, Spacing: 0.4})
	p.Text(x+85, y+10.5, "第"+s.Number+"号", paper.Style{Size: 7.5, Align: paper.Right})
	p.Text(x+6.5, y+17.8, s.Kana, paper.Fitting(s.Kana, 56, paper.Style{Size: 6.5}))
	p.Text(x+6.5, y+25, s.Name, paper.Fitting(s.Name, 56, paper.Style{Size: 16}))
	course := paper.Style{Size: 8.5}
	lines := paper.Lines(s.Course, 56, course)
	for len(lines) > 2 && course.Size > 3 {
		course.Size *= 0.95
		lines = paper.Lines(s.Course, 56, course)
	}
	cy := y + 31.5
	for _, l := range lines {
		p.Text(x+6.5, cy, l, course)
		cy += 4
	}
	p.Text(x+6.5, cy+0.5, wareki(s.CompletedOn)+"修了", paper.Style{Size: 8.5})
	s.issuerOnCard(p, x, y)
	p.QR(x+63, y+13, 23, s.qr)
}

func (s *sheet) issuerOnCard(p *paper.Page, x, y float64) {
	above, by := s.signers()
	if above != "" {
		by = above + "　" + by
	}
	if s.Seal == SealOmitted {
		by += "（公印省略）"
	}
	limit := 78.0
	if s.Seal == SealSpace || s.Seal == SealPicture {
		limit = 64
	}
	p.Text(x+6.5, y+48.5, by, paper.Fitting(by, limit, paper.Style{Size: 10}))
	if s.Seal == SealPicture {
		p.Picture(x+6.5+paper.Width(by, paper.Fitting(by, limit, paper.Style{Size: 10}))-3, y+39, 13, 13, s.seal)
	}
}

// back is the back of the card: the motto, and the first six lines of where to turn to.
func (s *sheet) back(p *paper.Page, x, y float64) {
	p.Frame(x+2.5, y+2.5, cardWidth-5, cardHeight-5, 0.3, edge)
	p.Text(x+cardWidth/2.0, y+12, "できることを、できる範囲で", paper.Style{Size: 12, Align: paper.Centre, Spacing: 0.05})
	p.Line(x+6.5, y+15.5, x+cardWidth-6.5, y+15.5, 0.15, edge)
	if len(s.lines) > 0 {
		p.Text(x+6.5, y+20.5, "相談窓口", paper.Style{Size: 8})
	}
	lines := s.lines[:min(len(s.lines), 6)]
	ly := y + 25.5
	for _, l := range lines {
		p.Text(x+6.5, ly, l, paper.Fitting(l, 78, paper.Style{Size: 8.5}))
		ly += 4.4
	}
	p.Text(x+cardWidth/2.0, y+50.2, s.verify, paper.Fitting(s.verify, 78, paper.Style{Size: 6.5, Align: paper.Centre, Color: soft}))
}

// wareki writes a date of a certificate; "" stays "".
func wareki(date string) string {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	return paper.Wareki(d)
}

// withoutScheme is an address as it is printed.
func withoutScheme(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	return rest
}
