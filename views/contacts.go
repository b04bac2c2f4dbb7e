package views

import (
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
)

type contactsPage struct {
	Page
	Towns []Choice
	In    contactsForm
}

type contactsForm struct {
	Municipality string `form:"municipality"`
	Why          string `form:"why"`
}

// contacts offers the list of those who want to hear from their town.
func (s *site) contacts(c *fiber.Ctx) error {
	return s.show(c, "desk-contacts", s.contactsPage(c, contactsForm{}))
}

func (s *site) contactsPage(c *fiber.Ctx, in contactsForm) *contactsPage {
	p := &contactsPage{Page: s.page(c, "連絡を受け取る人の名簿"), In: in}
	p.Crumbs = []Crumb{{"/desk", "窓口"}}
	p.Towns = p.deskTowns()
	p.Towns[0].Label = "選んでください"
	if len(p.Towns) == 2 { // the only one
		p.Towns = p.Towns[1:]
	}
	return p
}

// contactsFile is that list as a file. Who asked for it and why is written down by
// the domain.
func (s *site) contactsFile(c *fiber.Ctx) error {
	var in contactsForm
	if err := parse(c, &in); err != nil {
		return err
	}
	var missing error
	switch {
	case in.Municipality == "":
		missing = accounts.ErrCode
	case in.Why == "":
		missing = errNoWhy
	}
	if missing != nil {
		return s.again(c, missing, "desk-contacts", s.contactsPage(c, in))
	}
	list, err := s.Accounts.Contacts(c.UserContext(), who(c).Access, in.Municipality, in.Why)
	if err != nil {
		return err
	}
	rows := [][]string{{"氏名", "ふりがな", "市町村", "方法", "連絡先", "同意した日"}}
	for _, r := range list {
		rows = append(rows, []string{
			r.Name(), r.Kana(), accounts.PlaceName(in.Municipality, ""), r.HowLabel(), r.Contact, r.GivenAt.In(japan).Format("2006-01-02"),
		})
	}
	return sendCSV(c, "contacts_"+in.Municipality+"_"+s.Now().In(japan).Format("20060102")+".csv", rows)
}
