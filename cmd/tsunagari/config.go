package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// commands is the whole command line. One struct gives the flags, the
// environment variables and the help.
type commands struct {
	Serve serveCommand `cmd:"" default:"withargs" help:"Run the site (the default)."`

	Account struct {
		Setup setupCommand `cmd:"" help:"Make a new one-time link for the first set-up, when the first one was lost."`
		Admin adminCommand `cmd:"" help:"Make a one-time link that lets a further administrator in."`
		Reset resetCommand `cmd:"" help:"Make a one-time link with which a member of staff chooses a new password; the authenticator app is taken away."`
	} `cmd:"" help:"Let people in when the site itself cannot."`

	Course struct {
		Check  courseCheckCommand  `cmd:"" help:"Name every fault of a course folder with file and line, and print its quality figures."`
		Import courseImportCommand `cmd:"" help:"Publish a course package (a folder or a zip)."`
		Export courseExportCommand `cmd:"" help:"Write a published course as a package."`
	} `cmd:"" help:"Check, import and export courses."`

	Questions struct {
		Check  questionsCheckCommand  `cmd:"" help:"Read questions of another system and print as JSON what is in the file and what is wrong with it."`
		Import questionsImportCommand `cmd:"" help:"Take the good questions of a file of another system into the draft of a course."`
		Export questionsExportCommand `cmd:"" help:"Write the questions of a draft for another system."`
	} `cmd:"" help:"Look at questions of other systems, and take and give them."`

	Certificate struct {
		Sample sampleCommand `cmd:"" help:"Draw a certificate to see how names and issuer will look. Nothing is issued."`
	} `cmd:"" help:"Look at certificates."`

	Counts struct {
		Print  countsPrintCommand  `cmd:"" default:"withargs" help:"Print the numbers of a month as csv, json or xlsx: what the files of the site hold."`
		Verify countsVerifyCommand `cmd:"" help:"Count every completion anew, and print each number that differs. Then the exit code is 1."`
		Rules  countsRulesCommand  `cmd:"" help:"Print, and set, when months close and which cells of tables are too small to be shown. What is closed stays as it is."`
	} `cmd:"" help:"Look at the numbers of people who finished."`

	Backup  backupCommand  `cmd:"" help:"Write everything into one zip, the same for SQLite and PostgreSQL. The site may be running."`
	Restore restoreCommand `cmd:"" help:"Fill an empty SQLite or PostgreSQL database with a backup. This is also how one moves."`
	Version versionCommand `cmd:"" help:"Say which version this is."`
}

type command interface {
	run(ctx context.Context, p *program) error
}

const description = "Tsunagari trains and certifies つながりサポーター.\n\n" +
	"Started with nothing at all it keeps its data in ./data and serves on port 8080. " +
	"Every flag can be given as the environment variable in brackets; a secret also as NAME_FILE, the path of a file that holds it."

// words are what the tags of the commands name in ${}.
var words = kong.Vars{"formats": formatNames()}

// parse reads the command line. A nil command without an error means that help
// was asked for and printed.
func parse(args []string, env map[string]string, stdout, stderr io.Writer) (command, error) {
	var c commands
	helped := false
	k, err := kong.New(&c,
		kong.Name("tsunagari"), kong.Description(description),
		kong.Writers(stdout, stderr), kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Tree: true, WrapUpperBound: 100}),
		kong.ValueFormatter(helpOf), kong.Resolvers(fromEnvironment(env)), words,
	)
	if err != nil {
		return nil, err
	}
	if err := ownEnvironment(k); err != nil {
		return nil, err
	}
	ctx, err := k.Parse(args)
	if helped {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%w (tsunagari --help shows what there is)", err)
	}
	cmd, ok := ctx.Selected().Target.Addr().Interface().(command)
	if !ok {
		return nil, fmt.Errorf("%s needs one more word (tsunagari %[1]s --help shows which)", ctx.Command())
	}
	return cmd, nil
}

// ownEnvironment keeps kong from reading the process's environment, so that the
// one given to run counts, in tests too.
func ownEnvironment(k *kong.Kong) error {
	return kong.Visit(k.Model.Node, func(v kong.Visitable, next kong.Next) error {
		if flag, ok := v.(*kong.Flag); ok {
			flag.Tag.Envs = nil
		}
		return next(nil)
	})
}

func fromEnvironment(env map[string]string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			value, set, err := variable(env, name, flag.Tag.Has("secret"))
			if err != nil {
				return nil, err
			}
			if set {
				return value, nil
			}
		}
		return nil, nil
	})
}

// variable is the value of a variable. An empty one counts as not set, as compose
// files pass on what nobody gave.
func variable(env map[string]string, name string, secret bool) (value string, set bool, err error) {
	value = env[name]
	file := env[name+"_FILE"]
	if !secret || file == "" {
		return value, value != "", nil
	}
	if value != "" {
		return "", false, fmt.Errorf("both %s and %s_FILE are set; give one of them", name, name)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return "", false, fmt.Errorf("%s_FILE cannot be read: %w", name, err)
	}
	return strings.TrimSpace(string(b)), true, nil
}

func helpOf(v *kong.Value) string {
	if v.Flag == nil || len(v.Flag.Envs) == 0 {
		return v.Help
	}
	names := slices.Clone(v.Flag.Envs)
	if v.Tag.Has("secret") {
		names = append(names, names[0]+"_FILE")
	}
	return fmt.Sprintf("%s [%s]", v.Help, strings.Join(names, ", "))
}

// unknownVariables are variables of ours that no flag knows: a typing error would
// otherwise stay unseen.
func unknownVariables(env map[string]string) []string {
	known := map[string]bool{"TSUNAGARI_REQUIRE_ALL": true, "TSUNAGARI_AXE": true}
	k := kong.Must(&commands{}, words)
	kong.Visit(k.Model.Node, func(v kong.Visitable, next kong.Next) error {
		if flag, ok := v.(*kong.Flag); ok {
			for _, name := range flag.Envs {
				known[name] = true
				known[name+"_FILE"] = flag.Tag.Has("secret")
			}
		}
		return next(nil)
	})
	var unknown []string
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if strings.HasPrefix(name, "TSUNAGARI_") && !known[name] {
			unknown = append(unknown, name)
		}
	}
	return unknown
}
