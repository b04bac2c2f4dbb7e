package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// asProgram in the environment makes the test binary the program itself, so that a
// test can kill it as a process of its own.
const asProgram = "RUN_AS_TSUNAGARI"

// child is the program as a process of its own, which keeps its address when it is
// started again.
type child struct {
	t     testing.TB
	args  []string
	addr  string
	cmd   *exec.Cmd
	log   *output
	ended chan struct{}
}

func newChild(t testing.TB, args ...string) *child {
	t.Helper()
	c := &child{t: t, args: append([]string{"serve", "--no-backup"}, args...), addr: "127.0.0.1:0"}
	c.start()
	t.Cleanup(func() { c.end(syscall.SIGKILL) })
	return c
}

func (c *child) start() {
	c.log, c.ended = newOutput(), make(chan struct{})
	c.cmd = exec.Command(os.Args[0], append(c.args, "--addr", c.addr)...)
	c.cmd.Env = append(os.Environ(), asProgram+"=1")
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
