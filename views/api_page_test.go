package views

import (
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"tsunagari/storage/storagetest"
	"tsunagari/views/browsertest"
)

var examples = regexp.MustCompile(`(?s)<pre class="source"[^>]*><code>(.*?)</code></pre>`)

// example is the page's example number n as somebody copies it.
func (h *house) example(at string, n int) string {
	h.t.Helper()
	found := examples.FindAllStringSubmatch(h.shows("/municipality/api", "", 200), -1)
	if len(found) != 3 {
		h.t.Fatalf("%d examples", len(found))
	}
	text := html.UnescapeString(found[n][1])
	if !strings.Contains(text, "http://example.com/api/v1") && !strings.Contains(text, `"http://example.com"`) {
		h.t.Errorf("the example leads elsewhere:\n%s", text)
	}
	return strings.ReplaceAll(text, "http://example.com", at)
}

// runs is what the program prints in the folder. Without the program the test is
// skipped, or failed where everything is required.
func runs(t *testing.T, dir, token, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if storagetest.Require() {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	cmd := exec.CommandContext(t.Context(), path, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TSUNAGARI_TOKEN="+token, "PYTHONIOENCODING=utf-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

// The examples of the page do what they say, against this server.
func TestAPIExamples(t *testing.T) {
	h := counted(t)
	token := h.tokenOf(h.officer(okhotskCodes()...))
	at := browsertest.Serve(t, h.app)
	h.must(h.deps.Counts.Fold(t.Context()))
	file := func(dir, name string) string {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(dir, name))
		h.must(err)
		return string(b)
	}
	t.Run("curl", func(t *testing.T) {
		dir := t.TempDir()
		h.must(os.WriteFile(filepath.Join(dir, "pull.sh"), []byte(h.example(at, 0)), 0o600))
		for range 2 { // the second time nothing is sent, and the file stays
			runs(t, dir, token, "curl", "--version")
			runs(t, dir, token, "sh", "pull.sh")
			h.has(file(dir, "counts.json"), `"area":"012084"`, `"period":"2026-11"`)
			h.lacks(file(dir, "counts.json"), `"period":"2025-12"`)
		}
	})
	t.Run("python", func(t *testing.T) {
		dir := t.TempDir()
		h.must(os.WriteFile(filepath.Join(dir, "pull.py"), []byte(h.example(at, 1)), 0o600))
		h.has(runs(t, dir, token, "python3", "pull.py"), "3 行を書きました")
		h.has(file(dir, "counts.csv"), "\ufeff全国地方公共団体コード,市町村名,年月,修了者数（人）", "\r\n012084,北見市,2026-05,3\r\n", "012114,網走市,2026-05,1")
		h.has(runs(t, dir, token, "python3", "pull.py"), "前の回から、変わっていません")
	})
}

func TestAPIPageSaysWhatIsUntested(t *testing.T) {
	h := readyHouse(t)
	body := h.shows("/municipality/api", "", 200, "未検証", "/api/v1/openapi.json", "12か月前まで")
	for _, p := range apiProblems {
		h.has(body, `id="`+p.Key+`"`)
	}
	for _, p := range document(t).Paths.Map()["/counts"].Get.Parameters {
		if p.Value.In == "query" {
			h.has(body, "<code>"+p.Value.Name+"</code>")
		}
	}
}

func TestAPIPagesInABrowser(t *testing.T) {
	b := browsertest.Start(t)
	h := counted(t)
	officer, bureau := h.officer(kitami), h.officer(okhotskCodes()...)
	h.pulls("/api/v1/changes", h.tokenOf(officer))
	h.tokenOf(bureau)
	h.deps.BaseURL = ""
	at := browsertest.Serve(t, New(h.deps))
	looks := []look{
		{"tokens", officer, "/municipality/tokens", nil},
		{"tokens-bureau", bureau, "/municipality/tokens", nil},
		{"tokens-fault", officer, "/municipality/tokens", map[string]string{"purpose": ""}},
		{"tokens-made", officer, "/municipality/tokens", map[string]string{"purpose": "庁内の統計システムへの月次の取りこみ"}},
		{"api", "", "/municipality/api", nil},
	}
	for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desk, browsertest.Phone.InDark()} {
		tab := b.Tab(t, screen)
		for _, l := range looks {
			t.Run(screen.Name+"/"+l.name, func(t *testing.T) {
				h.t = t
				h.visit(tab, at, l)
				looked(t, tab, l.name+"-"+screen.Name)
			})
		}
	}
}
