package views

import (
	"errors"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/accounts/list"
	"tsunagari/courses/classes"
	"tsunagari/storage/table"
)

// shownPeople is how many rows of a list a preview shows of each kind.
const shownPeople = 100

var (
	errNoList   = errors.New("views: no list of people was chosen")
	errNoHeader = errors.New("views: nobody on the list can be read")
)

// listForm is what the pages of a list send. Kept carries the file from the preview
// to the import, so that nothing is kept here.
type listForm struct {
	Do        string   `form:"do"` // "import"; everything else is a preview
	Kept      string   `form:"kept"`
	Fields    []string `form:"fields"` // what the columns are taken for
	Otherwise string   `form:"otherwise"`
	Anyway    []string `form:"anyway"` // rows of people who are somebody else
	Operation string   `form:"operation"`
}

type listPage struct {
	Page
	Class  *classes.Class // nil at the desk
	When   string
	In     listForm
	Towns  []Choice
	Unread []table.Fault
	List   *listView // nil before there is a file
}

// listView is a list as it will be taken in.
type listView struct {
	Sheet      string
	Columns    []columnView
	Good       []personView
	Bad, There []personView
	Count      int // of people who can be taken in
	More       int // of the good ones, not shown
	good       []personView
}

type columnView struct {
	list.Column
	Choices []Choice
}

type personView struct {
	list.Person
	Town, Band string
	Known      *accounts.Found // somebody with the same name, at the desk
	Anyway     bool
}

// listPage is for a class, or for the desk when there is no class.
func (s *site) listPage(c *fiber.Ctx) (*listPage, error) {
	p := &listPage{Page: s.page(c, "名簿のファイルから入れる")}
	p.Path, p.Crumbs = "/desk/import", []Crumb{{"/desk", "窓口"}}
	p.Towns = p.deskTowns()[1:]
	if id := c.Params("id"); id != "" {
		class, err := s.Classes.Class(c.UserContext(), p.Who.Access, id)
		if err != nil {
			return nil, err
		}
		p.Class, p.When = class, classWhen(*class)
		p.Path, p.Crumbs = "/trainer/classes/"+id+"/import", append(p.classCrumbs(class), Crumb{"/trainer/classes/" + id + "/roster", "名簿と出席"})
		p.Towns = towns(p.Operator)
	}
	p.Towns = append([]Choice{{Label: "直すところとして出す"}}, p.Towns...)
	return p, nil
}

func (s *site) listForm(c *fiber.Ctx) error {
	p, err := s.listPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "list-import", p)
}

// importList shows a list as it will be taken in, and takes it in when that is
// asked for. Between the two nothing is kept.
func (s *site) importList(c *fiber.Ctx) error {
	p, err := s.listPage(c)
	if err != nil {
		return err
	}
	if err := parse(c, &p.In); err != nil {
		return err
	}
	data, err := listFile(c, &p.In)
	if err != nil {
		return s.again(c, err, "list-import", p)
	}
	people, err := s.readList(c, p, data)
	if err != nil {
		return err
	}
	if p.List == nil {
		return s.again(c, errNoHeader, "list-import", p)
	}
	if p.In.Do != "import" {
		return s.show(c, "list-import", p)
	}
	if p.Class != nil {
		n, err := s.Classes.EnterList(c.UserContext(), p.Who.Access, p.Class.ID, classes.ListInput{Operation: p.In.Operation, People: people})
		if err != nil {
			return s.again(c, err, "list-import", p)
		}
		if n == 0 {
			return s.done(c, "/trainer/classes/"+p.Class.ID+"/roster", flashNobodyNew)
		}
		return s.done(c, "/trainer/classes/"+p.Class.ID+"/cards", flashListed)
	}
	anyway := map[int]bool{}
	for i := range p.List.good {
		anyway[i] = p.List.good[i].Anyway
	}
	id, err := s.Accounts.EnterList(c.UserContext(), p.Who.Access, accounts.ListInput{Operation: p.In.Operation, People: people, Anyway: anyway})
	switch {
	case err != nil:
		return s.again(c, err, "list-import", p)
	case id == "":
		return s.done(c, "/desk/import", flashNobodyNew)
	}
	return s.done(c, "/desk/imports/"+id, flashListed)
}

