package views

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-playground/validator/v10"
	"github.com/gofiber/fiber/v2"

	"tsunagari/courses/accounts"
	"tsunagari/storage"
)

// unspoken are exported errors that no request can end in, with the reason. A name
// that ends in * stands for all that begin so.
var unspoken = map[string]string{
	"storage.ErrNotEmpty":  "restore is a command",
	"storage.ErrNotBackup": "restore is a command",
	"storage.ErrNewer":     "found at the start and by restore",
	"courses.ErrZip*":      "courses are imported by a command",
	"courses.ErrNotZip":    "courses are imported by a command",
	"courses.ErrFaults":    "courses are published by a command, which lists the faults",
}

func isUnspoken(name string) bool {
	for pattern := range unspoken {
		if prefix, wild := strings.CutSuffix(pattern, "*"); name == pattern || wild && strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// rooms are the packages whose errors may reach a person.
var rooms = []string{"../storage", "../courses", "../courses/accounts", "../courses/classes", "../courses/questions", "../quiz", "../certificates", "../certificates/paper"}

func TestEveryErrorHasASentence(t *testing.T) {
	said := ownSource(t)
	for _, dir := range rooms {
		for _, name := range exportedErrors(t, dir) {
			if isUnspoken(name) {
				continue
			}
			if !strings.Contains(said, name) {
				t.Errorf("%s: give it a sentence in errors.go, or a reason in unspoken", name)
			}
		}
	}
	for _, a := range answers {
		if a.say == "" || a.status < 400 {
			t.Errorf("%v: %d %q", a.is, a.status, a.say)
		}
	}
}

// ownSource is the source of this package without its tests.
func ownSource(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(text)
	}
	return b.String()
}

// exportedErrors are "pkg.ErrX" for every exported error variable, and "pkg.X" for
// every exported type that is an error.
func exportedErrors(t *testing.T, dir string) (names []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		pkg := file.Name.Name
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				for _, id := range n.Names {
					if strings.HasPrefix(id.Name, "Err") {
						names = append(names, pkg+"."+id.Name)
					}
				}
			case *ast.FuncDecl:
				if of := errorType(n); of != "" {
					names = append(names, pkg+"."+of)
				}
				return false
			}
			return true
		})
	}
	return names
}

// errorType is the exported type whose Error method n is, or "".
func errorType(n *ast.FuncDecl) string {
	if n.Name.Name != "Error" || n.Recv == nil {
		return ""
	}
	of := n.Recv.List[0].Type
	if star, ok := of.(*ast.StarExpr); ok {
		of = star.X
	}
	if id, ok := of.(*ast.Ident); ok && id.IsExported() {
		return id.Name
	}
	return ""
}

// tags is a struct that breaks one rule of each kind that a form may have.
type tags struct {
	Required string `validate:"required"`
	Long     string `validate:"max=3"`
	Short    string `validate:"min=3"`
	Exact    string `validate:"len=3"`
	Mail     string `validate:"email"`
	Link     string `validate:"http_url"`
	Of       string `validate:"oneof=a b"`
	ID       string `validate:"uuid"`
	Other    string `validate:"numeric"`
}

func TestEveryRuleHasASentence(t *testing.T) {
	in := tags{Long: "長すぎる", Short: "あ", Exact: "あ", Mail: "x", Link: "javascript:x", Of: "c", ID: "x", Other: "x"}
	err := validator.New(validator.WithRequiredStructEnabled()).Struct(in)
	status, faults, ok := faultsOf(fmt.Errorf("wrapped: %w", err))
	if !ok || status != 422 || len(faults) != 9 || !faults.Field() {
		t.Fatal(status, faults, ok)
	}
	for _, f := range faults {
		if !strings.HasSuffix(f.Say, "。") && f.Field != "Mail" || strings.Contains(f.Say, "%!") {
			t.Errorf("%+v", f)
		}
	}
	if faults[0].Field != "Required" || faults[8].Field != "Other" {
		t.Error("not in the order of the form")
	}
}

func TestWhatAFormCanMend(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int // 0: no form can
	}{
		{storage.ErrUnavailable, 503},
		{fmt.Errorf("deep down: %w", storage.ErrOperationReused), 409},
		{storage.ErrNotFound, 0},
		{errors.Join(accounts.ErrBureau, fmt.Errorf("deep down: %w", accounts.ErrWeakPassword)), 422},
		{errors.Join(accounts.ErrBureau, errors.New("a bug")), 422},
		{fmt.Errorf("%w: %w", storage.ErrUnavailable, errors.New("connection refused")), 503},
		{errForeign, 0},
		{errSignedOut, 0},
		{errors.New("a bug"), 0},
		{fiber.ErrTooManyRequests, 429},
	} {
		if status, faults, ok := faultsOf(c.err); status != c.status || ok != (c.status != 0) || ok && faults[0].Say == "" {
			t.Errorf("%v: %d %v %v", c.err, status, faults, ok)
		}
	}
}

func TestErrorPages(t *testing.T) {
	app := readyHouse(t).gated()
	for path, err := range map[string]error{"/t/bug": errors.New("SELECT secret"), "/t/often": fiber.ErrTooManyRequests, "/t/away": storage.ErrUnavailable} {
		app.Get(path, func(*fiber.Ctx) error { return err })
	}
	app.Get("/t/panic", func(*fiber.Ctx) error { panic("SELECT secret") })
	for _, c := range []struct {
		path   string
		status int
		says   string
	}{
		{"/t/bug", 500, "こちらの不具合です"},
		{"/t/panic", 500, "こちらの不具合です"},
		{"/t/often", 429, "少しお待ち"},
		{"/t/away", 503, "点検中"},
		{"/nowhere", 404, "ページが見つかりません"},
	} {
		res, body := do(t, app, ask(c.path))
		if res.StatusCode != c.status || !strings.Contains(body, c.says) || !strings.Contains(body, "0152-00-0000") {
			t.Errorf("%s: %d\n%s", c.path, res.StatusCode, body)
		}
		if strings.Contains(body, "SELECT") {
			t.Errorf("%s tells about the inside", c.path)
		}
		if res.Header.Get("Cache-Control") != "no-store" || res.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %v", c.path, res.Header)
		}
	}
}
