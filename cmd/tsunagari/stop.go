package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

// stopIn is how long open requests may take to end.
const stopIn = 25 * time.Second

// silent knows the connections that have not asked for anything yet. Browsers open
// some in advance, and fasthttp would wait for them until the time-out when it stops.
type silent struct {
	mu       sync.Mutex
	open     map[net.Conn]bool
	stopping bool
}

// watch is fasthttp's ConnState.
func (s *silent) watch(c net.Conn, state fasthttp.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case state != fasthttp.StateNew:
		delete(s.open, c)
	case s.stopping:
		c.Close()
	default:
		s.open[c] = true
	}
}

func (s *silent) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
	for c := range s.open {
		c.Close()
	}
}

// stoppable gives app a way to stop: no new requests, and the open ones end. It is
// called before app listens on l.
func stoppable(app *fiber.App, l net.Listener) (stop func() error) {
	s := &silent{open: map[net.Conn]bool{}}
	app.Server().ConnState = s.watch
	return func() error {
		l.Close() // also where it had not begun to serve yet
		s.close()
		err := app.ShutdownWithTimeout(stopIn)
		switch {
		case errors.Is(err, context.DeadlineExceeded):
			return fmt.Errorf("some requests did not end within %s", stopIn)
		case errors.Is(err, net.ErrClosed):
			return nil
		}
		return err
	}
}