// listFile is what was sent: a new file comes before what the preview carried. A
// new file is read anew, whatever was said of the columns of the one before.
func listFile(c *fiber.Ctx, in *listForm) (data []byte, err error) {
	if data, err = picture(c, "file"); err != nil {
		return nil, err
	}
	switch {
	case len(data) > importLimit:
		return nil, errLargeFile
	case len(data) > 0:
		in.Fields, in.Kept, in.Anyway = nil, carried(data), nil
		return data, nil
	case in.Kept == "":
		return nil, errNoList
	}
	return unpacked(in.Kept)
}

// readList fills the preview in and says who can be taken in.
func (s *site) readList(c *fiber.Ctx, p *listPage, data []byte) ([]accounts.Typed, error) {
	l, faults := list.Read(data)
	p.Unread = faults
	if l == nil {
		return nil, nil
	}
	if len(p.In.Fields) > 0 {
		var fields []list.Field
		for _, f := range p.In.Fields {
			fields = append(fields, list.Field(f))
		}
		l.As(fields)
	}
	p.List = &listView{Sheet: l.Sheet}
	for _, col := range l.Columns {
		v := columnView{Column: col}
		for _, f := range list.Fields {
			v.Choices = append(v.Choices, Choice{Value: string(f), Label: f.Label()})
		}
		p.List.Columns = append(p.List.Columns, v)
	}
	var views []personView
	for _, person := range l.People(list.Options{Home: p.Operator.Prefecture, Otherwise: p.In.Otherwise, On: s.Now().In(japan)}) {
		v := personView{Person: person, Band: accounts.AgeBand(person.AgeBand).Label(), Anyway: slices.Contains(p.In.Anyway, strconv.Itoa(person.Row))}
		v.Town = residenceName(person.Residence)
		s.look(c, p, &v)
		views = append(views, v)
	}
	return s.sortOut(c, p, views)
}

// look adds what only the site knows to be wrong with a row.
func (s *site) look(c *fiber.Ctx, p *listPage, v *personView) {
	if !v.Good() {
		return
	}
	if p.Class == nil && !p.Who.Access.Reaches(v.Residence, accounts.Desk) {
		v.Faults = append(v.Faults, v.Town+"の方です。この窓口で入れられるのは、受けもちの町の方だけです。")
	}
	if err := s.Accounts.Check(c.UserContext(), v.Typed); err != nil {
		_, faults, _ := faultsOf(err)
		for _, f := range faults {
			v.Faults = append(v.Faults, f.Say)
		}
	}
}

// sortOut says which rows are good, wrong or there already.
func (s *site) sortOut(c *fiber.Ctx, p *listPage, views []personView) (people []accounts.Typed, err error) {
	var good []personView
	for _, v := range views {
		if v.Good() {
			good, people = append(good, v), append(people, v.Typed)
		} else {
			p.List.Bad = append(p.List.Bad, v)
		}
	}
	if p.Class != nil {
		there, err := s.Classes.AlreadySeated(c.UserContext(), p.Who.Access, p.Class.ID, people)
		if err != nil {
			return nil, err
		}
		for i := range good {
			p.List.put(good[i], there[i])
		}
		return people, nil
	}
	known, err := s.Accounts.KnownOf(c.UserContext(), p.Who.Access, people)
	for i := range good {
		if good[i].Known = known[i]; known[i] == nil {
			good[i].Anyway = false
		}
		p.List.put(good[i], known[i] != nil)
	}
	p.List.good = good
	return people, err
}

func (l *listView) put(v personView, there bool) {
	if there {
		l.There = append(l.There, v)
	}
	if there && !v.Anyway {
		return
	}
	if l.Count++; len(l.Good) < shownPeople {
		l.Good = append(l.Good, v)
	} else {
		l.More++
	}
}

// residenceName is a residence of a form in words.
func residenceName(residence string) string {
	if len(residence) == 3 && residence[0] == 'p' {
		return accounts.PrefectureName(residence[1:])
	}
	return accounts.PlaceName(residence, "")
}
