package views

import (
	"html/template"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates/paper"
	"tsunagari/courses/accounts"
)

type startPage struct {
	Page
	In         accounts.Registration
	Back       string
	Residences []Choice
	AgeBands   []Choice
	Joins      bool // a seat in the class where somebody comes from is taken, too
}

// startForm is what the form sends; the domain says what is wrong with it.
type startForm struct {
	accounts.Registration
	Back string `form:"back"`
}

// start asks for the name, with the reason beside each field, and whether the person
// has begun before. That is asked of everybody in the same words, and nothing here
// or in register looks for somebody of the same name: a page, an answer or a time
// that depended on it would tell a stranger who types a neighbour's name and age
// that the neighbour is registered. Whoever registers twice all the same is found by
// the desk (see accounts.Duplicates).
func (s *site) start(c *fiber.Ctx) error {
	if who(c).Learner() {
		return c.Redirect("/card", fiber.StatusSeeOther)
	}
	p := s.startPage(c)
	p.Back = local(c.Query("back"), "/learn")
	p.Joins = strings.HasPrefix(p.Back, "/j/")
	return s.show(c, "start", p)
}

func (s *site) startPage(c *fiber.Ctx) *startPage {
	p := &startPage{Page: s.page(c, "受講をはじめる")}
	p.Path = "/start"
	p.Residences = residences(p.Operator)
	for _, b := range accounts.AgeBands {
		p.AgeBands = append(p.AgeBands, Choice{Value: string(b), Label: b.Label()})
	}
	return p
}

// residences are the home area first, then the rest of the home prefecture, then
// the other prefectures.
func residences(o Operator) []Choice {
	list := []Choice{{Label: "選んでください"}}
	town := func(group string, places []accounts.Municipality) {
		for _, m := range places {
			list = append(list, Choice{Value: m.Code, Label: m.Name, Group: group})
		}
	}
	home := o.Prefecture
	if home == "" {
		home = "01"
	}
	if home == "01" {
		bureaus := slices.Clone(accounts.Bureaus)
		slices.SortStableFunc(bureaus, func(a, b accounts.Bureau) int { return first(b.Name == o.Bureau) - first(a.Name == o.Bureau) })
		for _, b := range bureaus {
			town(b.Name, b.Municipalities)
		}
	} else {
		town(accounts.PrefectureName(home), accounts.InPrefecture(home))
	}
	for _, p := range accounts.Prefectures {
		if p.Code != home {
			list = append(list, Choice{Value: "p" + p.Code, Label: p.Name, Group: "ほかの都府県"})
		}
	}
	return list
}

func first(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (s *site) register(c *fiber.Ctx) error {
	var in startForm
	if err := parse(c, &in); err != nil {
		return err
	}
	secret, err := s.Accounts.Register(c.UserContext(), who(c).Account, in.Registration, device(c))
	if err != nil {
		p := s.startPage(c)
		p.In, p.Back = in.Registration, local(in.Back, "/learn")
		p.Joins = strings.HasPrefix(p.Back, "/j/")
		return s.again(c, err, "start", p)
	}
	s.setSession(c, secret)
	back := local(in.Back, "/learn")
	if err := s.joinAfterwards(c, secret, back); err != nil {
		return err
	}
	return c.Redirect("/card?back="+back, fiber.StatusSeeOther)
}

type cardPage struct {
	Page
	Receipt Receipt // without words when it was kept already
	Mail    string  // the body of a mail to oneself: it never passes through the server
	Back    string
}

// card shows the 受講カード, with new words until it was kept.
func (s *site) card(c *fiber.Ctx) error {
	secret(c)
	w := who(c)
	shown, err := s.Accounts.ShowCard(c.UserContext(), w.Account, w.Session)
	if err != nil {
		return err
	}
	p := &cardPage{Page: s.page(c, "受講カード"), Back: local(c.Query("back"), "/learn")}
	p.Bare = true
	p.Receipt, err = s.receipt(c, shown)
	if err != nil {
		return err
	}
	p.Mail = "番号 " + p.Receipt.Number + "\n合言葉 " + strings.Join(shown.Words, "　") + "\n" + s.address(c) + "/signin/card\n"
	return s.show(c, "card", p)
}

// receipt is the card as the part "receipt" draws it.
func (s *site) receipt(c *fiber.Ctx, shown *accounts.Shown) (Receipt, error) {
	_, host, _ := strings.Cut(s.address(c), "://")
	r := Receipt{
		Name: shown.Name, Number: accounts.ShowNumber(shown.Number), Words: shown.Words,
		Address: host, Operator: s.operator(c.UserContext()), Demo: s.Demo,
	}
	if shown.Token == "" {
		return r, nil
	}
	svg, err := paper.QRSVG(s.address(c)+"/c/"+shown.Token, "受講カードのQRコード")
	r.QR = template.HTML(svg)
	return r, err
}

// address is where people reach the site: the fixed public one, else the one they
// are using.
func (s *site) address(c *fiber.Ctx) string {
	if s.BaseURL != "" {
		return s.BaseURL
	}
	return c.BaseURL()
}

type keptForm struct {
	How  string `form:"how"`
	Back string `form:"back"`
}

// keptCard takes the answer to 「どうやって残しましたか」.
func (s *site) keptCard(c *fiber.Ctx) error {
	var in keptForm
	if err := parse(c, &in); err != nil {
		return err
	}
	say := flashCardLater
	if slices.Contains([]string{"paper", "photo", "family"}, in.How) {
		if err := s.Accounts.KeepCard(c.UserContext(), who(c).Account, who(c).Session); err != nil {
			return err
		}
		say = flashCardKept
	}
	return s.done(c, local(in.Back, "/learn"), say)
}
