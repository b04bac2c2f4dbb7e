package browsertest

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tsunagari/storage/storagetest"
)

// violation is what axe-core reports, as far as we print it.
type violation struct {
	ID, Help string
	Nodes    []struct {
		HTML           string
		FailureSummary string `json:"failureSummary"`
	}
}

// Axe reports every rule of axe-core (WCAG 2.2 A and AA, best practices) that the
// page in tab breaks. axe-core is found by TSUNAGARI_AXE or in a node_modules
// outside the tree; where there is none, see storagetest.Missing.
func Axe(t testing.TB, tab context.Context) {
	t.Helper()
	source := axeSource(t)
	if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](source)); err != nil {
		t.Fatal(err)
	}
	found, err := chromedp.Run(tab, chromedp.Evaluate[[]violation](
		`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations)`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found {
		for _, n := range v.Nodes {
			t.Errorf("axe %s: %s\n%s\n%s", v.ID, v.Help, n.HTML, n.FailureSummary)
		}
	}
}

func axeSource(t testing.TB) string {
	t.Helper()
	for _, p := range axePaths() {
		if source, err := os.ReadFile(p); err == nil {
			return string(source)
		}
	}
	storagetest.Missing(t, "no axe-core: npm install axe-core@4.14.1 outside the tree and set TSUNAGARI_AXE to axe.min.js")
	return ""
}

func axePaths() []string {
	if p := os.Getenv("TSUNAGARI_AXE"); p != "" {
		return []string{p}
	}
	dirs := filepath.SplitList(os.Getenv("NODE_PATH"))
	if root, err := exec.Command("npm", "root", "-g").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(root)))
	}
	var paths []string
	for _, d := range dirs {
		paths = append(paths, filepath.Join(d, "axe-core", "axe.min.js"))
	}
	return paths
}
