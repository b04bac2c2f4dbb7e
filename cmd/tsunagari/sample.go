package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"tsunagari/certificates"
	"tsunagari/certificates/paper"
	"tsunagari/courses"
)

type sampleCommand struct {
	database `embed:""`
	Name     string `required:"" help:"Name as it is to be printed: \"北見 花子\"."`
	Kana     string `required:"" help:"ふりがな: \"きたみ はなこ\"."`
	Form     string `enum:"a4,card" default:"a4" help:"a4 or card."`
	Out      string `required:"" placeholder:"FILE" help:"The PDF to write."`
	BaseURL  string `placeholder:"URL" default:"http://localhost:8080" env:"BASE_URL" help:"Public address of the site, as in the QR."`
}

func (s *sampleCommand) run(ctx context.Context, p *program) error {
	db, err := s.openMigrated(ctx, s.backups(""), p.stdout)
	if err != nil {
		return err
	}
	defer db.Close()
	certs := certificates.New(db, courses.New(db), certificates.Options{BaseURL: s.BaseURL})
	pdf, err := certs.Sample(ctx, s.Name, s.Kana, certificates.Form(s.Form))
	if unprintable, ok := errors.AsType[*paper.UnprintableError](err); ok {
		return errors.New(say(unprintable))
	}
	if err != nil {
		return err
	}
	return createFile(s.Out, func(f *os.File) error { _, err := f.Write(pdf); return err })
}

func say(e *paper.UnprintableError) string {
	s := fmt.Sprintf("%s は修了証に印刷できない文字です。", e.Name())
	if meant := e.Instead(); meant != 0 {
		s += fmt.Sprintf("「%c」に変えると印刷できます。", meant)
	}
	return s
}
