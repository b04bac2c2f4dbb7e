package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path"
	"strings"

	"github.com/google/uuid"

	"tsunagari/courses"
	"tsunagari/quiz"
)

// browser sends forms as a person's browser does.
type browser struct {
	addr   func() string
	client *http.Client
	// acked is called for each form that was answered with success.
	acked func()
	// failed says whether to send the same form again; nil: never.
	failed func(err error) bool
}

func newBrowser(addr func() string) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		panic(err) // it has no way to fail without options
	}
	return &browser{addr: addr, client: &http.Client{
		Jar:           jar,
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// post sends a form until it is answered and gives the address it leads to.
func (b *browser) post(path string, form url.Values) (string, error) {
	for {
		to, err := b.try(path, form)
		if err == nil {
			if b.acked != nil {
				b.acked()
			}
			return to, nil
		}
		if b.failed == nil || !b.failed(err) {
			return "", fmt.Errorf("POST %s: %w", path, err)
		}
	}
}

var errStatus = errors.New("not accepted")

func (b *browser) try(path string, form url.Values) (string, error) {
	addr := b.addr()
	req, err := http.NewRequest(http.MethodPost, "http://"+addr+path, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "http://"+addr)
	res, err := b.client.Do(req)
	if err != nil {
		return "", err
	}
	res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		return "", fmt.Errorf("%w: %s", errStatus, res.Status)
	}
	return res.Header.Get("Location"), nil
}

// pupil takes a whole course in a browser. It looks up what is right in the
// database, which the browser cannot.
type pupil struct {
	*browser
	rooms *rooms
	name  string

	registered bool
	account    string
	attempts   []string
	kept       map[string]bool // steps that the site said it has
}

func (p *pupil) finish(ctx context.Context, slug string) error {
	rev, err := p.revision(ctx, slug)
	if err != nil {
		return err
	}
	p.kept = map[string]bool{}
	for _, step := range rev.Steps() {
		if step.Module != rev.Modules[0] && !p.registered {
			if err := p.register(); err != nil {
				return err
			}
		}
		if err := p.step(ctx, rev, step); err != nil {
			return fmt.Errorf("%s: %w", step.Key(), err)
		}
		p.kept[step.Key()] = true
	}
	return nil
}

func (p *pupil) revision(ctx context.Context, slug string) (*courses.Revision, error) {
	s, err := p.rooms.courses.Standing(ctx, "", slug)
	for err != nil && p.failed != nil && p.failed(err) {
		s, err = p.rooms.courses.Standing(ctx, "", slug)
	}
	if err != nil {
		return nil, err
	}
	return s.Revision, nil
}

func (p *pupil) register() error {
	_, err := p.post("/start", url.Values{
		"operation": {uuid.NewString()}, "family_name": {"見本"}, "given_name": {p.name},
		"family_kana": {"みほん"}, "given_kana": {"たろう"}, "residence": {"012084"}, "age_band": {"70"}, "consent": {"yes"},
	})
	p.registered = err == nil
	return err
}

func (p *pupil) step(ctx context.Context, rev *courses.Revision, step courses.Step) error {
	if step.Lesson != nil {
		_, err := p.post("/courses/"+rev.Slug+"/"+step.Lesson.ID, nil)
		return err
	}
	key := quiz.Closing
	if step.Module != nil {
		key = quiz.Check(step.Module.ID)
	}
	to, err := p.post("/quiz", url.Values{"course": {rev.Slug}, "quiz": {key}})
	if err != nil {
		return err
	}
	return p.answer(ctx, path.Base(to))
}

// answer answers every question, the second one first with something else.
func (p *pupil) answer(ctx context.Context, attempt string) error {
	p.attempts = append(p.attempts, attempt)
	if err := p.whose(ctx, attempt); err != nil {
		return err
	}
	v, err := p.view(ctx, attempt)
	if err != nil {
		return err
	}
	for i, d := range v.Drawn {
		at := fmt.Sprintf("/quiz/%s/%d", attempt, i+1)
		q := v.Revision.Question(d.ID)
		if i == 1 {
			if _, err := p.post(at, form(solve(q, d, false), "keep", 1)); err != nil {
				return err
			}
			if _, err := p.post(at, form(solve(q, d, true), "keep", 2)); err != nil {
				return err
			}
		}
		if _, err := p.post(at, form(solve(q, d, true), "confirm", 3)); err != nil {
			return err
		}
	}
	return nil
}

// whose finds the account by the attempt: registering may not change it.
func (p *pupil) whose(ctx context.Context, attempt string) error {
	var account string
	err := p.rooms.db.Read(ctx).Raw("SELECT account_id FROM attempts WHERE id = ?", attempt).Scan(&account).Error
	for err != nil && p.failed != nil && p.failed(err) {
		err = p.rooms.db.Read(ctx).Raw("SELECT account_id FROM attempts WHERE id = ?", attempt).Scan(&account).Error
	}
	if err == nil && p.account != "" && p.account != account {
		err = fmt.Errorf("the account was %s and is %s", p.account, account)
	}
	p.account = account
	return err
}

func (p *pupil) view(ctx context.Context, attempt string) (*quiz.View, error) {
	for {
		v, err := p.rooms.quizzes.View(ctx, p.account, attempt)
		if err == nil || p.failed == nil || !p.failed(err) {
			return v, err
		}
	}
}

// form writes an answer as the page's form does.
func form(g quiz.Given, do string, sequence int) url.Values {
	f := url.Values{"do": {do}, "sequence": {fmt.Sprint(sequence)}, "text": {g.Text}}
	for _, place := range g.Chosen {
		f.Add("a", fmt.Sprint(place))
	}
	for i, place := range g.Placed {
		f.Set(fmt.Sprintf("p%d", i), fmt.Sprint(place))
	}
	return f
}
