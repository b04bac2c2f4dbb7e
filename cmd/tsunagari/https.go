package main

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	"gorm.io/gorm"

	"tsunagari/storage"
)

// certificatesFor obtains and renews the HTTPS certificate of domain by ACME.
// Who keeps the key: with SQLite the data folder, else the database, so that
// every instance can answer the challenge.
func certificatesFor(domain string, d *database, db *storage.DB) *autocert.Manager {
	m := &autocert.Manager{Prompt: autocert.AcceptTOS, HostPolicy: autocert.HostWhitelist(domain)}
	if db.Postgres() {
		m.Cache = keys{db}
	} else {
		m.Cache = autocert.DirCache(filepath.Join(d.Data, "https"))
	}
	return m
}

// secure speaks HTTPS on l. The web server has no HTTP/2.
func secure(l net.Listener, m *autocert.Manager) net.Listener {
	return tls.NewListener(l, &tls.Config{
		GetCertificate: m.GetCertificate,
		NextProtos:     []string{"http/1.1", acme.ALPNProto},
		MinVersion:     tls.VersionTLS12,
	})
}

// redirector answers plain HTTP: ACME's challenges, and everybody else with the
// same address under https.
func redirector(domain string, m *autocert.Manager) *http.Server {
	redirect := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "Use HTTPS", http.StatusBadRequest)
			return
		}
		http.Redirect(w, r, "https://"+domain+r.URL.RequestURI(), http.StatusMovedPermanently)
	})
	return &http.Server{
		Handler: m.HTTPHandler(redirect), ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
		MaxHeaderBytes: 16 << 10, ErrorLog: log.New(io.Discard, "", 0), // its lines hold addresses
	}
}

// keys keeps what autocert keeps in the table settings.
type keys struct{ db *storage.DB }

func (k keys) Get(ctx context.Context, name string) ([]byte, error) {
	value, err := storage.Setting(k.db.Read(ctx), "https:"+name)
	if err == nil && value == "" {
		err = autocert.ErrCacheMiss
	}
	return []byte(value), err
}

func (k keys) Put(ctx context.Context, name string, data []byte) error {
	return k.db.Tx(ctx, func(tx *gorm.DB) error { return storage.SetSetting(tx, "https:"+name, string(data)) })
}

func (k keys) Delete(ctx context.Context, name string) error {
	return k.db.Tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM settings WHERE name = ?", "https:"+name).Error
	})
}

// serveRedirects runs the redirector until ctx ends.
func serveRedirects(ctx context.Context, l net.Listener, s *http.Server) error {
	stop := context.AfterFunc(ctx, func() { s.Close() })
	defer stop()
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
