package views

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates/paper"
	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
)

// cardsPage is where 受講カード are made as a sheet to cut.
type cardsPage struct {
	Page
	Class *classes.Class // nil at the desk
	Rows  []cardRow
	Left  int // people without a card
	Most  int // cards on one sheet
}

type cardRow struct {
	ID, Name, Kana, Town string
	Card                 bool // made before
	Ticked               bool
}

type cardsForm struct {
	Operation string   `form:"operation"`
	People    []string `form:"people"` // seats, or accounts at the desk
}

// cards lists who came with a list or was typed in, and has no card of their own yet.
func (s *site) cards(c *fiber.Ctx) error {
	p, err := s.cardsPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "cards", p)
}

func (s *site) cardsPage(c *fiber.Ctx) (*cardsPage, error) {
	p := &cardsPage{Page: s.page(c, "受講カードの印刷"), Most: accounts.CardsAtOnce}
	var err error
	if c.Params("id") != "" {
		err = s.classCards(c, p)
	} else {
		err = s.listCards(c, p)
	}
	for i := range p.Rows {
		if !p.Rows[i].Card {
			p.Left++
			p.Rows[i].Ticked = p.Left <= p.Most
		}
	}
	return p, err
}

// classCards: in a class whoever was typed in; the others have a phone of their own.
func (s *site) classCards(c *fiber.Ctx, p *cardsPage) error {
	roster, err := s.rosterPage(c, p.Page)
	if err != nil {
		return err
	}
	has, err := s.Classes.WithCard(c.UserContext(), p.Who.Access, roster.Class.ID)
	if err != nil {
		return err
	}
	base := "/trainer/classes/" + roster.Class.ID
	p.Class, p.Path = &roster.Class, base+"/cards"
	p.Crumbs = append(p.classCrumbs(p.Class), Crumb{base + "/roster", "名簿と出席"})
	for _, r := range roster.Rows {
		if r.TypedBy != "" && r.AccountID != nil {
			p.Rows = append(p.Rows, cardRow{ID: r.ID, Name: r.Name, Kana: r.Kana, Town: r.Town, Card: has[*r.AccountID]})
		}
	}
	return nil
}

func (s *site) listCards(c *fiber.Ctx, p *cardsPage) error {
	people, err := s.Accounts.Imported(c.UserContext(), p.Who.Access, c.Params("import"))
	if err != nil {
		return err
	}
	p.Path, p.Crumbs = "/desk/imports/"+c.Params("import"), []Crumb{{"/desk", "窓口"}, {"/desk/import", "名簿のファイルから入れる"}}
	for _, f := range people {
		p.Rows = append(p.Rows, cardRow{ID: f.ID, Name: f.Name(), Kana: f.Kana(), Town: accounts.PlaceName(f.Municipality, f.Prefecture), Card: f.Card})
	}
	return nil
}

// makeCards answers with the sheet; the words are on it and nowhere else.
func (s *site) makeCards(c *fiber.Ctx) error {
	var in cardsForm
	if err := parse(c, &in); err != nil {
		return err
	}
	p, err := s.cardsPage(c)
	if err != nil {
		return err
	}
	var shown []*accounts.Shown
	if p.Class != nil {
		shown, err = s.Classes.Cards(c.UserContext(), p.Who.Access, p.Class.ID, in.Operation, in.People)
	} else {
		shown, err = s.Accounts.DeskCards(c.UserContext(), p.Who.Access, in.Operation, in.People)
	}
	if err != nil {
		return s.again(c, err, "cards", p)
	}
	file, err := s.cardSheet(c, shown)
	if err != nil {
		return err
	}
	secret(c)
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="cards.pdf"`)
	return c.Send(file)
}

// A sheet of ten cards, as the perforated sheets in shops have them.
const (
	cardWidth, cardHeight = 91.0, 55.0
	cardsAcross, cardsOn  = 2, 10
)

// cardSheet draws the cards, ten on a page, with lines to cut along.
func (s *site) cardSheet(c *fiber.Ctx, cards []*accounts.Shown) ([]byte, error) {
	operator := s.operator(c.UserContext())
	d := paper.New(paper.Info{Title: "受講カード", Author: operator.Name})
	left, top := (a4Width-cardsAcross*cardWidth)/2, (a4Height-cardsOn/cardsAcross*cardHeight)/2
	var page *paper.Page
	for i, card := range cards {
		at := i % cardsOn
		if at == 0 {
			page = d.Page(a4Width, a4Height)
		}
		s.drawCard(page, left+float64(at%cardsAcross)*cardWidth, top+float64(at/cardsAcross)*cardHeight, card, s.address(c), operator)
	}
	return d.PDF()
}

func (s *site) drawCard(page *paper.Page, x, y float64, card *accounts.Shown, address string, operator Operator) {
	page.Frame(x, y, cardWidth, cardHeight, 0.1, paper.Color{R: 170, G: 170, B: 170})
	title := "受講カード"
	if s.Demo {
		title += "（見本）"
	}
	_, host, _ := strings.Cut(address, "://")
	inner := cardWidth - 10
	page.Text(x+5, y+7, title, paper.Style{Size: 8, Color: flowAccent, Strong: true})
	page.Text(x+5, y+14, legible(card.Name), paper.Fitting(legible(card.Name), inner-27, paper.Style{Size: 12, Strong: true}))
	page.Text(x+5, y+20.5, "受講番号", paper.Style{Size: 7})
	page.Text(x+20, y+20.5, accounts.ShowNumber(card.Number), paper.Style{Size: 12, Strong: true})
	page.Text(x+5, y+27, "合言葉", paper.Style{Size: 7})
	for i, word := range card.Words {
		page.Text(x+5+float64(i%2)*27, y+32.5+float64(i/2)*6, word, paper.Fitting(word, 26, paper.Style{Size: 11, Strong: true}))
	}
	page.QR(x+cardWidth-31, y+5, 26, address+"/c/"+card.Token)
	page.Text(x+cardWidth-18, y+34.5, "写すと続きから", paper.Style{Size: 6.5, Align: paper.Centre})
	page.Line(x+5, y+42, x+cardWidth-5, y+42, 0.1, flowAccent)
	page.Text(x+5, y+46, host+"　番号と合言葉で、どのスマホからでも続けられます。", paper.Fitting(host+"　番号と合言葉で、どのスマホからでも続けられます。", inner, paper.Style{Size: 6.5}))
	contact := "お困りのときは　" + operator.Name + "　電話 " + operator.Phone
	page.Text(x+5, y+51, legible(contact), paper.Fitting(legible(contact), inner, paper.Style{Size: 7}))
}
