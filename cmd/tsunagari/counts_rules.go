package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-playground/validator/v10"

	"tsunagari/courses/counts"
)

type countsRulesCommand struct {
	database `embed:""`
	Day      int `help:"Day of the next month on which a month closes, 2 to 28." placeholder:"5"`
	MarchDay int `help:"Day of April on which March closes, 2 to 30." placeholder:"30"`
	Own      int `help:"Smallest cell of a table for a municipality about its own residents, at least 3." placeholder:"5"`
	Outside  int `help:"Smallest cell of a table for everybody else, not below the other." placeholder:"10"`
}

var errRules = errors.New("しめ切りの日は2から28まで（3月の分は4月2日から30日まで）、少ない人数の境は3人以上で、ほかの人に対する境はその市町村に対する境より小さくできません")

// run sets what is given and says what holds.
func (c *countsRulesCommand) run(ctx context.Context, p *program) error {
	db, err := c.openMigrated(ctx, c.backups(""), p.stdout)
	if err != nil {
		return err
	}
	defer db.Close()
	kept := open(db, "", false).counts
	rules, err := kept.Rules(ctx)
	if err != nil {
		return err
	}
	if before := rules; c.set(&rules) != before {
		if err := kept.SetRules(ctx, rules); err != nil {
			if _, faulty := errors.AsType[validator.ValidationErrors](err); faulty {
				return errRules
			}
			return err
		}
	}
	_, err = fmt.Fprintf(p.stdout, "月のしめ切り\t次の月の%d日0時（3月は4月%d日0時）\n内訳の少ない人数の境\tその市町村の係には%d人、ほかの人には%d人\n",
		rules.Day, rules.MarchDay, rules.Own, rules.Outside)
	return err
}

// set puts what is given in place of what held.
func (c *countsRulesCommand) set(rules *counts.Rules) counts.Rules {
	for given, into := range map[*int]*int{&c.Day: &rules.Day, &c.MarchDay: &rules.MarchDay, &c.Own: &rules.Own, &c.Outside: &rules.Outside} {
		if *given != 0 {
			*into = *given
		}
	}
	return *rules
}
