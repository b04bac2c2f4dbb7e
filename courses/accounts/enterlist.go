package accounts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// ListInput is people from the list of a town hall, whose applications on paper
// hold their consent (see Typed).
type ListInput struct {
	Operation string `form:"operation" validate:"required,uuid"`
	People    []Typed
	Anyway    map[int]bool // by place in People: another person than the one who is there already
}

// Errors of lists and of sheets of cards.
var (
	ErrNobody    = errors.New("accounts: nobody to take in")
	ErrCardsMade = errors.New("accounts: this sheet of cards was made already")
	ErrManyCards = errors.New("accounts: too many cards at once")
)

// listImport is one list that was taken in.
type listImport struct {
	ID, MadeBy string
	MadeAt     time.Time
}

func (listImport) TableName() string { return "imports" }

// EnterList registers the people of a list in one transaction, for an administrator
// or the front desk of the municipalities where they live. Who is registered with
// the same name, ふりがな and municipality is left out, so that the same list taken
// in again changes nothing. The import is "" when nobody was new. Errors: those of
// Check, ErrNobody, storage.ErrNotFound for another municipality's people.
func (a *Accounts) EnterList(ctx context.Context, by Access, in ListInput) (importID string, err error) {
	if !by.Role(Admin, Desk) {
		return "", storage.ErrNotFound
	}
	if len(in.People) == 0 {
		return "", ErrNobody
	}
	if err := validate.Var(in.Operation, "required,uuid"); err != nil {
		return "", err
	}
	for _, t := range in.People {
		if !by.Reaches(t.Residence, Desk) {
			return "", storage.ErrNotFound
		}
		if err := a.Check(ctx, t); err != nil {
			return "", err
		}
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		op := storage.Operation{ID: in.Operation, Actor: by.AccountID, Kind: "list", Body: fmt.Sprint(in.People, in.Anyway)}
		importID, _, err = storage.Once(tx, op, func() (string, error) { return a.enterList(tx, by, in) })
		return err
	})
	return importID, err
}

func (a *Accounts) enterList(tx *gorm.DB, by Access, in ListInput) (string, error) {
	known, err := knownOf(tx, in.People)
	if err != nil {
		return "", err
	}
	list := listImport{ID: uuid.NewString(), MadeBy: by.AccountID, MadeAt: tx.NowFunc()}
	made := false
	for i, t := range in.People {
		if known[i] != nil && !in.Anyway[i] {
			continue
		}
		if !made {
			if err := tx.Create(&list).Error; err != nil {
				return "", err
			}
			made = true
		}
		id, err := a.Enter(tx, by, t)
		if err != nil {
			return "", err
		}
		if err := tx.Model(&Account{}).Where("id = ?", id).Update("import_id", list.ID).Error; err != nil {
			return "", err
		}
	}
	if !made {
		return "", nil
	}
	return list.ID, nil
}

// KnownOf says beside each of people who is registered with the same name, ふりがな
// and municipality, nil for nobody; only people whom by may look after are told.
func (a *Accounts) KnownOf(ctx context.Context, by Access, people []Typed) ([]*Found, error) {
	known, err := knownOf(a.db.Read(ctx), people)
	for i, f := range known {
		if f != nil && !by.Reaches(f.Municipality, Desk) {
			known[i] = nil
		}
	}
	return known, err
}

func knownOf(tx *gorm.DB, people []Typed) ([]*Found, error) {
	var kana []string
	for _, t := range people {
		kana = append(kana, t.Key().kana)
	}
	byKey := map[PersonKey]*Found{}
	for some := range slices.Chunk(kana, 500) {
		var list []Found
		err := tx.Model(&Account{}).Where("state = ? AND number <> '' AND search_kana IN ?", Active, some).Order("registered_at DESC, id").Find(&list).Error
		if err != nil {
			return nil, err
		}
		for i := range list {
			byKey[list[i].Key()] = &list[i]
		}
	}
	known := make([]*Found, len(people))
	for i, t := range people {
		known[i] = byKey[t.Key()]
	}
	return known, nil
}

// PersonKey is what two entries of one person have in common.
type PersonKey struct{ name, kana, municipality, prefecture string }

