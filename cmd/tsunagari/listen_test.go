package main

import (
	"net"
	"strings"
	"testing"
)

func TestReach(t *testing.T) {
	for addr, want := range map[string]string{
		"127.0.0.1:8080":   "http://127.0.0.1:8080",
		"192.168.1.5:8081": "http://192.168.1.5:8081",
		"[::1]:80":         "http://[::1]:80",
	} {
		at, err := net.ResolveTCPAddr("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if here, network := reach(at); here != want || len(network) > 0 {
			t.Errorf("%s: %s %v", addr, here, network)
		}
	}
	here, network := reach(&net.TCPAddr{IP: net.IPv6unspecified, Port: 8080})
	if here != "http://localhost:8080" || len(network) != len(privateAddresses()) {
		t.Errorf("everywhere: %s %v", here, network)
	}
	for _, a := range network {
		if !strings.HasSuffix(a, ":8080") || strings.Contains(a, "127.0.0.1") {
			t.Errorf("in the network: %s", a)
		}
	}
}

// Without a public address, what is printed on paper leads to this machine.
func TestBase(t *testing.T) {
	at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	for want, s := range map[string]serveCommand{
		"http://127.0.0.1:8080": {},
		"https://a.example.jp":  {Domain: "a.example.jp"},
		"https://b.example.jp":  {Domain: "a.example.jp", BaseURL: "https://b.example.jp"},
	} {
		if got := s.base(at); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
