package browsertest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Weight is what came over the line for a page or a way of several: what the browser
// has in its cache and does not ask for again is no part of it.
type Weight struct {
	Requests int
	Bytes    int // headers and bodies, compressed
	URLs     []string
}

// Weigh weighs what the browser fetches while steps run.
func Weigh(t testing.TB, tab context.Context, steps ...chromedp.Action[chromedp.Void]) Weight {
	t.Helper()
	weight := Scales(t, tab)
	if err := chromedp.Do(tab, steps...); err != nil {
		t.Fatal(err)
	}
	return weight()
}

// Scales weighs everything that the tab fetches from now on; what it returns says
// how much that is so far.
func Scales(t testing.TB, tab context.Context) func() Weight {
	t.Helper()
	s := scales{asked: map[network.RequestID]string{}, sizes: map[network.RequestID]int{}}
	if err := chromedp.Listen(tab, s.take); err != nil {
		t.Fatal(err)
	}
	return s.weight
}

type scales struct {
	mu        sync.Mutex
	asked     map[network.RequestID]string
	sizes     map[network.RequestID]int
	redirects Weight // a redirect and where it leads have one id
}

func (s *scales) take(ev any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if r := ev.RedirectResponse; r != nil {
			s.redirects.Requests++
			s.redirects.Bytes += int(r.EncodedDataLength)
			s.redirects.URLs = append(s.redirects.URLs, r.URL)
		}
		s.asked[ev.RequestID] = ev.Request.URL
	case *network.EventRequestServedFromCache:
		delete(s.asked, ev.RequestID)
	case *network.EventResponseReceived:
		if ev.Response.FromDiskCache {
			delete(s.asked, ev.RequestID)
		}
	case *network.EventLoadingFinished:
		s.sizes[ev.RequestID] = int(ev.EncodedDataLength)
	}
}

func (s *scales) weight() Weight {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.redirects
	w.URLs = slices.Clone(w.URLs)
	for id, url := range s.asked {
		w.Requests++
		w.URLs = append(w.URLs, url)
		w.Bytes += s.sizes[id]
	}
	return w
}
