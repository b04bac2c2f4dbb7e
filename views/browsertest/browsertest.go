// Package browsertest looks at pages with a real browser: journeys, screenshots,
// the rules of axe-core and what a page weighs. It finds Chromium on the machine
// and is, with storagetest, the exception to "only cmd reads the environment".
package browsertest

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"tsunagari/storage/storagetest"
)

// Screen is what a page is looked at with.
type Screen struct {
	Name          string
	Width, Height int64
	Dark          bool
	Touch         bool
	NoScript      bool
}

// The phone and the desk computer of most visitors.
var (
	Phone = Screen{Name: "phone", Width: 390, Height: 844, Touch: true}
	Desk  = Screen{Name: "desk", Width: 1366, Height: 768}
)

// InDark is the screen with the person's dark setting.
func (s Screen) InDark() Screen {
	s.Dark, s.Name = true, s.Name+"-dark"
	return s
}

// WithoutScript is the screen of a browser that runs no script.
func (s Screen) WithoutScript() Screen {
	s.NoScript, s.Name = true, s.Name+"-noscript"
	return s
}

// Browser is one Chromium. Its tabs each have cookies of their own, as if they
// were different people.
type Browser struct{ ctx context.Context }

// Start opens a browser that lives as long as the test. Without Chromium the test
// is skipped, or failed with TSUNAGARI_REQUIRE_ALL=1.
func Start(t testing.TB) *Browser {
	t.Helper()
	path := find("chromium", "chromium-browser", "google-chrome", "chrome")
	if path == "" {
		storagetest.Missing(t, "no Chromium on this machine")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:len(chromedp.DefaultExecAllocatorOptions):len(chromedp.DefaultExecAllocatorOptions)],
		chromedp.ExecPath(path),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-domain-reliability", true),
		chromedp.Flag("lang", "ja"),
	)
	if os.Getuid() == 0 {
		opts = append(opts, chromedp.NoSandbox)
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting %s: %v", path, err)
	}
	return &Browser{ctx}
}

func find(names ...string) string {
	for _, n := range names {
		if p, err := exec.LookPath(n); err == nil {
			return p
		}
	}
	return ""
}

// patience is how long all the steps in one tab may take.
const patience = 3 * time.Minute

// Tab opens a tab of a new person with the screen s. Its context is for
// chromedp.Do and chromedp.Run.
func (b *Browser) Tab(t testing.TB, s Screen) context.Context {
	t.Helper()
	tab, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(tab, chromedp.EmulateViewport(s.Width, s.Height, touch(s))); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(tab, media(s), scripts(s)); err != nil {
		t.Fatal(err)
	}
	limited, stop := context.WithTimeout(tab, patience)
	t.Cleanup(stop)
	return limited
}

func touch(s Screen) chromedp.EmulateViewportOption {
	return func(p *emulation.SetDeviceMetricsOverrideParams, q *emulation.SetTouchEmulationEnabledParams) {
		p.Mobile, q.Enabled = s.Touch, s.Touch
	}
}

func media(s Screen) chromedp.Action[chromedp.Void] {
	scheme := "light"
	if s.Dark {
		scheme = "dark"
	}
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return err
	})
}

func scripts(s Screen) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: s.NoScript})
		return err
	})
}

// Site is what Serve can serve: a *fiber.App.
type Site interface {
	Listener(net.Listener) error
	Shutdown() error
}

// Serve serves site on a loopback port for the length of the test and returns its
// address, without a slash at its end.
func Serve(t testing.TB, site Site) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- site.Listener(l) }()
	t.Cleanup(func() {
		if err := site.Shutdown(); err != nil {
			t.Error(err)
		}
		<-done
	})
	return "http://127.0.0.1:" + strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// Shot keeps a picture of the whole page as name.png in the folder
// TSUNAGARI_SHOTS, for people to look at; without that folder it does nothing.
func Shot(t testing.TB, tab context.Context, name string) {
	t.Helper()
	dir := os.Getenv("TSUNAGARI_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Fatal(err)
	}
}
