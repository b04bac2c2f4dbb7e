package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tsunagari/courses"
	"tsunagari/courses/coursetest"
)

func TestQuestionsInAndOut(t *testing.T) {
	dir := t.TempDir()
	data := []string{"--data", filepath.Join(dir, "data"), "--course", "small"}
	pkg := filepath.Join(dir, "small.zip")
	err := createFile(pkg, func(f *os.File) error { return courses.WriteZip(f, coursetest.Small("small")) })
	if err != nil {
		t.Fatal(err)
	}
	must(t, "course", "import", pkg, data[0], data[1])
	command := func(name string, args ...string) []string {
		return append(append([]string{"questions", name, "--format", "gift"}, data...), args...)
	}

	file := questionFile(t, "朝のあいさつは大切です。{T}\n\n閉じない{=a\n\n書いてください。{}\n")
	out := must(t, command("import", "--module", "ichi", "--lesson", "ichi-1", file)...)
	if !strings.Contains(out, "1問を下書きに入れました") || !strings.Contains(out, "3行目：") || !strings.Contains(out, "5行目：") {
		t.Errorf("import: %s", out)
	}
	written := filepath.Join(dir, "out.txt")
	must(t, command("export", "--module", "ichi", written)...)
	if got := string(read(t, written)); !strings.Contains(got, "朝のあいさつは大切です。") || strings.Contains(got, "書いてください。") {
		t.Errorf("export: %s", got)
	}
	if out := must(t, command("import", "--module", "ni", written)...); !strings.Contains(out, "問を下書きに入れました") {
		t.Errorf("back: %s", out)
	}
	for name, args := range map[string][]string{
		"no such module": command("import", "--module", "none", file),
		"no such lesson": command("import", "--module", "ichi", "--lesson", "none", file),
		"nothing good":   command("import", "--module", "ichi", questionFile(t, "閉じない{=a")),
		"no such course": {"questions", "export", "--format", "gift", "--course", "none", data[0], data[1], filepath.Join(dir, "none.txt")},
		"a file there":   command("export", written),
	} {
		if out, err := ran(t, args...); err == nil || name == "nothing good" && !errors.Is(err, errFaulty) {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}
