//go:build unix

package certificates_test

import (
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"tsunagari/certificates"
)

func BenchmarkCertificateA4(b *testing.B)   { benchmark(b, certificates.A4) }
func BenchmarkCertificateCard(b *testing.B) { benchmark(b, certificates.Card) }

// benchmark prints certificates that differ, so that none is taken from memory.
func benchmark(b *testing.B, form certificates.Form) {
	w := newDesk(b, certificates.Options{})
	cert := w.certificate(w.person("髙﨑", "𠮷子"), "2026-11-23")
	size, before := 0, cpu()
	for i := 0; b.Loop(); i++ {
		other := *cert
		other.Printed.Number = fmt.Sprintf("R8-001-%04d", i)
		pdf, err := w.PDF(ctx, &other, form, helplines)
		if err != nil {
			b.Fatal(err)
		}
		size = len(pdf)
	}
	b.ReportMetric(float64(cpu()-before)/float64(time.Millisecond)/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(size), "bytes")
}

func BenchmarkCertificateSVG(b *testing.B) {
	w := newDesk(b, certificates.Options{})
	cert := w.certificate(w.person("髙﨑", "𠮷子"), "2026-11-23")
	size := 0
	for i := 0; b.Loop(); i++ {
		other := *cert
		other.Printed.Number = fmt.Sprintf("R8-001-%04d", i)
		svg, err := w.SVG(ctx, &other, certificates.A4)
		if err != nil {
			b.Fatal(err)
		}
		size = len(svg)
	}
	b.ReportMetric(float64(size), "bytes")
}

// BenchmarkCertificatesAtOnce reports the most memory in use while eight people
// download together.
func BenchmarkCertificatesAtOnce(b *testing.B) {
	w := newDesk(b, certificates.Options{})
	cert := w.certificate(w.person("髙﨑", "𠮷子"), "2026-11-23")
	var peak, now runtime.MemStats
	for i := 0; b.Loop(); i++ {
		var wg sync.WaitGroup
		for j := range 8 {
			wg.Go(func() {
				other := *cert
				other.Printed.Number = fmt.Sprintf("R8-%03d-%04d", j, i)
				if _, err := w.PDF(ctx, &other, certificates.A4, nil); err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		if runtime.ReadMemStats(&now); now.HeapInuse > peak.HeapInuse {
			peak = now
		}
	}
	b.ReportMetric(float64(peak.HeapInuse)/(1<<20), "MiB-heap")
}

// cpu is the processor time that this process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
