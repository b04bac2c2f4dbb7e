package paper

import (
	"crypto/sha256"
	"fmt"
	"testing"
)

// The font is its makers' own file: what it may be called and who may pass it on
// depends on that.
func TestFontIsUnmodified(t *testing.T) {
	if got := fmt.Sprintf("%x", sha256.Sum256(serif().data)); got != "5a04846a0e23acefae825f2f459205036a166f5a63462019ce3492d07bd20e92" {
		t.Errorf("SHA-256 is %s", got)
	}
}

// BenchmarkOpenFont is what the first certificate or name to be checked waits for.
func BenchmarkOpenFont(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		data, err := unpack(notoSerif)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := readFont(data); err != nil {
			b.Fatal(err)
		}
	}
}
