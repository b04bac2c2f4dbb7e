package accounts_test

import (
	"context"
	"errors"
	"testing"

	"gorm.io/gorm"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

var ctx = context.Background()

func TestVisitorIsAGuest(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		var made, loaded *accounts.Account
		err := db.Tx(ctx, func(tx *gorm.DB) (err error) {
			if made, err = accounts.Visitor(tx); err != nil {
				return err
			}
			loaded, err = accounts.Load(tx, made.ID)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if loaded.State != accounts.Guest || loaded.Number != "" || !loaded.CreatedAt.Equal(storagetest.Start) {
			t.Errorf("a guest is %+v", loaded)
		}
		if _, err := accounts.Load(db.Read(ctx), "somebody else"); !errors.Is(err, storage.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
	})
}
