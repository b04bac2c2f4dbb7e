package views

import (
	_ "embed"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

// The examples of the page. A test runs the first two against this very server.
var (
	//go:embed api/pull.sh
	exampleCurl string
	//go:embed api/pull.py
	examplePython string
	//go:embed api/pull.pq
	examplePowerQuery string
)

type apiDocPage struct {
	Page
	Address    string
	Curl       string
	Python     string
	PowerQuery string
	Problems   []apiProblem
	PerMinute  int
	Usual      int // rows of a page
	Most       int
	Edition    int
}

// apiPage tells developers how another system pulls the figures, also those without
// a token yet.
func (s *site) apiPage(c *fiber.Ctx) error {
	p := &apiDocPage{
		Page: s.page(c, "ほかのシステムから数を取るには（API）"), Address: s.address(c) + "/api/v1", Problems: apiProblems,
		PerMinute: accounts.PullsPerMinute, Usual: usualRows, Most: mostRows, Edition: counts.Edition,
	}
	april := string(counts.FirstOf(counts.MonthOf(s.Now()).FiscalYear()))
	here := strings.NewReplacer("https://tsunagari.example.jp", s.address(c), "2026-04", april)
	p.Curl, p.Python, p.PowerQuery = here.Replace(exampleCurl), here.Replace(examplePython), here.Replace(examplePowerQuery)
	return s.show(c, "municipality-api", p)
}
