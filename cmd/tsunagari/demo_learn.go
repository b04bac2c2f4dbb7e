package main

import (
	"context"

	"tsunagari/courses"
	"tsunagari/quiz"
)

// step does one step of the course as a person does it: reading, or answering,
// sometimes wrongly; まとめの確認 again until all is understood.
func (d *demo) step(ctx context.Context, account string, step courses.Step) error {
	switch {
	case step.Lesson != nil:
		_, err := d.courses.MarkRead(ctx, account, d.rev.Slug, step.Lesson.ID)
		return err
	case step.Module != nil:
		return d.answer(ctx, account, quiz.Check(step.Module.ID), 1)
	}
	for round := 1; ; round++ {
		if err := d.answer(ctx, account, quiz.Closing, round); err != nil {
			return err
		}
		standing, err := d.courses.Standing(ctx, account, d.rev.Slug)
		if err != nil || standing.Done(step.Key()) {
			return err
		}
	}
}

// answer takes a quiz once. In the first round one answer in four is wrong.
func (d *demo) answer(ctx context.Context, account, key string, round int) error {
	a, err := d.quizzes.Start(ctx, account, d.rev.Slug, key)
	if err != nil {
		return err
	}
	for i, drawn := range a.Drawn {
		right := round > 1 || d.rnd.IntN(4) > 0
		err := d.quizzes.Confirm(ctx, account, a.ID, i+1, solve(d.rev.Question(drawn.ID), drawn, right), 0)
		if err != nil {
			return err
		}
	}
	return nil
}
