package browsertest

import (
	"context"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Weight is what came over the line for a page.
type Weight struct {
	Requests int
	Bytes    int // headers and bodies, compressed
	URLs     []string
}

// Weigh counts what the browser fetches while steps run.
func Weigh(t testing.TB, tab context.Context, steps ...chromedp.Action[chromedp.Void]) Weight {
	t.Helper()
	var mu sync.Mutex
	var w Weight
	if err := chromedp.Listen(tab, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *network.EventRequestWillBeSent:
			w.Requests++
			w.URLs = append(w.URLs, ev.Request.URL)
		case *network.EventLoadingFinished:
			w.Bytes += int(ev.EncodedDataLength)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(tab, steps...); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	return w
}
