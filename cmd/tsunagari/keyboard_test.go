package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tsunagari/views/browsertest"
)

// Somebody without a mouse or a touch screen reads, marks as read and answers.
func TestKeyboardAlone(t *testing.T) {
	b := browsertest.Start(t)
	s := start(t, "--data", t.TempDir(), "--no-backup")
	me := newSurfer(t, b, "http://"+s.addr)
	me.must(chromedp.Do(me.tab, chromedp.Navigate(me.base+"/")))
	me.enter("読んでみる")
	me.enter("読みました")
	if me.path() != "/courses/supporter/chigai" {
		t.Fatalf("the first lesson leads to %s", me.path())
	}
	me.must(chromedp.Do(me.tab, chromedp.Navigate(me.base+"/courses/supporter/shiru/check")))
	me.enter("はじめる")
	me.reach(`e => e.name === "a" || e.name === "p0" || e.name === "text" || e.matches(".moves button")`)
	me.must(chromedp.Do(me.tab, chromedp.KeyEvent(" ")))
	chosen, err := chromedp.Run(me.tab, chromedp.Evaluate[bool](`!!document.activeElement.checked || !document.activeElement.matches("[type=radio], [type=checkbox]")`))
	me.must(err)
	if !chosen {
		t.Error("the space bar does not choose an answer")
	}
	me.enter("答えをきめる")
	if say := text(me.page()); !strings.Contains(say, "説明") && !strings.Contains(say, "見てみましょう") && !strings.Contains(say, "そのとおり") && !strings.Contains(say, "あと少し") && !strings.Contains(say, "まだ答えていない") {
		t.Errorf("after confirming: %s", say)
	}
}

// enter walks with Tab to the link or button that says label, and presses Enter.
func (s *surfer) enter(label string) {
	s.t.Helper()
	s.reach(fmt.Sprintf(`e => e.matches("a, button") && e.textContent.includes(%q)`, label))
	_, err := chromedp.RunResponse(s.tab, chromedp.KeyEvent(kb.Enter))
	s.must(err)
}

// reach presses Tab until the focused element is the one, and sees that the focus
// can be seen.
func (s *surfer) reach(is string) {
	s.t.Helper()
	for range 80 {
		s.must(chromedp.Do(s.tab, chromedp.KeyEvent(kb.Tab)))
		there, err := chromedp.Run(s.tab, chromedp.Evaluate[bool](`(`+is+`)(document.activeElement)`))
		s.must(err)
		if there {
			seen, err := chromedp.Run(s.tab, chromedp.Evaluate[bool](`(() => {
				const e = document.activeElement, box = e.closest("label") || e;
				const shows = x => { const c = getComputedStyle(x); return c.outlineStyle !== "none" && parseFloat(c.outlineWidth) >= 2 || c.boxShadow !== "none"; };
				return shows(e) || shows(box);
			})()`))
			s.must(err)
			if !seen {
				s.t.Errorf("%s: the focus on %s cannot be seen", s.path(), is)
			}
			return
		}
	}
	s.t.Fatalf("%s: Tab never reaches %s", s.path(), is)
}
