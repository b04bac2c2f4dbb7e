package views

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/courses/counts"
)

// answerJSON answers with v: with a strong ETag that depends on what the token
// reaches, so that what has not changed is 304 and nothing else.
func (s *site) answerJSON(c *fiber.Ctx, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(append([]byte(strings.Join(scopeOf(c).Codes(), " ")+"\n"), body...))
	etag := hex.EncodeToString(sum[:16])
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	c.Set(fiber.HeaderContentType, "application/json; charset=utf-8")
	c.Vary(fiber.HeaderAcceptEncoding)
	if known, as := knows(c, etag); known {
		c.Set(fiber.HeaderETag, as)
		return c.Status(fiber.StatusNotModified).Send(nil)
	}
	if err := c.Send(body); err != nil {
		return err
	}
	compress(c)
	c.Set(fiber.HeaderETag, `"`+etag+with(c.GetRespHeader(fiber.HeaderContentEncoding))+`"`)
	return nil
}

// with is what an ETag has behind it for a compressed answer: a strong one is of the
// bytes that are sent.
func with(encoding string) string {
	if encoding == "" {
		return ""
	}
	return "-" + encoding
}

// knows says whether the other system has the answer already, compressed or not, and
// under which ETag.
func knows(c *fiber.Ctx, etag string) (known bool, as string) {
	for _, tag := range strings.Split(c.Get(fiber.HeaderIfNoneMatch), ",") {
		tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
		for _, encoding := range []string{"", "br", "gzip"} {
			if tag == `"`+etag+with(encoding)+`"` {
				return true, tag
			}
		}
	}
	return false, ""
}

type countsAnswer struct {
	Title   string     `json:"title"`
	Edition int        `json:"edition"` // of the definitions
	Geo     counts.Geo `json:"geo"`
	By      string     `json:"by"`
	Status  string     `json:"status"`
	Note    string     `json:"note"`
	Rows    []countRow `json:"rows"`
	// Corrections of closed months, on the first page: no row has them in it.
	Corrections []apiCorrection `json:"corrections,omitempty"`
	Next        *string         `json:"next"` // address of the page that follows
}

type apiCorrection struct {
	Area   string       `json:"area"`
	Name   string       `json:"name"`
	Course string       `json:"course"`
	Month  counts.Month `json:"month"`
	People int          `json:"people"`
	On     string       `json:"on"`
	Reason string       `json:"reason"`
}

type countRow struct {
	Area        string `json:"area"`
	Name        string `json:"name"`
	Course      string `json:"course"` // id, "" for persons
	Period      string `json:"period"`
	PeriodLabel string `json:"period_label"`
	People      int    `json:"people"`
}

func (r countRow) place() place { return place{r.Area, r.Course, r.Period} }

// countsQuery is what was asked of /counts.
type countsQuery struct {
	counts.Filter
	by     string
	status string
	from   counts.Month // of the rows that are given; a total begins with the first
	limit  int
	after  *place
}

// 速報値 and 確定値.
const (
	provisional = "provisional"
	closed      = "closed"
)

// How rows are put together.
const (
	byMonth = "month"
	byYear  = "year"
	byTotal = "cumulative"
)

// apiCounts gives the counts of the token's municipalities.
func (s *site) apiCounts(c *fiber.Ctx) error {
	given, err := parameters(c, "geo", "areas", "course", "from", "until", "by", "status", "limit", "cursor")
	if err != nil {
		return err
	}
	q, err := s.countsQuery(c.UserContext(), given)
	if err != nil {
		return err
	}
	rows, corrections, err := s.counted(c.UserContext(), scopeOf(c), q)
	if err != nil {
		return err
	}
	a := countsAnswer{
		Title: counts.Title, Edition: counts.Edition, Geo: q.Geo, By: q.by, Status: q.status, Note: counts.ResidenceNote,
	}
	if q.after == nil {
		a.Corrections = corrections
	}
	a.Rows = behind(grouped(rows, q.by, q.from), q.after)
	if len(a.Rows) > q.limit {
		a.Rows = a.Rows[:q.limit]
		next := s.nextPage(c, given, a.Rows[q.limit-1].place())
		a.Next = &next
		c.Set(fiber.HeaderLink, "<"+next+`>; rel="next"`)
	}
	return s.answerJSON(c, a)
}

