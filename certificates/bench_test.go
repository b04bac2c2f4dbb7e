//go:build unix

package certificates_test

import (
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"gorm.io/gorm"

	"tsunagari/certificates"
	"tsunagari/storage/storagetest"
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

// BenchmarkClassOf500 lets a class finish at once on PostgreSQL, and reports how
// many completions a second that is, and as a ratio to inserting them alone.
func BenchmarkClassOf500(b *testing.B) {
	w := newOffice(b, storagetest.Open(b, storagetest.Postgres(b)), certificates.Options{})
	w.must(w.db.Tx(ctx, func(tx *gorm.DB) error { return w.SetUp(tx, "つながり推進協議会", "admin") }))
	a := w.person("山田", "花子")
	class := func(issue bool) time.Duration {
		start := time.Now()
		var wg sync.WaitGroup
		for range 500 {
			wg.Go(func() {
				done := w.completion(a, "2026-11-23")
				err := w.db.Tx(ctx, func(tx *gorm.DB) error {
					if err := tx.Create(done).Error; err != nil || !issue {
						return err
					}
					return w.Issue(tx, done)
				})
				if err != nil {
					b.Error(err)
				}
			})
		}
		wg.Wait()
		return time.Since(start)
	}
	var alone, with time.Duration
	for b.Loop() {
		alone += class(false)
		with += class(true)
	}
	b.ReportMetric(500*float64(b.N)/with.Seconds(), "certificates/s")
	b.ReportMetric(alone.Seconds()/with.Seconds(), "ratio")
}
