package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"testing"

	"tsunagari/storage/storagetest"
)

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "1" {
		main()
		return
	}
	storagetest.Main(m)
}

var (
	ctx   = context.Background()
	quiet = slog.New(slog.DiscardHandler)
)

// ran runs a command to its end and gives what it printed.
func ran(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, nil, &out, &out)
	return out.String(), err
}

func must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := ran(t, args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}
