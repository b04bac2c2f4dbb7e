// Command tsunagari trains and certifies つながりサポーター. It wires the rooms and
// starts them; it is the only place that reads the environment.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], environment(), os.Stdout, os.Stderr)
	switch {
	case err == nil:
	case errors.Is(err, errFaulty): // the faults are printed already
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, "tsunagari:", explain(err))
		os.Exit(1)
	}
}

// program is what a command has of the world around it.
type program struct {
	stdout, stderr io.Writer
	env            map[string]string
}

// run is the program without its process: it reads args and env, works until it
// is done or ctx ends, and says what a person should know on stdout and stderr.
func run(ctx context.Context, args []string, env map[string]string, stdout, stderr io.Writer) error {
	cmd, err := parse(args, env, stdout, stderr)
	if err != nil || cmd == nil {
		return err
	}
	return cmd.run(ctx, &program{stdout: stdout, stderr: stderr, env: env})
}

func environment() map[string]string {
	env := map[string]string{}
	for _, line := range os.Environ() {
		name, value, _ := strings.Cut(line, "=")
		env[name] = value
	}
	return env
}
