package certificates

import (
	"bytes"
	"container/list"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"runtime"
	"strings"
	"sync"

	"tsunagari/certificates/paper"
	"tsunagari/storage"
)

// PDF prints a certificate. lines are the 相談窓口 on the back of the card. The
// same row and lines give the same bytes for one version of the program.
func (c *Certificates) PDF(ctx context.Context, cert *Certificate, form Form, lines []string) ([]byte, error) {
	s, err := c.sheet(ctx, cert, lines)
	if err != nil {
		return nil, err
	}
	return c.press.print(ctx, s, form, "pdf", func(d *paper.Document) ([]byte, error) { return d.PDF() })
}

// SVG is a certificate as it prints, for a web page: A4, or Front for the card.
func (c *Certificates) SVG(ctx context.Context, cert *Certificate, form Form) ([]byte, error) {
	s, err := c.sheet(ctx, cert, nil)
	if err != nil {
		return nil, err
	}
	return c.press.print(ctx, s, form, "svg", svg)
}

func svg(d *paper.Document) ([]byte, error) {
	var b bytes.Buffer
	err := d.SVG(&b, 0)
	return b.Bytes(), err
}

// sheet is what goes on paper for a row.
func (c *Certificates) sheet(ctx context.Context, cert *Certificate, lines []string) (*sheet, error) {
	if cert.Code == nil {
		return nil, ErrErased
	}
	s := &sheet{
		Printed: cert.Printed, lines: lines, specimen: c.options.Specimen,
		verify: withoutScheme(c.VerifyURL(cert.Number)), qr: c.CodeURL(*cert.Code),
	}
	return s, c.loadSeal(ctx, s)
}

func (c *Certificates) loadSeal(ctx context.Context, s *sheet) error {
	if s.SealSHA256 == "" {
		return nil
	}
	m, err := c.db.Medium(ctx, s.SealSHA256)
	if err == nil {
		s.seal = m.Content
	}
	return err
}

// VerifyURL is the address that verifies a number, without any name.
func (c *Certificates) VerifyURL(number string) string {
	return strings.TrimSuffix(c.options.BaseURL, "/") + "/verify/" + number
}

// CodeURL is the address in the QR. It is a secret of the holder.
func (c *Certificates) CodeURL(code string) string {
	return strings.TrimSuffix(c.options.BaseURL, "/") + "/v/" + code
}

// Sample prints how a certificate of the operator (or, before the set-up, of
// nobody) will look, marked 見本, with a number that is never given. The first space
// of a name is printed as wide as on a certificate. A name that cannot be printed
// is refused with a *paper.UnprintableError.
func (c *Certificates) Sample(ctx context.Context, name, kana string, form Form) ([]byte, error) {
	if err := paper.Check(name + kana); err != nil {
		return nil, err
	}
	on := today(c.db.Now())
	_, profile, err := signing(c.db.Read(ctx), on, false, "kind = ?", Operator)
	if errors.Is(err, storage.ErrNotFound) {
		profile, err = &Profile{Name: "（発行者の名前）", Seal: NoSeal, Idiom: Friendly}, nil
	}
	if err != nil {
		return nil, err
	}
	fiscalYear, err := FiscalYear(on)
	if err != nil {
		return nil, err
	}
	p := facts("つながりサポーター養成講座", 1, profile, on, on)
	p.Number = formatNumber(fiscalYear, "000", 0)
	p.Name, p.Kana = strings.Replace(name, " ", "　", 1), strings.Replace(kana, " ", "　", 1)
	s := &sheet{Printed: p, specimen: true, verify: withoutScheme(c.VerifyURL(p.Number)), qr: c.VerifyURL(p.Number)}
	if err := c.loadSeal(ctx, s); err != nil {
		return nil, err
	}
	return s.draw(form).PDF()
}

// press draws at most as many papers at once as the machine has cores but one,
// and keeps the last few: a class downloads together, and pages show what is then
// downloaded.
type press struct {
	free chan struct{}

	mu    sync.Mutex
	kept  map[[32]byte]*list.Element
	order *list.List // newest first
}

type proof struct {
	key  [32]byte
	file []byte
}

const keptProofs = 64 // of about 40 KB

func newPress() *press {
	return &press{
		free: make(chan struct{}, max(1, runtime.NumCPU()-1)),
		kept: map[[32]byte]*list.Element{}, order: list.New(),
	}
}

func (p *press) print(ctx context.Context, s *sheet, form Form, kind string, render func(*paper.Document) ([]byte, error)) ([]byte, error) {
	facts, err := json.Marshal([]any{s.Printed, s.verify, s.qr, s.lines, s.specimen, form, kind})
	if err != nil {
		return nil, err
	}
	key := sha256.Sum256(facts)
	if file, ok := p.find(key); ok {
		return file, nil
	}
	if err := p.wait(ctx); err != nil {
		return nil, err
	}
	defer p.done()
	file, err := render(s.draw(form))
	if err == nil {
		p.keep(key, file)
	}
	return file, err
}

// wait is for a free core to draw with, given back by done; an error says that
// whoever asked has left.
func (p *press) wait(ctx context.Context) error {
	select {
	case p.free <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := ctx.Err(); err != nil {
		p.done()
		return err
	}
	return nil
}

func (p *press) done() { <-p.free }

func (p *press) find(key [32]byte) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e, ok := p.kept[key]
	if !ok {
		return nil, false
	}
	p.order.MoveToFront(e)
	return e.Value.(proof).file, true
}

func (p *press) keep(key [32]byte, file []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.kept[key]; ok {
		return
	}
	p.kept[key] = p.order.PushFront(proof{key, file})
	for p.order.Len() > keptProofs {
		delete(p.kept, p.order.Remove(p.order.Back()).(proof).key)
	}
}

// clear forgets all papers, as when somebody was erased.
func (p *press) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept, p.order = map[[32]byte]*list.Element{}, list.New()
}
