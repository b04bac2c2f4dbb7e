package views

import (
	"html/template"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"tsunagari/courses"
	"tsunagari/courses/questions"
	"tsunagari/storage"
)

// slidesPage is the wall, and what the trainer has before them.
type slidesPage struct {
	Page
	Course   template.HTML
	Base     string // address of the slides
	Back     string // where the slides were opened
	Live     bool   // they belong to a class, whose devices move together
	Furigana bool
	Slides   []slideView
	At       int // the slide that is shown
	Poll     int // seconds between two questions of the script
}

// slideView is one slide as a page shows it.
type slideView struct {
	Number   int
	Title    template.HTML
	Next     template.HTML // title of the next one, "" for the last
	HTML     template.HTML
	Notes    template.HTML
	Part     template.HTML // what of the 進行表 it belongs to
	Hours    string        // of that part: 13:35から13:45
	Showing  bool
	Previous int // 0 for none
	Follow   int // number of the next, 0 for none
}

// Now is the slide that is shown.
func (p *slidesPage) Now() (v slideView) {
	if p.found() == nil {
		v = p.Slides[p.At-1]
	}
	return v
}

// Last is how many slides there are.
func (p *slidesPage) Last() int { return len(p.Slides) }

// slides are the slides of a class on the wall.
func (s *site) slides(c *fiber.Ctx) error {
	p, err := s.classSlides(c, "スライド")
	if err != nil {
		return err
	}
	if c.Query("n") == "" {
		p.Refresh = 5 // without script the wall follows the phone by this alone
	}
	return s.show(c, "slides", p)
}

// slideNotes is what the trainer says to the slide on the wall, and the buttons
// that move it, for a second window or a phone.
func (s *site) slideNotes(c *fiber.Ctx) error {
	p, err := s.classSlides(c, "話す言葉")
	if err != nil {
		return err
	}
	return s.show(c, "slide-notes", p)
}

func (s *site) classSlides(c *fiber.Ctx, title string) (*slidesPage, error) {
	ctx, access, id := c.UserContext(), who(c).Access, c.Params("id")
	class, err := s.Classes.Class(ctx, access, id)
	if err != nil {
		return nil, err
	}
	at, err := s.Classes.Slide(ctx, access, id)
	if err != nil {
		return nil, err
	}
	rev, err := s.Classes.Revision(ctx, class)
	if err != nil {
		return nil, err
	}
	p := s.slidesPage(c, title, rev, class.StartsAt, at)
	p.Base, p.Back, p.Live = "/trainer/classes/"+id+"/slides", "/trainer/classes/"+id, true
	return p, p.found()
}

// courseSlides are the slides of a course without a class: to look at them before.
func (s *site) courseSlides(c *fiber.Ctx) error {
	p, err := s.slidesOfCourse(c, "スライド")
	if err != nil {
		return err
	}
	return s.show(c, "slides", p)
}

func (s *site) courseSlideNotes(c *fiber.Ctx) error {
	p, err := s.slidesOfCourse(c, "話す言葉")
	if err != nil {
		return err
	}
	return s.show(c, "slide-notes", p)
}

// courseHandout is the handout of a course without a class.
func (s *site) courseHandout(c *fiber.Ctx) error {
	standing, err := s.Courses.Standing(c.UserContext(), "", c.Params("slug"))
	if err != nil {
		return err
	}
	rev := standing.Revision
	p := &press{Rev: rev, Pack: rev.Class, Course: courses.Plain(rev.Title.In(questions.JA)), Demo: s.Demo}
	if p.Pictures, err = s.Courses.PackPictures(c.UserContext(), p.Pack); err != nil {
		return err
	}
	file, err := p.pdf(sheets[slices.IndexFunc(sheets, func(s classPaper) bool { return s.Key == "handout" }):][:1])
	if err != nil {
		return err
	}
	return sendPDF(c, "handout-"+rev.Slug+".pdf", file)
}

func (s *site) slidesOfCourse(c *fiber.Ctx, title string) (*slidesPage, error) {
	standing, err := s.Courses.Standing(c.UserContext(), "", c.Params("slug"))
	if err != nil {
		return nil, err
	}
	p := s.slidesPage(c, title, standing.Revision, "", 1)
	p.Base, p.Back = "/trainer/slides/"+standing.Revision.Slug, "/trainer"
	return p, p.found()
}

// found is storage.ErrNotFound for a slide that there is not.
func (p *slidesPage) found() error {
	if p.At < 1 || p.At > len(p.Slides) {
		return storage.ErrNotFound
	}
	return nil
}

// slidesPage shows slide at, or the one that the address asks for.
func (s *site) slidesPage(c *fiber.Ctx, title string, rev *courses.Revision, starts string, at int) *slidesPage {
	p := &slidesPage{Page: s.page(c, title), At: at, Furigana: c.Query("f") != "0", Poll: 2}
	p.Bare, p.Scripts = true, []string{"slides.js"}
	p.Course = p.inline(rev.Title)
	if n := c.Query("n"); n != "" {
		p.At, _ = strconv.Atoi(n) // what is no number is no slide
	}
	reading := courses.Reading{Furigana: p.Furigana}
	parts, hours := partsOf(rev.Class, starts)
	for i, slide := range rev.Class.Slides {
		v := slideView{
			Number: i + 1, Title: courses.Inline(slide.Title, reading), HTML: slide.HTML(p.Furigana), Notes: slide.NotesHTML(p.Furigana),
			Showing: i+1 == p.At, Previous: i, Hours: hours[i+1],
		}
		if part := parts[i+1]; part != "" {
			v.Part = courses.Inline(courses.Text{"ja": part}, reading)
		}
		if i+1 < len(rev.Class.Slides) {
			v.Next, v.Follow = courses.Inline(rev.Class.Slides[i+1].Title, reading), i+2
		}
		p.Slides = append(p.Slides, v)
	}
	return p
}

// partsOf says to which part of the usual 進行表 each slide belongs, and when that
// part is in a class that starts at the given time, "" for none.
func partsOf(pack *courses.Pack, starts string) (parts, hours map[int]string) {
	parts, hours = map[int]string{}, map[int]string{}
	if len(pack.Plans) == 0 {
		return parts, hours
	}
	at, err := time.Parse("15:04", starts)
	for _, part := range pack.Plans[0].Parts {
		end := at.Add(time.Duration(part.Minutes) * time.Minute)
		for _, n := range part.Slides {
			if parts[n] = part.What; err == nil {
				hours[n] = at.Format("15:04") + "から" + end.Format("15:04")
			}
		}
		at = end
	}
	return parts, hours
}

type slideForm struct {
	Number int `form:"n"`
}

// moveSlide puts a slide on the wall, from whichever device.
func (s *site) moveSlide(c *fiber.Ctx) error {
	var in slideForm
	if err := parse(c, &in); err != nil {
		return err
	}
	if err := s.Classes.ShowSlide(c.UserContext(), who(c).Access, c.Params("id"), in.Number); err != nil {
		return err
	}
	return s.done(c, "/trainer/classes/"+c.Params("id")+"/slides/notes", flashNone)
}

// slideAt is the number of the slide on the wall, asked for again and again: as
// long as nobody moves it, with 304 and nothing else.
func (s *site) slideAt(c *fiber.Ctx) error {
	n, err := s.Classes.Slide(c.UserContext(), who(c).Access, c.Params("id"))
	if err != nil {
		return err
	}
	c.Locals(liveKey, true)
	return c.SendString(strconv.Itoa(n))
}
