package storage

import (
	"context"
	"slices"
)

// Schema says how the tables of a database stand to this program.
type Schema struct {
	Applied int      // migrations that both know
	Missing []string // migrations still to run
	Unknown []string // migrations of a newer program
}

// Schema looks at the tables without changing them.
func (db *DB) Schema(ctx context.Context) (Schema, error) {
	list, err := db.migrations()
	if err != nil {
		return Schema{}, err
	}
	var applied []string
	if db.Read(ctx).Migrator().HasTable("migrations") {
		if err := db.Read(ctx).Raw("SELECT id FROM migrations ORDER BY id").Scan(&applied).Error; err != nil {
			return Schema{}, Unavailable(err)
		}
	}
	var s Schema
	for _, m := range list {
		if i := slices.Index(applied, m.ID); i >= 0 {
			s.Applied++
			applied = slices.Delete(applied, i, i+1)
		} else {
			s.Missing = append(s.Missing, m.ID)
		}
	}
	s.Unknown = applied
	return s, nil
}
