package storagetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // sql.Open("pgx", …)

	"tsunagari/storage"
)

// ErrNoPostgres says that the machine has no PostgreSQL server.
var ErrNoPostgres = errors.New("no PostgreSQL server on this machine (initdb on PATH or in /usr/lib/postgresql/*/bin)")

// Cluster is a throwaway PostgreSQL server on loopback.
type Cluster struct {
	bin, dir string
	owner    *syscall.Credential // nil: the user of the test
	server   *exec.Cmd
	port     int
}

var (
	shared     *Cluster
	sharedErr  error
	sharedOnce sync.Once
	databases  atomic.Int64
)

// Postgres is the address of a new, migrated, empty database. The databases of
// one test binary are clones of one template in one cluster.
func Postgres(t testing.TB) string {
	t.Helper()
	sharedOnce.Do(func() { shared, sharedErr = startShared() })
	if errors.Is(sharedErr, ErrNoPostgres) {
		Missing(t, "%v", sharedErr)
	}
	if sharedErr != nil {
		t.Fatal(sharedErr)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	if err := shared.exec("CREATE DATABASE " + name + " TEMPLATE migrated STRATEGY wal_log"); err != nil {
		t.Fatal(err)
	}
	return shared.URL(name)
}

func startShared() (*Cluster, error) {
	c, err := NewCluster()
	if err != nil {
		return nil, err
	}
	if err := c.Start(); err != nil {
		return nil, errors.Join(err, c.Remove())
	}
	if err := c.exec("CREATE DATABASE migrated"); err != nil {
		return c, err
	}
	db, err := storage.Open(context.Background(), storage.Options{URL: c.URL("migrated")})
	if err != nil {
		return c, err
	}
	return c, errors.Join(db.Migrate(context.Background()), db.Close())
}

func stopPostgres() {
	if shared != nil {
		shared.Stop(syscall.SIGQUIT)
		shared.Remove()
	}
}

// NewCluster makes an empty cluster that is not started yet.
func NewCluster() (*Cluster, error) {
	bin, err := postgresBin()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "tsunagari-postgres-")
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, dir: dir}
	if os.Getuid() == 0 { // initdb refuses root
		if c.owner, err = someoneElse(); err != nil {
			return nil, err
		}
		if err := os.Chown(dir, int(c.owner.Uid), int(c.owner.Gid)); err != nil {
			return nil, err
		}
	}
	out, err := c.command("initdb", "-D", c.data(), "-U", "tsunagari", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	return c, nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// Start starts the server and returns once it answers. A cluster keeps its port.
func (c *Cluster) Start() error {
	for range 5 {
		if c.port == 0 {
			port, err := freePort()
			if err != nil {
				return err
			}
			c.port = port
		}
		c.server = c.command("postgres", "-D", c.data(), "-p", strconv.Itoa(c.port),
			"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
			"-c", "fsync=off", "-c", "max_connections=200", "-c", "shared_buffers=64MB")
		if err := c.server.Start(); err != nil {
			return err
		}
		if c.answers() {
			return nil
		}
		c.Stop(syscall.SIGQUIT)
		c.port = 0
	}
	return errors.New("PostgreSQL does not start")
}

func (c *Cluster) answers() bool {
	for range 200 {
		if c.exec("SELECT 1") == nil {
			return true
		}
		if c.server.Process.Signal(syscall.Signal(0)) != nil {
			return false
		}
		<-time.After(50 * time.Millisecond)
	}
	return false
}

// Stop ends the server: SIGQUIT is PostgreSQL's immediate shutdown, a crash.
func (c *Cluster) Stop(sig syscall.Signal) {
	if c.server != nil {
		c.server.Process.Signal(sig)
		c.server.Wait()
		c.server = nil
	}
}

// Remove deletes the cluster's files.
func (c *Cluster) Remove() error { return os.RemoveAll(c.dir) }

// URL is the address of one of the cluster's databases.
func (c *Cluster) URL(database string) string {
	return fmt.Sprintf("postgres://tsunagari@127.0.0.1:%d/%s?sslmode=disable", c.port, database)
}

func (c *Cluster) exec(statement string) error {
	db, err := sql.Open("pgx", c.URL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = dieWithParent(c.owner)
	return cmd
}

func postgresBin() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", ErrNoPostgres
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return major(a) - major(b) })
	return filepath.Dir(newest), nil
}

func major(path string) int {
	n, _ := strconv.Atoi(strings.Split(path, "/")[4])
	return n
}

func someoneElse() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
