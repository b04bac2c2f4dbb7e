package views

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/storage"
)

type publishPage struct {
	authorPage
	Seen     string
	Changes  []courses.Change
	Impact   *courses.Impact
	Stops    []checked // faults that keep it from being published
	Warnings []warned
	Number   int // of the edition that this would be
	Changed  bool
	Renew    []string
}

// Renewable are the steps that people in the middle may be asked for again: those
// that changed and that somebody has done.
func (p *publishPage) Renewable() []courses.StepImpact {
	if p.Impact == nil {
		return nil
	}
	var list []courses.StepImpact
	for _, s := range p.Impact.Kept {
		if s.Changed && s.People > 0 {
			list = append(list, s)
		}
	}
	return list
}

// Renews says whether the step was ticked.
func (p *publishPage) Renews(key string) bool { return slices.Contains(p.Renew, key) }

// checked is one line of the check list with the piece that it is about.
type checked struct {
	Say, Where, Address string
	Line                int
}

type warned struct {
	Kind courses.WarningKind
	List []checked
}

// publishForm is the check list, what changed and what it means for people in the
// middle.
func (s *site) publishForm(c *fiber.Ctx) error {
	p, err := s.publishPage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-publish", p)
}

func (s *site) publishPage(c *fiber.Ctx) (*publishPage, error) {
	base, err := s.author(c, "公開する")
	if err != nil {
		return nil, err
	}
	p := &publishPage{authorPage: base, Number: 1}
	proof, err := s.Courses.Proof(c.UserContext(), p.Who.Access, c.Params("course"))
	if err != nil {
		return nil, err
	}
	d := proof.Draft
	p.Draft, p.Seen, p.Changes, p.Impact = d, proof.Seen, proof.Changes, proof.Impact
	p.Changed = d.Course.NewestRevision == nil || len(p.Changes) > 0
	if d.Course.NewestRevision != nil {
		rev, err := s.Courses.Revision(c.UserContext(), *d.Course.NewestRevision)
		if err != nil {
			return nil, err
		}
		p.Number = rev.Number + 1
	}
	for _, f := range proof.Report.Faults {
		p.Stops = append(p.Stops, p.checked(f))
	}
	for _, kind := range courses.WarningKinds {
		w := warned{Kind: kind}
		for _, found := range proof.Report.Warnings {
			if found.Kind == kind {
				w.List = append(w.List, p.checked(found.Fault))
			}
		}
		if len(w.List) > 0 {
			p.Warnings = append(p.Warnings, w)
		}
	}
	return p, nil
}

func (p *publishPage) checked(f courses.Fault) checked {
	c := checked{Say: p.Draft.Said(f)}
	if piece := p.Draft.PieceOf(f); piece != nil {
		c.Where, c.Address = piece.Kind.Label()+"「"+p.Draft.Title(*piece)+"」", piecePath(p.Base, *piece)
		if piece.Kind == courses.LessonPiece {
			c.Line = f.Line
		}
	}
	return c
}

func (s *site) publishDraft(c *fiber.Ctx) error {
	var in courses.Publication
	if err := parse(c, &in); err != nil {
		return err
	}
	_, published, err := s.Courses.PublishDraft(c.UserContext(), who(c).Access, c.Params("course"), in)
	if err != nil {
		p, pageErr := s.publishPage(c)
		if pageErr != nil {
			return pageErr
		}
		p.Renew = in.Renew
		status, faults, ok := faultsOf(err)
		if !ok {
			return err
		}
		p.Faults = faults
		c.Status(status)
		return s.show(c, "author-publish", p)
	}
	if !published {
		return s.done(c, coursePath(c), flashUnchanged)
	}
	return s.done(c, coursePath(c), flashPublished)
}

type editionsPage struct {
	authorPage
	Editions []courses.Edition
}

// editions lists the published versions.
func (s *site) editions(c *fiber.Ctx) error {
	base, err := s.author(c, "これまでの版")
	if err != nil {
		return err
	}
	p := &editionsPage{authorPage: base}
	if p.Editions, err = s.Courses.Editions(c.UserContext(), p.Who.Access, c.Params("course")); err != nil {
		return err
	}
	return s.show(c, "author-editions", p)
}

