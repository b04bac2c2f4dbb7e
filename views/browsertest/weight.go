package browsertest

import (
	"context"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Weight is what came over the line for a page: what the browser has in its cache
// and does not ask for again is no part of it.
type Weight struct {
	Requests int
	Bytes    int // headers and bodies, compressed
	URLs     []string
}

// Weigh weighs what the browser fetches while steps run.
func Weigh(t testing.TB, tab context.Context, steps ...chromedp.Action[chromedp.Void]) Weight {
	t.Helper()
	var mu sync.Mutex
	asked, sizes := map[network.RequestID]string{}, map[network.RequestID]int{}
	if err := chromedp.Listen(tab, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *network.EventRequestWillBeSent:
			asked[ev.RequestID] = ev.Request.URL
		case *network.EventRequestServedFromCache:
			delete(asked, ev.RequestID)
		case *network.EventResponseReceived:
			if ev.Response.FromDiskCache {
				delete(asked, ev.RequestID)
			}
		case *network.EventLoadingFinished:
			sizes[ev.RequestID] = int(ev.EncodedDataLength)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(tab, steps...); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	var w Weight
	for id, url := range asked {
		w.Requests++
		w.URLs = append(w.URLs, url)
		w.Bytes += sizes[id]
	}
	return w
}
