package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"syscall"
)

// listen opens the address, or says in one sentence why it cannot.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("another program uses %s already (choose another address with --addr, as --addr :8081)", addr)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("%s may not be opened without more rights (ports below 1024 need CAP_NET_BIND_SERVICE, or choose --addr :8080)", addr)
	}
	return nil, fmt.Errorf("%s cannot be opened: %w", addr, err)
}

// reach is where people find a server that listens on addr without a name of its
// own: on this machine, and in the local network.
func reach(addr net.Addr) (here string, network []string) {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok {
		return "http://" + addr.String(), nil
	}
	at := func(host string) string {
		u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, fmt.Sprint(tcp.Port))}
		return u.String()
	}
	if !tcp.IP.IsUnspecified() {
		return at(tcp.IP.String()), nil
	}
	for _, ip := range privateAddresses() {
		network = append(network, at(ip.String()))
	}
	return at("localhost"), network
}

// privateAddresses are the IPv4 addresses of this machine in local networks.
func privateAddresses() []net.IP {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil // then the address of this machine has to do
	}
	var ips []net.IP
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsPrivate() {
			ips = append(ips, n.IP)
		}
	}
	slices.SortFunc(ips, func(a, b net.IP) int { return slices.Compare(a.To4(), b.To4()) })
	return ips
}
