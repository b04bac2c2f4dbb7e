package views

import (
	"net/url"
	"strings"
	"testing"
)

func TestReadingSurvivesItsCookie(t *testing.T) {
	for _, size := range []string{"", "l", "x"} {
		for i := range 4 {
			r := Reading{Size: size, Furigana: i&1 > 0, Easy: i&2 > 0}
			if got := parseReading(r.String()); got != r {
				t.Errorf("%+v became %+v", r, got)
			}
		}
	}
	if r := parseReading("<script>~何か"); r != (Reading{}) && r.Size == "" {
		t.Errorf("%+v", r)
	}
}

func TestReadingForm(t *testing.T) {
	for _, c := range []struct {
		was  Reading
		in   readingForm
		want Reading
	}{
		{Reading{}, readingForm{Size: "x"}, Reading{Size: "x"}},
		{Reading{Size: "x", Easy: true}, readingForm{Size: "s"}, Reading{Easy: true}},
		{Reading{Size: "l"}, readingForm{Size: "<b>"}, Reading{Size: "l"}},
		{Reading{}, readingForm{Easy: "on"}, Reading{Easy: true, Furigana: true}},
		{Reading{}, readingForm{Easy: "on", Furigana: "off"}, Reading{Easy: true, Furigana: true}},
		{Reading{Easy: true, Furigana: true}, readingForm{Furigana: "off"}, Reading{Easy: true}},
		{Reading{Easy: true}, readingForm{Easy: "on", Furigana: "off"}, Reading{Easy: true}},
		{Reading{Easy: true, Furigana: true}, readingForm{Easy: "off"}, Reading{Furigana: true}},
	} {
		if got := c.was.apply(c.in); got != c.want {
			t.Errorf("%+v and %+v: %+v, want %+v", c.was, c.in, got, c.want)
		}
	}
}

func TestSettingsWithoutScript(t *testing.T) {
	app := readyHouse(t).app
	res, _ := do(t, app, send("/settings", url.Values{"size": {"l"}, "back": {"/help"}}))
	if res.StatusCode != 303 || res.Header.Get("Location") != "/help" {
		t.Fatal(res.StatusCode, res.Header)
	}
	c := res.Cookies()[0]
	if _, body := do(t, app, ask("/help", c.Name+"="+c.Value)); !strings.Contains(body, `<html lang="ja" class="size-l">`) {
		t.Error(body[:200])
	}
	res, _ = do(t, app, send("/settings", url.Values{"furigana": {"on"}, "back": {"//evil.example"}}, c.Name+"="+c.Value))
	if res.Header.Get("Location") != "/settings" || res.Cookies()[0].Value != "lf" {
		t.Error(res.Header)
	}
}