// counted are the rows of this moment, or of the closed months with what was corrected
// since.
func (s *site) counted(ctx context.Context, scope counts.Scope, q countsQuery) (rows []counts.Row, list []apiCorrection, err error) {
	if q.status == provisional {
		rows, err = s.Counts.Rows(ctx, scope, q.Filter)
		return rows, nil, err
	}
	rows, corrections, err := s.Counts.ClosedRows(ctx, scope, q.Filter)
	for _, k := range corrections {
		list = append(list, apiCorrection{k.Area, accounts.PlaceName(k.Area, ""), k.Course, k.Month, k.People, k.Day, k.Reason()})
	}
	return rows, list, err
}

func (s *site) countsQuery(ctx context.Context, given map[string]string) (q countsQuery, err error) {
	geo, err := oneOf(given, "geo", string(counts.Residence), string(counts.Host))
	if err != nil {
		return q, err
	}
	q.Geo = counts.Geo(geo)
	if q.by, err = oneOf(given, "by", byMonth, byYear, byTotal); err != nil {
		return q, err
	}
	if q.status, err = oneOf(given, "status", provisional, closed); err != nil {
		return q, err
	}
	if q.from, err = monthIn(given, "from"); err != nil {
		return q, err
	}
	if q.Until, err = monthIn(given, "until"); err != nil {
		return q, err
	}
	if q.limit, err = limitIn(given); err != nil {
		return q, err
	}
	if q.after, err = placeIn(given); err != nil {
		return q, err
	}
	if areas, there := given["areas"]; there {
		q.Areas = strings.Split(areas, ",")
	}
	if q.by != byTotal {
		q.From = q.from
	}
	q.Course, err = s.courseIn(ctx, given)
	return q, err
}

// courseIn is the course that was asked for by its id or address; "all" is every one
// for itself.
func (s *site) courseIn(ctx context.Context, given map[string]string) (string, error) {
	value, there := given["course"]
	switch {
	case !there:
		return "", nil
	case value == "all":
		return counts.EachCourse, nil
	}
	list, err := s.Courses.ListAll(ctx)
	if err != nil {
		return "", err
	}
	for _, rev := range list {
		if value == rev.Slug || value == rev.CourseID {
			return rev.CourseID, nil
		}
	}
	return "", &apiError{problemParameter, "course"}
}

// grouped puts months together, of rows that are in the order of area, course, month.
func grouped(rows []counts.Row, by string, from counts.Month) []countRow {
	list := []countRow{}
	total := 0
	for i, r := range rows {
		if i == 0 || r.Area != rows[i-1].Area || r.Course != rows[i-1].Course {
			total = 0
		}
		total += r.People
		row := countRow{Area: r.Area, Name: accounts.PlaceName(r.Area, ""), Course: r.Course, Period: string(r.Month), PeriodLabel: r.Month.Label(), People: r.People}
		switch by {
		case byTotal:
			row.People = total
		case byYear:
			row.Period, row.PeriodLabel = strconv.Itoa(r.Month.FiscalYear()), counts.FiscalLabel(r.Month.FiscalYear())
			if last := len(list) - 1; last >= 0 && list[last].place() == row.place() {
				list[last].People += row.People
				continue
			}
		}
		if by != byTotal || r.Month >= from {
			list = append(list, row)
		}
	}
	return list
}

// behind are the rows that follow the place.
func behind(rows []countRow, after *place) []countRow {
	if after == nil {
		return rows
	}
	at, found := slices.BinarySearchFunc(rows, *after, func(r countRow, p place) int {
		return slices.Compare([]string{r.Area, r.Course, r.Period}, []string{p.Area, p.Course, p.Period})
	})
	if found {
		at++
	}
	return rows[at:]
}

func (s *site) nextPage(c *fiber.Ctx, given map[string]string, after place) string {
	q := url.Values{}
	for name, value := range given {
		q.Set(name, value)
	}
	q.Set("cursor", after.String())
	return s.address(c) + c.Path() + "?" + q.Encode()
}
