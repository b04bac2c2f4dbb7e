package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func parsed(t *testing.T, args []string, env map[string]string) (*serveCommand, error) {
	t.Helper()
	var out bytes.Buffer
	cmd, err := parse(args, env, &out, &out)
	if err != nil {
		return nil, err
	}
	return cmd.(*serveCommand), nil
}

func TestServeSettings(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("postgres://u:p@db/t\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TSUNAGARI_DATA", "/of/the/process") // only the environment given to run counts
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		got  func(*serveCommand) any
		want any
	}{
		"nothing at all":       {nil, nil, func(s *serveCommand) any { return s.addr() + " " + s.Data }, ":8080 ./data"},
		"named":                {[]string{"serve", "--addr", ":1"}, nil, func(s *serveCommand) any { return s.addr() }, ":1"},
		"variable":             {nil, map[string]string{"TSUNAGARI_ADDR": ":2"}, func(s *serveCommand) any { return s.addr() }, ":2"},
		"flag before variable": {[]string{"--addr=:3"}, map[string]string{"TSUNAGARI_ADDR": ":2"}, func(s *serveCommand) any { return s.addr() }, ":3"},
		"empty variable":       {nil, map[string]string{"TSUNAGARI_DATA": ""}, func(s *serveCommand) any { return s.Data }, "./data"},
		"domain":               {[]string{"--domain=a.example.jp"}, nil, func(s *serveCommand) any { return s.addr() + s.public() }, ":443https://a.example.jp"},
		"base URL":             {nil, map[string]string{"BASE_URL": "https://b.example.jp"}, func(s *serveCommand) any { return s.public() }, "https://b.example.jp"},
		"secret in a file":     {nil, map[string]string{"DATABASE_URL_FILE": secret}, func(s *serveCommand) any { return s.DatabaseURL }, "postgres://u:p@db/t"},
		"backup by default":    {nil, nil, func(s *serveCommand) any { return s.Backup }, true},
		"no backup":            {[]string{"--no-backup"}, nil, func(s *serveCommand) any { return s.Backup }, false},
		"no backup, variable":  {nil, map[string]string{"TSUNAGARI_BACKUP": "false"}, func(s *serveCommand) any { return s.Backup }, false},
		"proxies":              {[]string{"--trusted-proxy=10.0.0.1,10.1.0.0/16"}, nil, func(s *serveCommand) any { return strings.Join(s.TrustedProxy, " ") }, "10.0.0.1 10.1.0.0/16"},
		"password unseen":      {[]string{"--database-url=postgres://u:hidden@db/t"}, nil, func(s *serveCommand) any { return s.where() }, "postgres://u:xxxxx@db/t"},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := parsed(t, c.args, c.env)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.got(s); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestSettingsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		env  map[string]string
		want string
	}{
		"unknown command":    {[]string{"sevre"}, nil, "sevre"},
		"unknown flag":       {[]string{"--port=80"}, nil, "--port"},
		"other database":     {nil, map[string]string{"DATABASE_URL": "mysql://u:hidden@db/t"}, "postgres://"},
		"broken address":     {[]string{"--database-url=postgres://u:hid%zz@db/t"}, nil, "postgres://"},
		"base URL path":      {[]string{"--base-url=https://a.jp/x"}, nil, "--base-url"},
		"base URL scheme":    {[]string{"--base-url=a.jp"}, nil, "--base-url"},
		"domain with scheme": {[]string{"--domain=https://a.jp"}, nil, "--domain"},
		"domain an address":  {[]string{"--domain=127.0.0.1"}, nil, "--domain"},
		"proxy":              {[]string{"--trusted-proxy=proxy.local"}, nil, "--trusted-proxy"},
		"mail scheme":        {[]string{"--smtp-url=mail.example.jp"}, nil, "smtp://"},
		"mail sender":        {[]string{"--smtp-url=smtp://mail.example.jp"}, nil, "--mail-from"},
		"secret twice":       {nil, map[string]string{"SMTP_URL": "a", "SMTP_URL_FILE": "b"}, "both SMTP_URL"},
		"secret file gone":   {nil, map[string]string{"SMTP_URL_FILE": "/none/such"}, "SMTP_URL_FILE"},
		"boolean":            {nil, map[string]string{"TSUNAGARI_BACKUP": "perhaps"}, "backup"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parsed(t, c.args, c.env)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q in it", err, c.want)
			}
			if strings.Contains(err.Error(), "hid") {
				t.Errorf("the password is in %q", err)
			}
		})
	}
}

func TestHelp(t *testing.T) {
	if out := must(t, "--help"); !strings.Contains(out, "restore") || !strings.Contains(out, "version") {
		t.Error(out)
	}
	if out := must(t, "serve", "--help"); !strings.Contains(out, "DATABASE_URL_FILE") || !strings.Contains(out, "TSUNAGARI_ADDR") {
		t.Error(out)
	}
	if out := must(t, "version"); !strings.HasPrefix(out, "tsunagari ") {
		t.Error(out)
	}
}

// Every flag of every command has an environment variable, but for what names one
// act of a command.
func TestEveryFlagHasAVariable(t *testing.T) {
	acts := map[string]bool{
		"help": true, "name": true, "kana": true, "form": true, "out": true, "why": true, "format": true, "full-width": true, "course": true, "module": true, "lesson": true, "keep": true,
		"month": true, "area": true, "day": true, "march-day": true, "own": true, "outside": true,
	}
	err := kong.Visit(kong.Must(&commands{}, words).Model.Node, func(v kong.Visitable, next kong.Next) error {
		if flag, ok := v.(*kong.Flag); ok && len(flag.Envs) == 0 && !acts[flag.Name] {
			t.Errorf("--%s has no environment variable", flag.Name)
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestUnknownVariables(t *testing.T) {
	env := map[string]string{"TSUNAGARI_DATA": "x", "TSUNAGARI_ADRR": "x", "DATABASE_URL_FILE": "x", "HOME": "x"}
	if got := strings.Join(unknownVariables(env), " "); got != "TSUNAGARI_ADRR" {
		t.Errorf("got %q", got)
	}
}
