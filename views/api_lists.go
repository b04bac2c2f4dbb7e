package views

import (
	_ "embed"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

type changesAnswer struct {
	Areas  []string `json:"areas"`
	Cursor string   `json:"cursor"`
}

// apiChanges says which municipalities of the token have changed since the cursor.
func (s *site) apiChanges(c *fiber.Ctx) error {
	given, err := parameters(c, "since")
	if err != nil {
		return err
	}
	scope := scopeOf(c)
	since, err := sinceIn(given, scope)
	if err != nil {
		return err
	}
	areas, epoch, err := s.Counts.Changed(c.UserContext(), scope, since)
	if err != nil {
		return err
	}
	a := changesAnswer{Areas: []string{}, Cursor: strconv.FormatInt(epoch, 10) + "-" + scopeMark(scope)}
	for _, area := range areas {
		if scope.Reaches(area) {
			a.Areas = append(a.Areas, area)
		}
	}
	return s.answerJSON(c, a)
}

type municipalityRow struct {
	Code       string `json:"code"`
	Name       string `json:"name"`
	Kana       string `json:"kana"`
	Prefecture string `json:"prefecture"`
	Bureau     string `json:"bureau"`
	Using      bool   `json:"using"` // false: 未利用 「…」, which is not 0
}

type municipalitiesAnswer struct {
	Municipalities []municipalityRow `json:"municipalities"`
}

// apiMunicipalities are those of the token.
func (s *site) apiMunicipalities(c *fiber.Ctx) error {
	if _, err := parameters(c); err != nil {
		return err
	}
	scope := scopeOf(c)
	using, err := s.Counts.Using(c.UserContext(), scope, nil)
	if err != nil {
		return err
	}
	a := municipalitiesAnswer{Municipalities: []municipalityRow{}}
	for _, code := range scope.Codes() {
		if m, known := accounts.ByCode(code); known {
			a.Municipalities = append(a.Municipalities, municipalityRow{m.Code, m.Name, m.Kana, m.Prefecture, m.Bureau, using[code]})
		}
	}
	return s.answerJSON(c, a)
}

type apiCourse struct {
	ID         string `json:"id"`
	Slug       string `json:"slug"`
	Title      string `json:"title"`
	Supporters bool   `json:"supporters"` // who finishes it is one of the persons
}

type coursesAnswer struct {
	Courses []apiCourse `json:"courses"`
}

// apiCourses are the courses that have been published.
func (s *site) apiCourses(c *fiber.Ctx) error {
	if _, err := parameters(c); err != nil {
		return err
	}
	list, err := s.Courses.ListAll(c.UserContext())
	if err != nil {
		return err
	}
	a := coursesAnswer{Courses: []apiCourse{}}
	for _, rev := range list {
		a.Courses = append(a.Courses, apiCourse{rev.CourseID, rev.Slug, courses.Plain(rev.Title.In("ja")), rev.Supporters})
	}
	return s.answerJSON(c, a)
}

type apiClosing struct {
	Month    counts.Month `json:"month"`
	ClosedAt time.Time    `json:"closed_at"`
	Edition  int          `json:"edition"` // of the definitions
	Rule     int          `json:"rule"`    // edition of the rule of disclosure
}

type closingsAnswer struct {
	Closings []apiClosing `json:"closings"`
}

// apiClosings are the months that have been closed.
func (s *site) apiClosings(c *fiber.Ctx) error {
	if _, err := parameters(c); err != nil {
		return err
	}
	list, err := s.Counts.Closings(c.UserContext())
	if err != nil {
		return err
	}
	a := closingsAnswer{Closings: []apiClosing{}}
	for _, k := range list {
		a.Closings = append(a.Closings, apiClosing{k.Month, k.ClosedAt.UTC(), k.Definition, k.Rule})
	}
	return s.answerJSON(c, a)
}

type definitionsAnswer struct {
	Edition     int             `json:"edition"`
	Definitions []apiDefinition `json:"definitions"`
}

type apiDefinition struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// apiDefinitions say what is counted, in the words of the page of definitions.
func (s *site) apiDefinitions(c *fiber.Ctx) error {
	if _, err := parameters(c); err != nil {
		return err
	}
	a := definitionsAnswer{Edition: counts.Edition}
	for _, d := range counts.Definitions() {
		a.Definitions = append(a.Definitions, apiDefinition(d))
	}
	return s.answerJSON(c, a)
}

//go:embed api/openapi.json
var openAPIDocument []byte

// openAPI describes the API to machines, for everybody.
func (s *site) openAPI(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "application/json; charset=utf-8")
	return c.Send(openAPIDocument)
}