type differencePage struct {
	authorPage
	From, To int // 0: the draft
	Changes  []courses.Change
}

// difference says what changed from the edition before, or, with version "draft",
// what the draft changes.
func (s *site) difference(c *fiber.Ctx) error {
	base, err := s.author(c, "")
	if err != nil {
		return err
	}
	p := &differencePage{authorPage: base}
	p.Crumbs = append(p.Crumbs, Crumb{p.Base + "/editions", "これまでの版"})
	if p.To, err = strconv.Atoi(c.Params("number")); err != nil || p.To < 2 {
		return storage.ErrNotFound
	}
	p.From = p.To - 1
	p.Title = fmt.Sprintf("第%d版で変わったところ", p.To)
	was, err := s.Courses.PackageOf(c.UserContext(), p.Who.Access, c.Params("course"), p.From)
	if err != nil {
		return err
	}
	now, err := s.Courses.PackageOf(c.UserContext(), p.Who.Access, c.Params("course"), p.To)
	if err != nil {
		return err
	}
	p.Changes = courses.Difference(was, now)
	return s.show(c, "author-difference", p)
}

func (s *site) restartDraft(c *fiber.Ctx) error {
	if err := s.Courses.Restart(c.UserContext(), who(c).Access, c.Params("course")); err != nil {
		return err
	}
	return s.done(c, coursePath(c), flashRestarted)
}

type closePage struct {
	authorPage
	People int // in the middle
}

// closeForm says what becomes of the people in the middle.
func (s *site) closeForm(c *fiber.Ctx) error {
	base, err := s.author(c, "受付を終える")
	if err != nil {
		return err
	}
	p := &closePage{authorPage: base}
	if !p.Draft.Course.OwnedBy(p.Who.Access) {
		return storage.ErrNotFound
	}
	if p.People, err = s.Courses.Middle(c.UserContext(), p.Who.Access, c.Params("course")); err != nil {
		return err
	}
	return s.show(c, "author-close", p)
}

func (s *site) closeCourse(c *fiber.Ctx) error {
	if err := s.Courses.Close(c.UserContext(), who(c).Access, c.Params("course")); err != nil {
		return err
	}
	return s.done(c, authoring, flashClosed)
}

func (s *site) openCourse(c *fiber.Ctx) error {
	if err := s.Courses.Open(c.UserContext(), who(c).Access, c.Params("course")); err != nil {
		return err
	}
	return s.done(c, coursePath(c), flashOpened)
}

type sharePage struct {
	authorPage
	Sharing courses.Sharing
	Others  []Choice
	In      courses.ShareInput
}

// shareForm says who else may write the course.
func (s *site) shareForm(c *fiber.Ctx) error {
	p, err := s.sharePage(c)
	if err != nil {
		return err
	}
	return s.show(c, "author-share", p)
}

func (s *site) sharePage(c *fiber.Ctx) (*sharePage, error) {
	base, err := s.author(c, "いっしょに書く人")
	if err != nil {
		return nil, err
	}
	p := &sharePage{authorPage: base}
	sharing, err := s.Courses.Sharing(c.UserContext(), p.Who.Access, c.Params("course"))
	if err != nil {
		return nil, err
	}
	p.Sharing = *sharing
	p.Others = []Choice{{Value: "", Label: "選んでください"}}
	for _, o := range p.Sharing.Others {
		p.Others = append(p.Others, Choice{Value: o.AccountID, Label: o.Name + "（" + o.Post + "）"})
	}
	return p, nil
}

func (s *site) share(c *fiber.Ctx) error {
	var in courses.ShareInput
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Courses.Share(c.UserContext(), who(c).Access, c.Params("course"), in); err != nil {
		p, pageErr := s.sharePage(c)
		if pageErr != nil {
			return errors.Join(err, pageErr)
		}
		p.In = in
		return s.again(c, err, "author-share", p)
	}
	return s.done(c, coursePath(c)+"/share", flashShared)
}

func (s *site) unshare(c *fiber.Ctx) error {
	var in courses.ShareInput
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Courses.Unshare(c.UserContext(), who(c).Access, c.Params("course"), in.Account); err != nil {
		return err
	}
	return s.done(c, coursePath(c)+"/share", flashUnshared)
}
