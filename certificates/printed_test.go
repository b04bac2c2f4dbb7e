package certificates

import "testing"

// Hashes that were printed or written down hold for ever: this one may never change.
func TestSumNeverChanges(t *testing.T) {
	p := Printed{
		Number: "R8-012084-0001", Name: "髙﨑　𠮷子", Kana: "たかさき　よしこ", Statement: "あなたは\n<講座> & \"引用\"の\n所定の課程を修了されましたので\nこれを証します",
		Course: "<講座> & \"引用\"", Revision: 2, CompletedOn: "2026-11-23", IssuedOn: "2026-11-23", Issuer: "北見市", Office: "北見市長", Person: "見本　太郎", Seal: SealOmitted,
	}
	const want = `{"completed_on":"2026-11-23","course":"<講座> & \"引用\"","issued_on":"2026-11-23","issuer":"北見市",` +
		`"kana":"たかさき　よしこ","name":"髙﨑　𠮷子","number":"R8-012084-0001","office":"北見市長","person":"見本　太郎",` +
		`"revision":2,"salt":"aaaabbbbccccdddd2222333344","seal":"omitted",` +
		`"statement":"あなたは\n<講座> & \"引用\"の\n所定の課程を修了されましたので\nこれを証します"}`
	if got, err := canonical(p, "aaaabbbbccccdddd2222333344"); err != nil || string(got) != want {
		t.Errorf("%s, %v", got, err)
	}
	const sum = "3ed9c2de7b642415cf6cf0855734c2dc89b0913ef7c282a1b257f55a7a32991c"
	if got, err := p.Sum("aaaabbbbccccdddd2222333344"); err != nil || got != sum {
		t.Errorf("%s, %v", got, err)
	}
	kept, err := p.Value()
	var back Printed
	if err != nil || back.Scan(kept) != nil || back != p {
		t.Errorf("%v is read back as %+v, %v", kept, back, err)
	}
	if back.Scan(42) == nil {
		t.Error("a number is no certificate")
	}
}
