package accounts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/width"
	"pgregory.net/rapid"

	"tsunagari/courses/accounts"
)

// The list of the plan of record (domain.md §4.2, §4.3): code and name by bureau.
var hokkaido = [][2]string{
	{"石狩振興局", "011002札幌市 012173江別市 012246千歳市 012319恵庭市 012343北広島市 012351石狩市 013030当別町 013048新篠津村"},
	{"渡島総合振興局", "012025函館市 012360北斗市 013315松前町 013323福島町 013331知内町 013340木古内町 013374七飯町 013439鹿部町 013455森町 013463八雲町 013471長万部町"},
	{"檜山振興局", "013617江差町 013625上ノ国町 013633厚沢部町 013641乙部町 013676奥尻町 013706今金町 013714せたな町"},
	{"後志総合振興局", "012033小樽市 013919島牧村 013927寿都町 013935黒松内町 013943蘭越町 013951ニセコ町 013960真狩村 013978留寿都村 013986喜茂別町 013994京極町 014001倶知安町 014010共和町 014028岩内町 014036泊村 014044神恵内村 014052積丹町 014061古平町 014079仁木町 014087余市町 014095赤井川村"},
	{"空知総合振興局", "012092夕張市 012106岩見沢市 012157美唄市 012165芦別市 012181赤平市 012220三笠市 012254滝川市 012262砂川市 012271歌志内市 012289深川市 014231南幌町 014249奈井江町 014257上砂川町 014273由仁町 014281長沼町 014290栗山町 014303月形町 014311浦臼町 014320新十津川町 014338妹背牛町 014346秩父別町 014362雨竜町 014371北竜町 014389沼田町"},
	{"上川総合振興局", "012041旭川市 012203士別市 012211名寄市 012297富良野市 014524鷹栖町 014532東神楽町 014541当麻町 014559比布町 014567愛別町 014575上川町 014583東川町 014591美瑛町 014605上富良野町 014613中富良野町 014621南富良野町 014630占冠村 014648和寒町 014656剣淵町 014681下川町 014699美深町 014702音威子府村 014711中川町 014729幌加内町"},
	{"留萌振興局", "012122留萌市 014818増毛町 014826小平町 014834苫前町 014842羽幌町 014851初山別村 014869遠別町 014877天塩町"},
	{"宗谷総合振興局", "012149稚内市 015113猿払村 015121浜頓別町 015130中頓別町 015148枝幸町 015164豊富町 015172礼文町 015181利尻町 015199利尻富士町 015202幌延町"},
	{"オホーツク総合振興局", "012084北見市 012114網走市 012190紋別市 015431美幌町 015440津別町 015458斜里町 015466清里町 015474小清水町 015491訓子府町 015504置戸町 015521佐呂間町 015555遠軽町 015598湧別町 015601滝上町 015610興部町 015628西興部村 015636雄武町 015644大空町"},
	{"胆振総合振興局", "012050室蘭市 012131苫小牧市 012301登別市 012335伊達市 015717豊浦町 015750壮瞥町 015784白老町 015814厚真町 015849洞爺湖町 015857安平町 015865むかわ町"},
	{"日高振興局", "016012日高町 016021平取町 016047新冠町 016071浦河町 016080様似町 016098えりも町 016101新ひだか町"},
	{"十勝総合振興局", "012076帯広市 016314音更町 016322士幌町 016331上士幌町 016349鹿追町 016357新得町 016365清水町 016373芽室町 016381中札内村 016390更別村 016411大樹町 016420広尾町 016438幕別町 016446池田町 016454豊頃町 016462本別町 016471足寄町 016489陸別町 016497浦幌町"},
	{"釧路総合振興局", "012068釧路市 016616釧路町 016624厚岸町 016632浜中町 016641標茶町 016659弟子屈町 016675鶴居村 016683白糠町"},
	{"根室振興局", "012238根室市 016918別海町 016926中標津町 016934標津町 016942羅臼町"},
}

