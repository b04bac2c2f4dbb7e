package views

import (
	"fmt"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/certificates"
)

type registerPage struct {
	Page
	Issuers []*certificates.Issuer
	Years   []Choice
}

// registerForm offers the 交付台帳 of the issuers whose desk this is.
func (s *site) registerForm(c *fiber.Ctx) error {
	p := &registerPage{Page: s.page(c, "交付台帳")}
	p.Crumbs = []Crumb{{"/desk", "窓口"}}
	var err error
	if p.Issuers, err = s.registers(c); err != nil {
		return err
	}
	p.Years = []Choice{{Value: "0", Label: "すべての年度"}}
	this, err := certificates.FiscalYear(s.Now().In(japan).Format("2006-01-02"))
	if err != nil {
		return err
	}
	for year := this; year > this-10 && year >= 2019; year-- {
		p.Years = append(p.Years, Choice{Value: strconv.Itoa(year), Label: fiscalYear(year)})
	}
	return s.show(c, "desk-register", p)
}

// fiscalYear is 令和8年度（2026年度）.
func fiscalYear(year int) string {
	era := strconv.Itoa(year - 2018)
	if year == 2019 {
		era = "元"
	}
	return fmt.Sprintf("令和%s年度（%d年度）", era, year)
}

// registerFile is the 交付台帳 as a file. Reading it is written down by the domain.
func (s *site) registerFile(c *fiber.Ctx) error {
	year, err := strconv.Atoi(c.Query("year", "0"))
	if err != nil {
		return errUnreadable
	}
	issuer, err := s.Certificates.Issuer(c.UserContext(), c.Params("issuer"))
	if err != nil {
		return err
	}
	list, err := s.Certificates.Register(c.UserContext(), who(c).Access, issuer.ID, year)
	if err != nil {
		return err
	}
	rows := [][]string{{
		"番号", "氏名", "ふりがな", "市町村", "修了日", "交付日", "講座名", "版", "交付方法", "再交付日", "状態", "差し替え後の番号", "取消日", "理由",
	}}
	for _, e := range list {
		rows = append(rows, []string{
			e.Number, e.Name, e.Kana, e.Municipality, e.CompletedOn, e.IssuedOn, e.Course, strconv.Itoa(e.Revision),
			methods[e.Method], e.ReissuedOn, states[e.State], e.ReplacedBy, e.RevokedOn, e.Reason,
		})
	}
	name := "register_" + issuer.Code + "_all"
	if year != 0 {
		name = "register_" + issuer.Code + "_" + certificates.YearMark(year)
	}
	return sendCSV(c, name+"_"+s.Now().In(japan).Format("20060102")+".csv", rows)
}

var methods = map[certificates.Method]string{
	certificates.OnScreen: "画面", certificates.AtDesk: "窓口", certificates.InClass: "教室",
}

var states = map[certificates.State]string{
	certificates.Issued: "発行済み", certificates.Replaced: "差し替え済み", certificates.Revoked: "取り消し",
}
