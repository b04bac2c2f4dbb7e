package views

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"tsunagari/views/browsertest"
)

// voices stands in for a phone with a Japanese voice: it remembers what it was
// told to say and is finished at once, but for the last three sentences.
const voices = `(() => {
	window.said = [];
	Object.defineProperty(window, "SpeechSynthesisUtterance", {value: function (text) { this.text = text; }});
	Object.defineProperty(window, "speechSynthesis", {value: {
		getVoices: () => [{lang: "en-US"}, {lang: "ja-JP", localService: true}],
		addEventListener() {},
		cancel() { window.cancelled = true; },
		speak(u) { said.push(u.text); if (said.length < 4) u.onend(); },
	}});
})()`

func withVoices(ctx context.Context, tab *chromedp.Target) error {
	_, err := cdp.Call(ctx, tab, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: voices})
	return err
}

func TestReadAloud(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, New(courseDeps(t)))
	tab := b.Tab(t, browsertest.Phone)
	if err := chromedp.Do(tab, chromedp.Func(withVoices), cookie(at, readingCookie, "f"),
		chromedp.Navigate(at+"/courses/supporter/chigai"), chromedp.Click(chromedp.CSS(".speak"))); err != nil {
		t.Fatal(err)
	}
	said, err := chromedp.Run(tab, chromedp.Evaluate[[]string](`said`))
	if err != nil || len(said) != 4 {
		t.Fatal(said, err)
	}
	if !strings.Contains(said[0], "「孤独」と「孤立」") || slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "こどく") || strings.Contains(s, "（") }) {
		t.Errorf("furigana was read: %q", said)
	}
	if label, err := chromedp.Run(tab, chromedp.Text(chromedp.CSS(".speak"))); err != nil || !strings.Contains(label, "止める") {
		t.Error(label, err)
	}
	if err := chromedp.Do(tab, chromedp.Evaluate[chromedp.Void](`cancelled = false`), chromedp.Click(chromedp.CSS(".speak"))); err != nil {
		t.Fatal(err)
	}
	if stopped, err := chromedp.Run(tab, chromedp.Evaluate[bool](`cancelled`)); err != nil || !stopped {
		t.Error("it went on reading", err)
	}
}

func TestNoVoiceNoButton(t *testing.T) {
	b := browsertest.Start(t)
	at := browsertest.Serve(t, New(courseDeps(t)))
	tab := b.Tab(t, browsertest.Phone)
	if err := chromedp.Do(tab, chromedp.Navigate(at+"/courses/supporter/naze")); err != nil {
		t.Fatal(err)
	}
	none, err := chromedp.Run(tab, chromedp.Evaluate[bool](`!speechSynthesis.getVoices().some(v => /^ja/.test(v.lang)) && !document.querySelector(".speak")`))
	if err != nil || !none {
		t.Error("a button that says nothing", err)
	}
}
