package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

var (
	buildOnce sync.Once
	built     string
	buildErr  error
)

// binary is the program, built once for all tests of this package.
func binary(t *testing.T) string {
	t.Helper()
	buildOnce.Do(func() {
		dir, err := os.MkdirTemp("", "tsunagari-test-")
		if err != nil {
			buildErr = err
			return
		}
		built = filepath.Join(dir, "tsunagari")
		out, err := exec.Command("go", "build", "-o", built, ".").CombinedOutput()
		if err != nil {
			t.Logf("%s", out)
		}
		buildErr = err
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return built
}

func removeBinary() {
	if built != "" {
		os.RemoveAll(filepath.Dir(built))
	}
}

// child is the program as a process of its own, which keeps its address when it is
// started again.
type child struct {
	t     *testing.T
	args  []string
	addr  string
	cmd   *exec.Cmd
	log   *output
	ended chan struct{}
}

func newChild(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{t: t, args: append([]string{"serve", "--no-backup"}, args...), addr: "127.0.0.1:0"}
	c.start()
	t.Cleanup(func() { c.end(syscall.SIGKILL) })
	return c
}

func (c *child) start() {
	c.log, c.ended = newOutput(), make(chan struct{})
	c.cmd = exec.CommandContext(context.Background(), binary(c.t), append(c.args, "--addr", c.addr)...)
	c.cmd.Stderr = c.log
	if err := c.cmd.Start(); err != nil {
		c.t.Error(err)
		return
	}
	go func(cmd *exec.Cmd, ended chan struct{}) {
		defer close(ended)
		cmd.Wait()
	}(c.cmd, c.ended)
	addr := c.log.find(listening, c.ended)
	if addr == "" {
		c.t.Errorf("the program does not start:\n%s", c.log)
		return
	}
	if c.addr == "127.0.0.1:0" {
		c.addr = addr
	}
}

// end sends the signal and waits until the process is gone.
func (c *child) end(sig syscall.Signal) {
	c.cmd.Process.Signal(sig)
	<-c.ended
}
