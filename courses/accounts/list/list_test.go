package list

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"
)

var usual = Options{Home: "01", On: time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)}

func read(t *testing.T, data string, o Options) []Person {
	t.Helper()
	l, faults := Read([]byte(data))
	if l == nil || len(faults) > 0 {
		t.Fatalf("%q: %v", data, faults)
	}
	return l.People(o)
}

// said is a person on one line.
func said(p Person) string {
	return strings.Join([]string{p.FamilyName, p.GivenName, p.FamilyKana, p.GivenKana, p.Residence, p.AgeBand}, "|")
}

func TestLists(t *testing.T) {
	for name, test := range map[string]struct {
		file string
		want []string
	}{
		"one cell": {
			"氏名,フリガナ,住所,生年月日\n北見　花子,ｷﾀﾐ ﾊﾅｺ,北見市大通西3丁目,S25.4.1\n",
			[]string{"北見|花子|ｷﾀﾐ|ﾊﾅｺ|012084|70"},
		},
		"apart, under a title, over a note": {
			"令和8年度 申込者名簿\n\nNo.,姓,名,せい,めい,市町村コード,年齢,備考\n1,網走,太郎,あばしり,たろう,12114,６９,※車いす\n2,紋別,和子,もんべつ,かずこ,012190,81歳\n合計,2人\n※11月20日現在\n",
			[]string{"網走|太郎|あばしり|たろう|012114|60", "紋別|和子|もんべつ|かずこ|012190|80"},
		},
		"tabs, loose names": {
			"お名前（漢字）\tお名前（ふりがな）\tお住まいの市町村\t年代\n斜里 次郎\tしゃり じろう\t斜里郡斜里町\t70代以上\n",
			[]string{"斜里|次郎|しゃり|じろう|015458|70"},
		},
		"姓 and 名前": {
			"姓,名前,ふりがな,市町村\n遠軽,三郎,えんがる さぶろう,遠軽\n",
			[]string{"遠軽|三郎|えんがる|さぶろう|015555|none"},
		},
		"elsewhere": {
			"氏名,ふりがな,都道府県,市町村\n青森 一,あおもり はじめ,青森県,青森市\n函館 二,はこだて ふたり,,函館市\n仙台 三,せんだい みつ,,宮城県仙台市\n",
			[]string{"青森|一|あおもり|はじめ|p02|none", "函館|二|はこだて|ふたり|012025|none", "仙台|三|せんだい|みつ|p04|none"},
		},
		"names that many prefectures have": {
			"氏名,ふりがな,市町村\n伊達 一,だて はじめ,伊達市\n泊 二,とまり ふたり,泊村\n清水 三,しみず みつ,清水町\n",
			[]string{"伊達|一|だて|はじめ|012335|none", "泊|二|とまり|ふたり|014036|none", "清水|三|しみず|みつ|016365|none"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range read(t, test.file, usual) {
				if !p.Good() {
					t.Errorf("%d: %v", p.Row, p.Faults)
				}
				got = append(got, said(p))
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestFaults(t *testing.T) {
	for row, want := range map[string]string{
		"北見花子,きたみ はなこ,北見市":   "姓と名のあいだに空白",
		"北見 花子,,北見市":         "ふりがながありません",
		"北見 花子,きたみ はなこ,":     "市町村がありません",
		"北見 花子,きたみ はなこ,月":    "市町村の名前として読めません",
		"府中 花子,ふちゅう はなこ,府中市": "いくつかの都道府県",
	} {
		people := read(t, "氏名,ふりがな,市町村\n"+row+"\n", usual)
		if len(people) != 1 || people[0].Good() || !strings.Contains(strings.Join(people[0].Faults, ""), want) || people[0].Row != 2 {
			t.Errorf("%s: %+v", row, people)
		}
	}
	twice := read(t, "氏名,ふりがな,市町村\n北見 花子,きたみ はなこ,北見市\n北見　花子,きたみ はなこ,北海道北見市\n", usual)
	if len(twice) != 2 || !twice[0].Good() || twice[1].Twin != 2 {
		t.Errorf("%+v", twice)
	}
	for file, want := range map[string]string{"": "見出し", "ただの文": "見出し", "氏名,ふりがな\n": "だれもいません", "\xd0\xcf\x11\xe0": "古い形"} {
		if _, faults := Read([]byte(file)); len(faults) != 1 || !strings.Contains(faults[0].Reason, want) {
			t.Errorf("%q: %v", file, faults)
		}
	}
	o := usual
	o.Otherwise = "012084"
	if p := read(t, "氏名,ふりがな\n北見 花子,きたみ はなこ\n", o); !p[0].Good() || p[0].Residence != "012084" {
		t.Errorf("%+v", p)
	}
	many := "氏名,ふりがな,市町村\n" + strings.Repeat("北見 花子,きたみ はなこ,北見市\n", MaxPeople+1)
	if l, faults := Read([]byte(many)); len(faults) != 1 || len(l.People(usual)) != MaxPeople {
		t.Error(faults)
	}
}

// A column taken for something else is read as that.
func TestAs(t *testing.T) {
	l, _ := Read([]byte("氏名,ふりがな,町,市町村\n北見 花子,きたみ はなこ,網走市,北見市\n"))
	if l.Columns[2].Field != Other || l.Columns[2].Sample != "網走市" {
		t.Errorf("%+v", l.Columns)
	}
	l.As([]Field{FullName, FullKana, Town, Other})
	if p := l.People(usual); p[0].Residence != "012114" {
		t.Errorf("%+v", p)
	}
}

func TestOneName(t *testing.T) {
	p := read(t, "姓,名,せい,めい,市町村\nスカルノ,,すかるの,,北見市\n", usual)
	if !p[0].Good() || p[0].OneName == "" || p[0].GivenName != "" {
		t.Errorf("%+v", p)
	}
}

func TestExcelDatesAndCP932(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{
		"A1": "氏名", "B1": "ふりがな", "C1": "市町村", "D1": "生年月日",
		"A2": "北見 花子", "B2": "きたみ はなこ", "C2": "北見市", "D2": 18354, // 1950-04-01
	} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	if p := read(t, b.String(), usual); said(p[0]) != "北見|花子|きたみ|はなこ|012084|70" {
		t.Error(said(p[0]))
	}
	cp932, err := japanese.ShiftJIS.NewEncoder().String("氏名,ふりがな,市町村\n髙橋 花子,たかはし はなこ,美幌町\n")
	if err != nil {
		t.Fatal(err)
	}
	if p := read(t, cp932, usual); said(p[0]) != "髙橋|花子|たかはし|はなこ|015431|none" {
		t.Error(said(p[0]))
	}
}

func TestReadDate(t *testing.T) {
	for typed, want := range map[string]string{
		"昭和25年4月1日": "1950-04-01", "S25.4.1": "1950-04-01", "s25/04/01": "1950-04-01", "昭25.4.1": "1950-04-01",
		"Ｓ２５．４．１": "1950-04-01", "令和元年5月1日": "2019-05-01", "平成31年4月30日": "2019-04-30", "昭和25年": "1950-01-01",
		"1950/4/1": "1950-04-01", "1950-04-01": "1950-04-01", "１９５０年４月１日": "1950-04-01", "19500401": "1950-04-01",
		"1950": "1950-01-01", "大正15年12月1日": "1926-12-01", "S25": "1950-01-01", "昭和25年(1950年)4月1日": "1950-04-01", "18354": "1950-04-01", "1950-04-01 00:00:00": "1950-04-01",
	} {
		if got, err := ReadDate(typed); err != nil || got.Format(time.DateOnly) != want {
			t.Errorf("%s: %v, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "昭和", "昭和0年1月1日", "1950/2/30", "1950/13/1", "きのう", "X25.4.1", "999999"} {
		if got, err := ReadDate(typed); err == nil {
			t.Errorf("%s is %v", typed, got)
		}
	}
}

func TestAgeOn(t *testing.T) {
	born := time.Date(1956, 11, 25, 0, 0, 0, 0, time.UTC)
	if ageOn(born, usual.On) != 69 || ageOn(born, usual.On.AddDate(0, 0, 1)) != 70 {
		t.Error(ageOn(born, usual.On))
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("氏名,ふりがな,市町村,生年月日\n北見 花子,きたみ はなこ,北見市,S25.4.1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if l, _ := Read(data); l != nil {
			for _, p := range l.People(usual) {
				if p.Good() && (p.FamilyName == "" || p.Residence == "") {
					t.Errorf("%+v", p)
				}
			}
		}
	})
}
