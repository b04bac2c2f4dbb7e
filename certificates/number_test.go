package certificates

import "testing"

func TestYearMark(t *testing.T) {
	for date, want := range map[string]string{
		"2027-03-31": "R8", "2026-04-01": "R8", "2026-03-31": "R7", "2027-04-01": "R9",
		"2019-04-01": "R1", "2019-04-30": "R1", "2019-05-01": "R1", "2020-03-31": "R1", "2020-04-01": "R2",
		"2019-03-31": "H30", "2018-04-01": "H30",
		"2024-02-29": "R5", "2026-05-31": "R8", "2026-12-31": "R8", "2027-01-01": "R8",
	} {
		fy, err := FiscalYear(date)
		if err != nil {
			t.Fatal(err)
		}
		if got := YearMark(fy); got != want {
			t.Errorf("%s is in %s, not %s", date, got, want)
		}
	}
	if _, err := FiscalYear("令和8年"); err == nil {
		t.Error("no date, no error")
	}
}

func TestNumber(t *testing.T) {
	if got := formatNumber(2026, "012084", 1); got != "R8-012084-0001" {
		t.Error(got)
	}
	if got := formatNumber(2026, "001", 12345); got != "R8-001-12345" {
		t.Error(got)
	}
	for typed, want := range map[string]string{
		"R8-012084-0001":      "R8-012084-0001",
		"第R8-012084-0001号":    "R8-012084-0001",
		" r8 - 012084 - 0001": "R8-012084-0001",
		"Ｒ８－０１２０８４－０００１":      "R8-012084-0001",
		"第 Ｒ８ー００１‐０００１ 号":     "R8-001-0001",
		"R8−001−12345":        "R8-001-12345",
	} {
		if got, ok := ReadNumber(typed); !ok || got != want {
			t.Errorf("%q is read as %q, %v", typed, got, ok)
		}
	}
	for _, typed := range []string{"", "R8", "R8-01-0001", "R8-001-001", "X8-001-0001", "R8-001-0001'--", "山田花子"} {
		if got, ok := ReadNumber(typed); ok {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}