func TestHokkaidoByBureau(t *testing.T) {
	var got [][2]string
	n := 0
	for _, b := range accounts.Bureaus {
		var list []string
		for _, m := range b.Municipalities {
			list = append(list, m.Code+m.Name)
			n++
			if m.Bureau != b.Name || m.Prefecture != "北海道" {
				t.Errorf("%+v stands in %s", m, b.Name)
			}
		}
		got = append(got, [2]string{b.Name, strings.Join(list, " ")})
	}
	if d := cmp.Diff(hokkaido, got); d != "" {
		t.Error(d)
	}
	if n != 179 || len(accounts.InPrefecture("01")) != 179 || len(accounts.InBureau("オホーツク総合振興局")) != 18 {
		t.Errorf("Hokkaido has %d", n)
	}
}

func TestOkhotskReadings(t *testing.T) {
	for code, kana := range map[string]string{
		"012084": "きたみし", "012114": "あばしりし", "012190": "もんべつし", "015431": "びほろちょう", "015440": "つべつちょう",
		"015458": "しゃりちょう", "015466": "きよさとちょう", "015474": "こしみずちょう", "015491": "くんねっぷちょう",
		"015504": "おけとちょう", "015521": "さろまちょう", "015555": "えんがるちょう", "015598": "ゆうべつちょう",
		"015601": "たきのうえちょう", "015610": "おこっぺちょう", "015628": "にしおこっぺむら", "015636": "おうむちょう", "015644": "おおぞらちょう",
		"014559": "ぴっぷちょう", "013455": "もりまち", "143839": "まなづるまち", "473260": "ちゃたんちょう", "272299": "しじょうなわてし",
	} {
		if m, ok := accounts.ByCode(code); !ok || m.Kana != kana {
			t.Errorf("%s: %q, want %q", code, m.Kana, kana)
		}
	}
}

func TestEveryCodeIsValid(t *testing.T) {
	n := 0
	for _, p := range accounts.Prefectures {
		for _, m := range accounts.InPrefecture(p.Code) {
			n++
			if !accounts.ValidCode(m.Code) || m.PrefectureCode() != p.Code || m.Name == "" || m.Kana == "" {
				t.Errorf("%+v", m)
			}
		}
	}
	if len(accounts.Prefectures) != 47 || n != 1741 {
		t.Errorf("%d prefectures, %d municipalities", len(accounts.Prefectures), n)
	}
	if m, ok := accounts.ByCode("016969"); !ok || m.Name != "泊村" {
		t.Errorf("the other 泊村: %+v", m)
	}
}

func TestCheckDigit(t *testing.T) {
	for code, want := range map[string]byte{"01208": '4', "01219": '0', "01549": '1', "01543": '1', "13000": '1', "47000": '7', "01000": '6'} {
		if got := accounts.CheckDigit(code); got != want {
			t.Errorf("%s: %c, want %c", code, got, want)
		}
	}
}

func TestReadCode(t *testing.T) {
	for typed, want := range map[string]string{
		"012084": "012084", "01208": "012084", "12084": "012084", "1208": "012084", " ０１２０８４ ": "012084", "131016": "131016",
		"012085": "", "13101": "", "": "", "北見市": "", "0120840": "", "120": "", "12 084": "", "-12084": "",
	} {
		got, err := accounts.ReadCode(typed)
		if got != want || (want == "") != errors.Is(err, accounts.ErrCode) {
			t.Errorf("%q: %q %v, want %q", typed, got, err, want)
		}
	}
}

// Whatever a spreadsheet does to a code of Hokkaido, the same code is read.
func TestReadCodeOfHokkaidoHoweverTyped(t *testing.T) {
	all := accounts.InPrefecture("01")
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.SampledFrom(all).Draw(t, "municipality").Code
		typed := rapid.SampledFrom([]string{code, code[:5], code[1:], code[1:5]}).Draw(t, "shape")
		if rapid.Bool().Draw(t, "wide") {
			typed = width.Widen.String(typed)
		}
		if got, err := accounts.ReadCode(typed); got != code || err != nil {
			t.Fatalf("%q: %q %v", typed, got, err)
		}
	})
}

func TestPlaceName(t *testing.T) {
	got := fmt.Sprint(accounts.PlaceName("012084", "01"), accounts.PlaceName("", "13"), accounts.PlaceName("", ""))
	if got != "北見市東京都不明" {
		t.Error(got)
	}
}
