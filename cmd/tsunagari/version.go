package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

func (versionCommand) run(_ context.Context, p *program) error {
	fmt.Fprintln(p.stdout, version())
	return nil
}

// version is the module's version, the commit it was built from, and what it runs on.
func version() string {
	v, commit, changed := "(devel)", "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		v = info.Main.Version
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				commit = " " + s.Value[:min(12, len(s.Value))]
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = " with changes"
			}
		}
	}
	return fmt.Sprintf("tsunagari %s%s%s (%s, %s/%s)", v, commit, changed, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
