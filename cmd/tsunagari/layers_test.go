package main

import (
	"os/exec"
	"strings"
	"testing"
)

// rank is how high a package stands: every import goes down. Equal ranks do not
// know each other.
var rank = map[string]int{
	"storage": 0, "storage/table": 0, "certificates/paper": 0, "courses/questions/outline": 0, "courses/media": 0,
	"courses/accounts": 1, "courses/questions": 1, "courses/curriculum": 0,
	"courses": 2, "courses/accounts/list": 2, "courses/classes": 3, "courses/counts": 3,
	"quiz/gift": 2, "quiz/aiken": 2, "quiz/moodlexml": 2, "quiz/sheet": 2,
	"quiz/formats": 3, "quiz": 3, "certificates": 3,
	"views":         4,
	"cmd/tsunagari": 5,
}

func TestImportsGoDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}:{{join .Imports " "}}`, "tsunagari/...").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for line := range strings.Lines(string(out)) {
		pkg, imports, _ := strings.Cut(strings.TrimSpace(line), ":")
		pkg = strings.TrimPrefix(pkg, "tsunagari/")
		if strings.HasSuffix(pkg, "test") { // storagetest, browsertest: for tests only
			continue
		}
		height, known := rank[pkg]
		if !known {
			t.Errorf("package %s has no place in the house", pkg)
		}
		for imp := range strings.FieldsSeq(imports) {
			below, ours := strings.CutPrefix(imp, "tsunagari/")
			switch {
			case ours && strings.HasSuffix(below, "test"):
				t.Errorf("%s imports the test package %s", pkg, below)
			case ours && rank[below] >= height:
				t.Errorf("%s imports %s, which does not stand below it", pkg, below)
			case strings.HasPrefix(imp, "github.com/gofiber/") && pkg != "views" && pkg != "cmd/tsunagari":
				t.Errorf("%s imports Fiber", pkg)
			case strings.HasPrefix(imp, "gorm.io/") && pkg == "views":
				t.Error("views imports GORM")
			}
		}
	}
}
