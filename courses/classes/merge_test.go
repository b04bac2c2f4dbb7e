package classes_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tsunagari/courses/accounts"
	"tsunagari/courses/classes"
	"tsunagari/quiz"
	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

// merge makes two people one and gives what the desk read before.
func (h *hall) merge(from, into string) string {
	h.t.Helper()
	p, err := h.accounts.MergePreview(ctx, accounts.Shell(), from, into)
	h.must(err)
	h.must(h.accounts.Merge(ctx, accounts.Shell(), accounts.Merging{Operation: uuid.NewString(), From: from, Into: into, Why: "同じ方", Sure: "yes"}))
	return strings.Join(p.Changes, "\n")
}

// Of two seats in one class the one that says more stays, whosever it is.
func TestMergeSeats(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today)
		for _, presentIsFrom := range []bool{true, false} {
			from, fromSeat := h.joined(c)
			into, intoSeat := h.joined(c)
			stays, goes := intoSeat, fromSeat
			if presentIsFrom {
				stays, goes = fromSeat, intoSeat
			}
			h.present(c, stays)
			if says := h.merge(from, into); !strings.Contains(says, "同じ教室の席が1組") {
				t.Error(says)
			}
			if row := h.row(c, stays); row.AccountID == nil || *row.AccountID != into || row.Attendance != classes.Present || row.RemovedAt != nil {
				t.Errorf("%+v", row)
			}
			if row := h.row(c, goes); row.AccountID != nil || row.RemovedAt == nil {
				t.Errorf("%+v", row)
			}
			if list, err := h.Held(ctx, into); err != nil || len(list) != 1 {
				t.Errorf("%+v %v", list, err)
			}
			if list, err := h.Held(ctx, from); err != nil || len(list) != 0 {
				t.Errorf("%+v %v", list, err)
			}
		}
	})
}

// One was there under one number and answered under the other: together the rule of
// the class is met, and the person has finished in it.
func TestMergeFinishesTheClass(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		c := h.class(today, by(classes.Study))
		there, seat := h.joined(c)
		h.present(c, seat)
		h.read(there, "ichi-1", "ichi-2")
		h.take(there, quiz.Check("ichi"))
		alone := h.learner()
		h.read(alone, "ichi-1", "ichi-2", "ni-1", "ni-2")
		h.take(alone, quiz.Check("ni"))
		h.clock.Add(time.Hour)
		if says := h.merge(there, alone); !strings.Contains(says, "教室の決まりを満たすと") {
			t.Error(says)
		}
		h.waits(c, seat, classes.NoStudy) // まとめの確認 is left
		h.take(alone, quiz.Closing)
		h.waits(c, seat, classes.Here)

		d := h.class(today, by(classes.Check))
		second, seat := h.joined(d)
		h.take(second, quiz.Closing) // on the phone, and was typed in again at the door
		third, other := h.joined(d)
		h.present(d, other)
		h.merge(second, third)
		h.waits(d, other, classes.Here)
		if done := h.done(third); done == nil || *done.ClassID != d.ID || h.valid(third) == nil {
			t.Errorf("%+v", done)
		}
		if row := h.row(d, seat); row.AccountID != nil {
			t.Errorf("%+v", row)
		}
	})
}

// What was finished later, in a class, is nobody's any more: the trainer cannot
// withdraw it, and the class says that the person had finished before.
func TestMergeOfACompletionInAClass(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		h := newHall(t, db)
		first := h.learner()
		h.read(first, "ichi-1", "ichi-2", "ni-1", "ni-2")
		for _, key := range []string{quiz.Check("ichi"), quiz.Check("ni"), quiz.Closing} {
			h.take(first, key)
		}
		h.clock.Add(72 * time.Hour)
		c := h.class(thursday)
		second, seat := h.joined(c)
		h.present(c, seat)
		h.must(h.Sheet(ctx, h.me, c.ID, seat, true))
		number := h.valid(second).Number
		if says := h.merge(first, second); !strings.Contains(says, "北見市の修了者数（2026年11月）が、1人減ります") || !strings.Contains(says, "第"+number+"号は「差し替え済み」") {
			t.Error(says)
		}
		h.waits(c, seat, classes.Before)
		h.is(h.Withdraw(ctx, h.me, c.ID, seat, "まちがい"), storage.ErrNotFound)
		if done := h.done(second); done == nil || done.CompletedOn != today || done.ClassID != nil {
			t.Errorf("%+v", done)
		}
	})
}