// Key is the person's.
func (t Typed) Key() PersonKey {
	r := t.registration()
	municipality, prefecture, _ := residence(t.Residence)
	return personKey(r.FamilyName+r.GivenName, furigana(r.FamilyKana)+furigana(r.GivenKana), municipality, prefecture)
}

// Key is the person's.
func (f *Found) Key() PersonKey {
	return personKey(f.FamilyName+f.GivenName, f.FamilyKana+f.GivenKana, f.Municipality, f.Prefecture)
}

func personKey(name, kana, municipality, prefecture string) PersonKey {
	return PersonKey{strings.Join(strings.Fields(name), ""), searchKey(kana), municipality, prefecture}
}

// Imported is one person of a list that was taken in.
type Imported struct {
	Found
	Card bool `gorm:"-"` // there is a 受講カード
}

// Imported are the people of a list whom by may look after, by ふりがな;
// storage.ErrNotFound when there is none.
func (a *Accounts) Imported(ctx context.Context, by Access, importID string) ([]Imported, error) {
	if !by.Role(Admin, Desk) {
		return nil, storage.ErrNotFound
	}
	db := a.db.Read(ctx)
	var list []Imported
	err := by.Within(db.Model(&Account{}), "municipality", Desk).Where("import_id = ? AND state = ? AND number <> ''", importID, Active).
		Order("search_kana, id").Find(&list).Error
	if err == nil && len(list) == 0 {
		err = storage.ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	cards, err := WithCard(db, ids)
	for i := range list {
		list[i].Card = cards[list[i].ID]
	}
	return list, err
}

// WithCard says which of the accounts have a 受講カード.
func WithCard(tx *gorm.DB, accountIDs []string) (map[string]bool, error) {
	has := map[string]bool{}
	for some := range slices.Chunk(accountIDs, 500) {
		var ids []string
		err := tx.Model(&card{}).Where("account_id IN ? AND ended_at IS NULL", some).Pluck("account_id", &ids).Error
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			has[id] = true
		}
	}
	return has, nil
}

// CardsAtOnce is how many cards one sheet makes: hashing their words takes time.
const CardsAtOnce = 50

// SheetWhy is the reason in the record for cards that are made as a sheet.
const SheetWhy = "受講カードの一覧の印刷"

// CardSheet makes new cards for people, all or none; give makes the one of a
// person in the transaction. Sent once more with the same operation it is
// ErrCardsMade, for the words cannot be shown again. ErrManyCards.
func (a *Accounts) CardSheet(ctx context.Context, by Access, operation string, people []string, give func(tx *gorm.DB, d CardDraft, person string) (*Shown, error)) (sheet []*Shown, err error) {
	switch {
	case len(people) == 0:
		return nil, ErrNobody
	case len(people) > CardsAtOnce:
		return nil, ErrManyCards
	}
	if err := validate.Var(operation, "required,uuid"); err != nil {
		return nil, err
	}
	drafts := make([]CardDraft, len(people))
	for i := range drafts {
		drafts[i] = DraftCard()
	}
	err = a.db.Tx(ctx, func(tx *gorm.DB) error {
		sheet = nil
		op := storage.Operation{ID: operation, Actor: by.AccountID, Kind: "cards", Body: strings.Join(people, " ")}
		_, repeated, err := storage.Once(tx, op, func() (string, error) {
			for i, person := range people {
				shown, err := give(tx, drafts[i], person)
				if err != nil {
					return "", err
				}
				sheet = append(sheet, shown)
			}
			return "made", nil
		})
		if err == nil && repeated {
			err = ErrCardsMade
		}
		return err
	})
	return sheet, err
}

// DeskCards is CardSheet for people whom by looks after as a front desk.
func (a *Accounts) DeskCards(ctx context.Context, by Access, operation string, accountIDs []string) ([]*Shown, error) {
	return a.CardSheet(ctx, by, operation, accountIDs, func(tx *gorm.DB, d CardDraft, id string) (*Shown, error) {
		if _, err := by.person(tx, id); err != nil {
			return nil, err
		}
		return d.Give(tx, by, id, SheetWhy)
	})
}
