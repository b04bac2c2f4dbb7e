package counts

import (
	"context"
	"slices"
	"strings"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
)

// Using says of each municipality among the areas (nil: all of the scope) whether
// it uses the system. What does not is 未利用 「…」 and not 0. A municipality uses it
// that has a post of its own (one of a whole bureau or prefecture is not its own),
// that held a class, or of which somebody finished. Errors: storage.ErrNotFound
// outside the scope.
func (c *Counts) Using(ctx context.Context, s Scope, areas []string) (map[string]bool, error) {
	areas, err := s.areas(areas)
	if err != nil {
		return nil, err
	}
	tx := c.db.Read(ctx)
	towns, err := c.towns(tx, areas)
	if err != nil {
		return nil, err
	}
	return c.using(tx, towns)
}

// towns are the municipalities among areas; of everything (nil) those of the home
// area: the operator's bureau, else its prefecture.
func (c *Counts) towns(tx *gorm.DB, areas []string) (codes []string, err error) {
	if areas != nil {
		return slices.DeleteFunc(slices.Clone(areas), func(a string) bool { _, known := accounts.ByCode(a); return !known }), nil
	}
	home, err := accounts.HomeTx(tx)
	for _, m := range home {
		codes = append(codes, m.Code)
	}
	return codes, err
}

func (c *Counts) using(tx *gorm.DB, towns []string) (map[string]bool, error) {
	using := make(map[string]bool, len(towns))
	for _, town := range towns {
		using[town] = false
	}
	if len(towns) == 0 {
		return using, nil
	}
	found, err := c.posted(tx)
	if err != nil {
		return nil, err
	}
	var seen []string
	if err := now(tx, "area", " GROUP BY area HAVING sum(people) <> 0", Filter{Course: EachCourse}, towns).Scan(&seen).Error; err != nil {
		return nil, err
	}
	found = append(found, seen...)
	if c.o.Held != nil {
		held, err := c.o.Held(tx, towns, "", "9999-12-31")
		if err != nil {
			return nil, err
		}
		for host := range held.ByHost {
			found = append(found, host)
		}
	}
	for _, town := range found {
		if _, asked := using[town]; asked {
			using[town] = true
		}
	}
	return using, nil
}

// posted are the municipalities with a post of their own.
func (c *Counts) posted(tx *gorm.DB) (codes []string, err error) {
	var posts []string
	err = tx.Raw("SELECT municipalities FROM posts WHERE ended_at IS NULL AND role <> ?", accounts.Admin).Scan(&posts).Error
	for _, list := range posts {
		if towns := strings.Fields(list); !wholeArea(towns) {
			codes = append(codes, towns...)
		}
	}
	return codes, err
}

// wholeArea says whether the municipalities have all of one bureau or prefecture
// among them.
func wholeArea(codes []string) bool {
	all := func(list []accounts.Municipality) bool {
		return len(list) > 1 && !slices.ContainsFunc(list, func(m accounts.Municipality) bool { return !slices.Contains(codes, m.Code) })
	}
	for _, code := range codes {
		if m, known := accounts.ByCode(code); known && (all(accounts.InBureau(m.Bureau)) || all(accounts.InPrefecture(m.PrefectureCode()))) {
			return true
		}
	}
	return false
}
