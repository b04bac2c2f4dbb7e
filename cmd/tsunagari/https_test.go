package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/acme/autocert"

	"tsunagari/storage"
	"tsunagari/storage/storagetest"
)

func TestHTTPSKeys(t *testing.T) {
	storagetest.Run(t, func(t *testing.T, db *storage.DB) {
		d := &database{Data: t.TempDir()}
		cache := certificatesFor("a.example.jp", d, db).Cache
		if _, err := cache.Get(ctx, "a.example.jp"); !errors.Is(err, autocert.ErrCacheMiss) {
			t.Errorf("nothing kept: %v", err)
		}
		for _, want := range []string{"first", "second"} {
			if err := cache.Put(ctx, "a.example.jp", []byte(want)); err != nil {
				t.Fatal(err)
			}
			if got, err := cache.Get(ctx, "a.example.jp"); string(got) != want || err != nil {
				t.Errorf("got %q %v", got, err)
			}
		}
		if err := cache.Delete(ctx, "a.example.jp"); err != nil {
			t.Fatal(err)
		}
		if _, err := cache.Get(ctx, "a.example.jp"); !errors.Is(err, autocert.ErrCacheMiss) {
			t.Errorf("deleted: %v", err)
		}
	})
}

func TestOnlyOurDomain(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	m := certificatesFor("a.example.jp", &database{Data: t.TempDir()}, db)
	if err := m.HostPolicy(ctx, "b.example.jp"); err == nil {
		t.Error("a certificate for any name")
	}
	if err := m.HostPolicy(ctx, "a.example.jp"); err != nil {
		t.Error(err)
	}
}

func TestRedirectToHTTPS(t *testing.T) {
	db := storagetest.Open(t, storagetest.SQLite(t))
	h := redirector("a.example.jp", certificatesFor("a.example.jp", &database{Data: t.TempDir()}, db)).Handler
	for _, c := range []struct {
		method, path, host string
		status             int
		location           string
	}{
		{"GET", "/verify/R8-001-0001?a=b", "a.example.jp", 301, "https://a.example.jp/verify/R8-001-0001?a=b"},
		{"GET", "/", "evil.example.com", 301, "https://a.example.jp/"},
		{"GET", "//evil.example.com/x", "a.example.jp", 301, "https://a.example.jp//evil.example.com/x"},
		{"POST", "/signin/card", "a.example.jp", 400, ""},
		{"GET", "/.well-known/acme-challenge/none", "a.example.jp", 404, ""},
	} {
		req := httptest.NewRequest(c.method, "http://"+c.host+"/", nil)
		req.URL.Path, req.RequestURI = c.path, c.path
		if u, err := req.URL.Parse(c.path); err == nil && u.Host == c.host {
			req.URL = u
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != c.status || w.Header().Get("Location") != c.location {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Header().Get("Location"))
		}
	}
}

// A site with a certificate in its data folder speaks HTTPS, and nothing else.
func TestServeHTTPS(t *testing.T) {
	data := t.TempDir()
	roots := selfSigned(t, "a.example.jp", filepath.Join(data, "https", "a.example.jp"))
	s := start(t, "--data", data, "--domain=a.example.jp", "--http-addr=127.0.0.1:0")
	client := &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			TLSClientConfig:   &tls.Config{RootCAs: roots, ServerName: "a.example.jp"},
			ForceAttemptHTTP2: true,
		},
	}
	defer client.CloseIdleConnections()
	res, err := client.Get("https://" + s.addr + "/livez")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 || res.Header.Get("Strict-Transport-Security") == "" || res.ProtoMajor != 1 {
		t.Errorf("%s %v", res.Status, res.Header)
	}
	res, err = client.Get("http://" + s.plain + "/help")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 301 || res.Header.Get("Location") != "https://a.example.jp/help" {
		t.Errorf("plain HTTP: %s %s", res.Status, res.Header.Get("Location"))
	}
	if _, err := tls.Dial("tcp", s.addr, &tls.Config{RootCAs: roots, ServerName: "b.example.jp"}); err == nil {
		t.Error("another name was answered")
	}
	s.stop()
}

// selfSigned writes a certificate as autocert keeps it.
func selfSigned(t *testing.T, name, file string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(80 * 24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	kept := append(pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, kept, 0o600); err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return roots
}
