package courses

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"regexp"
	"strings"
	"testing"

	"tsunagari/courses/curriculum"
	"tsunagari/courses/questions"
)

func TestOpenDocument(t *testing.T) {
	document := documentOf(t, readFixture(t))
	rev, err := OpenDocument("rev", 3, []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(document))
	if rev.ID != "rev" || rev.Number != 3 || rev.Slug != "tameshi" || rev.SHA256 != hex.EncodeToString(sum[:]) || !rev.Supporters || rev.Closing.Rule != Understood {
		t.Errorf("revision %+v", rev)
	}
	m := rev.Modules[0]
	if m.ID != "hito" || m.Check != 3 || len(m.Goals) != 2 || len(m.Questions) != 3 || m.Questions[0].Module != "hito" {
		t.Errorf("module %+v", m)
	}
	first, second := m.Lessons[0], m.Lessons[1]
	if !first.HasActivities || second.HasActivities || !first.HasEasy || first.Minutes < 2 || second.Minutes != 1 {
		t.Errorf("lessons %+v and %+v", first.Minutes, second.Minutes)
	}
	if got := rev.HTML(Reading{Easy: true}); got != "<p>はじめのことばです。</p>\n" {
		t.Errorf("introduction %s", got)
	}
	if got := m.HTML(Reading{}); got != "<p>ようこそ。</p>\n" {
		t.Errorf("welcome %s", got)
	}
	again, err := OpenDocument("rev", 3, []byte(document))
	if err != nil || again.Modules[0].Lessons[0].HTML(Reading{}) != first.HTML(Reading{}) {
		t.Errorf("opened twice, it differs: %v", err)
	}
}

func TestOpenDocumentRefuses(t *testing.T) {
	document := documentOf(t, readFixture(t))
	for name, broken := range map[string]string{
		"no JSON":          document[:len(document)/2],
		"another document": `{"a":1}`,
		"fault in a text":  strings.Replace(document, "つぎの本文です。", "<b>つぎの本文です。", 1),
		"lesson lost":      strings.Replace(document, `"lesson":"tsugi"`, `"lesson":"yama"`, 1),
		"empty question":   strings.Replace(document, `"questions":[{`, `"questions":[null,{`, 1),
		"too large":        strings.Repeat(" ", MaxDocument+1),
	} {
		if _, err := OpenDocument("rev", 1, []byte(broken)); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}

func TestFaultyPackageHasNoDocument(t *testing.T) {
	p, _ := ReadPackage(fixture("hito/tsugi.md", ""))
	if _, err := p.Document(); !errors.Is(err, ErrFaults) {
		t.Errorf("err %v", err)
	}
	if _, err := (&Package{}).Document(); !errors.Is(err, ErrFaults) {
		t.Errorf("an empty package: err %v", err)
	}
}

var headingTag = regexp.MustCompile(`<h([1-6])`)

// TestBuiltInPages looks at every page of the courses that ship, in every reading.
func TestBuiltInPages(t *testing.T) {
	for _, name := range curriculum.Names() {
		document := documentOf(t, builtIn(t, name))
		rev, err := OpenDocument(name, 1, []byte(document))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range rev.Modules {
			for _, l := range m.Lessons {
				for _, r := range Readings {
					page := string(l.HTML(r))
					wellFormed(t, page)
					if !r.Furigana && strings.Contains(page, "<ruby") {
						t.Errorf("%s %+v has ruby markup", l.ID, r)
					}
					if strings.ContainsAny(page, "{}") || strings.Contains(page, "**") || strings.Contains(page, ":::") {
						t.Errorf("%s %+v shows its markup", l.ID, r)
					}
					level := 1
					for _, h := range headingTag.FindAllStringSubmatch(page, -1) {
						next := int(h[1][0] - '0')
						if next > level+1 {
							t.Errorf("%s %+v: an h%d after an h%d", l.ID, r, next, level)
						}
						level = next
					}
				}
			}
			for _, q := range m.Questions {
				for _, r := range Readings {
					if got := string(Inline(q.Text, r)); got == "" || strings.Contains(got, "{") {
						t.Errorf("question %s %+v: %s", q.ID, r, got)
					}
				}
			}
		}
	}
}

func TestReadings(t *testing.T) {
	for i, r := range Readings {
		if r.index() != i {
			t.Errorf("%+v has index %d, want %d", r, r.index(), i)
		}
	}
	if (Reading{Easy: true}).Lang() != questions.Easy || (Reading{Furigana: true}).Lang() != questions.JA {
		t.Error("the languages of the readings are mixed up")
	}
}
