package views

import (
	"bytes"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

type separatePage struct {
	Page
	ID    string // "" on the list
	In    counts.SeparateInput
	Towns []Choice
	List  []separateTown
	One   counts.Separate
}

type separateTown struct {
	Town    string
	Classes []counts.Separate
	People  int
}

// separate lists the classes that were reported apart (別途報告), with a form for one
// more.
func (s *site) separate(c *fiber.Ctx) error {
	p, err := s.separatePage(c, counts.SeparateInput{})
	if err != nil {
		return err
	}
	return s.show(c, "municipality-separate", p)
}

func (s *site) separatePage(c *fiber.Ctx, in counts.SeparateInput) (*separatePage, error) {
	p := &separatePage{Page: s.page(c, "別途報告"), In: in}
	p.Path = "/municipality/separate"
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}}
	p.ownTowns()
	list, err := s.Counts.Separates(c.UserContext(), counts.ScopeOf(p.Who.Access), nil)
	for i, one := range list {
		if i == 0 || list[i-1].Municipality != one.Municipality {
			p.List = append(p.List, separateTown{Town: accounts.PlaceName(one.Municipality, "")})
		}
		t := &p.List[len(p.List)-1]
		t.Classes = append(t.Classes, one)
		t.People += one.People
	}
	return p, err
}

// ownTowns are the municipalities for which the person may enter something.
func (p *separatePage) ownTowns() {
	p.Towns = []Choice{{Value: "", Label: "選んでください"}}
	if p.Who.Is("admin") {
		p.Towns = append(p.Towns, towns(p.Operator)...)
		return
	}
	codes := p.Who.Access.Of(accounts.Officer)
	for _, code := range codes {
		p.Towns = append(p.Towns, Choice{Value: code, Label: accounts.PlaceName(code, "")})
	}
	if len(codes) == 1 {
		p.In.Municipality = codes[0]
	}
}

func (s *site) addSeparate(c *fiber.Ctx) error {
	var in counts.SeparateInput
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Counts.AddSeparate(c.UserContext(), who(c).Access, in); err != nil {
		p, broken := s.separatePage(c, in)
		if broken != nil {
			return broken
		}
		return s.again(c, err, "municipality-separate", p)
	}
	return s.done(c, "/municipality/separate", flashSaved)
}

// oneSeparate is the page on which one class is changed.
func (s *site) oneSeparate(c *fiber.Ctx, title string) (*separatePage, error) {
	p := &separatePage{Page: s.page(c, title), ID: c.Params("id")}
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}, {"/municipality/separate", "別途報告"}}
	one, err := s.Counts.Separate(c.UserContext(), p.Who.Access, p.ID)
	if err != nil {
		return nil, err
	}
	p.One = *one
	p.In = counts.SeparateInput{Municipality: one.Municipality, HeldOn: one.HeldOn, Name: one.Name, People: strconv.Itoa(one.People), Source: one.Source, Version: one.Version}
	return p, nil
}

func (s *site) editSeparate(c *fiber.Ctx) error {
	p, err := s.oneSeparate(c, "別途報告を直す")
	if err != nil {
		return err
	}
	return s.show(c, "municipality-separate-edit", p)
}

func (s *site) saveSeparate(c *fiber.Ctx) error {
	var in counts.SeparateInput
	if err := parse(c, &in); err != nil {
		return err
	}
	p, err := s.oneSeparate(c, "別途報告を直す")
	if err != nil {
		return err
	}
	if err := s.Counts.SetSeparate(c.UserContext(), p.Who.Access, p.ID, in); err != nil {
		in.Municipality = p.One.Municipality
		p.In = in
		return s.again(c, err, "municipality-separate-edit", p)
	}
	return s.done(c, "/municipality/separate", flashSaved)
}

// askRemoveSeparate is the question before a class is taken off the list.
func (s *site) askRemoveSeparate(c *fiber.Ctx) error {
	p, err := s.oneSeparate(c, "別途報告を消す")
	if err != nil {
		return err
	}
	return s.show(c, "municipality-separate-remove", p)
}

func (s *site) removeSeparate(c *fiber.Ctx) error {
	if err := s.Counts.RemoveSeparate(c.UserContext(), who(c).Access, c.Params("id")); err != nil {
		return err
	}
	return s.done(c, "/municipality/separate", flashRemoved)
}

// inquiryFile is the form (照会様式) that an officer sends to the municipalities.
func (s *site) inquiryFile(c *fiber.Ctx) error {
	form, err := s.Counts.InquiryForm(c.UserContext(), counts.ScopeOf(who(c).Access))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := form.XLSX(&b, s.Now()); err != nil {
		return err
	}
	return sendCounts(c, "tsunagari_shokai_"+s.Now().In(japan).Format("20060102")+".xlsx", b.Bytes())
}

type inquiryPage struct {
	Page
	Inquiry *counts.Inquiry // nil before there is a file
	Kept    string
}

// inquiryForm is what the pages of a form that came back send. Kept carries the file
// from the preview to the taking.
type inquiryForm struct {
	Do   string `form:"do"` // "take"; everything else is a preview
	Kept string `form:"kept"`
}

func (s *site) inquiryPage(c *fiber.Ctx) *inquiryPage {
	p := &inquiryPage{Page: s.page(c, "照会様式を読みこむ")}
	p.Path = "/municipality/separate/inquiry"
	p.Crumbs = []Crumb{{"/municipality", "修了者数"}, {"/municipality/separate", "別途報告"}}
	return p
}

func (s *site) inquiry(c *fiber.Ctx) error {
	return s.show(c, "municipality-inquiry", s.inquiryPage(c))
}

// takeInquiry shows what a form that came back would change, and takes it when that
// is asked for. Between the two nothing is kept.
func (s *site) takeInquiry(c *fiber.Ctx) error {
	var in inquiryForm
	if err := parse(c, &in); err != nil {
		return err
	}
	p := s.inquiryPage(c)
	data, err := inquirySent(c, in)
	if err != nil {
		return s.again(c, err, "municipality-inquiry", p)
	}
	if p.Inquiry, err = s.Counts.ReadInquiry(c.UserContext(), p.Who.Access, data); err != nil {
		return err
	}
	p.Kept = carried(data)
	if in.Do != "take" || !p.Inquiry.Good() {
		if !p.Inquiry.Good() {
			c.Status(fiber.StatusUnprocessableEntity)
		}
		return s.show(c, "municipality-inquiry", p)
	}
	added, changed, err := s.Counts.TakeSeparates(c.UserContext(), p.Who.Access, p.Inquiry.Inputs())
	switch {
	case err != nil:
		return err
	case added+changed == 0:
		return s.done(c, "/municipality/separate", flashInquirySame)
	}
	return s.done(c, "/municipality/separate", flashInquiry)
}

func inquirySent(c *fiber.Ctx, in inquiryForm) (data []byte, err error) {
	if in.Kept != "" {
		return unpacked(in.Kept)
	}
	if data, err = picture(c, "file"); err != nil {
		return nil, err
	}
	if len(data) == 0 {
		return nil, errNoInquiry
	}
	if len(data) > importLimit {
		return nil, errLargeFile
	}
	return data, nil
}
