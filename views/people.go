package views

import (
	"context"

	"tsunagari/courses"
	"tsunagari/courses/accounts"
)

// bySession is whom a session's secret belongs to, in the words of the web, and how
// far that person is in the course with this slug: nil without a course.
func (s *site) bySession(ctx context.Context, secret, slug string) (Who, *courses.Standing, error) {
	var signed *accounts.Signed
	var standing *courses.Standing
	var err error
	if slug != "" {
		signed, standing, err = s.Courses.Arrive(ctx, s.Accounts, secret, slug)
	} else {
		signed, err = s.Accounts.BySession(ctx, secret)
	}
	if err != nil {
		return Who{}, nil, err
	}
	return known(signed), standing, nil
}

func known(signed *accounts.Signed) Who {
	w := Who{
		Account: signed.AccountID, Session: signed.ID, Name: signed.Name(),
		Registered: signed.State == accounts.Active && signed.Kind == accounts.LearnerSession,
		Unnamed:    signed.State == accounts.Guest,
		Access:     signed.Access,
	}
	for _, r := range signed.Access.Roles {
		w.Roles |= map[accounts.Role]Rule{accounts.Desk: desk, accounts.Officer: officer, accounts.Trainer: trainer, accounts.Admin: admin}[r]
	}
	return w
}

// runner is who runs the site, in the words of the web.
func (s *site) runner(ctx context.Context) (Operator, error) {
	o, err := s.Accounts.Operator(ctx)
	return Operator{
		Name: o.Name, Address: o.Address, Phone: o.Phone, Fax: o.Fax, Hours: o.Hours, Area: o.Area, Bureau: o.Bureau, Prefecture: o.Prefecture,
	}, err
}
