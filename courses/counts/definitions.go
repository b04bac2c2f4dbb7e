package counts

// Edition is the number of the definitions below. It rises whenever a text changes
// what is counted; a closed month keeps the one under which it was closed.
const Edition = 1

// Definition is how one word or figure is meant. Screens, files and the API quote it.
type Definition struct{ Key, Title, Text string }

// The keys that other code quotes.
const (
	DefPeople     = "people"
	DefOnce       = "once"
	DefDay        = "day"
	DefCourse     = "course"
	DefResidence  = "residence"
	DefHost       = "host"
	DefMethod     = "method"
	DefArea       = "area"
	DefCorrection = "correction"
	DefErased     = "erased"
	DefSeparate   = "separate"
	DefNone       = "none"
	DefUsing      = "using"
	DefHeld       = "held"
	DefStatus     = "status"
	DefYearBefore = "year_before"
	DefClosing    = "closing"
	DefSeal       = "seal"
	DefRule       = "rule"
	DefExample    = "example"
)

// Words that stand beside figures.
const (
	Title         = "つながりサポーター 修了者数（実人数）"
	ResidenceNote = "居住地は受講者の申告による"
	NotUsed       = "…"    // 未利用
	SeparateMark  = "（別途）" // only 別途報告 is known
	SeparateNote  = "実人数は重複を含む可能性があります"
	OutsideArea   = "道内（管外）" // lives in the prefecture, outside the home area
	Outside       = "道外"
	UnknownArea   = "不明"
)

// Definitions are all of them, in the order of the page.
func Definitions() []Definition { return definitions }

// Define is the definition with the key; the zero Definition for none.
func Define(key string) Definition {
	for _, d := range definitions {
		if d.Key == key {
			return d
		}
	}
	return Definition{}
}

var definitions = []Definition{
	{DefPeople, Title, "つながりサポーターになる講座を、ひとつでも修了した人の数です。同じ人は、いくつの講座を修了しても1人と数えます。"},
	{DefOnce, "1人を1回だけ数えます", "修了証の再発行、受講のやり直し、2つめの講座の修了では、人数は増えません。その人の修了のうち、修了日がいちばん早いものの月と場所に数えます。あとから、より早い日の教室が登録されたときは、その月と場所へ移します。"},
	{DefDay, "修了日", "日本時間の日付です。自習では最後の項目を終えた日、教室では開催日です。年度は4月から翌年3月までです。"},
	{DefCourse, "講座ごとの数", "講座ごとに、その講座を修了した人の数です。2つの講座を修了した人は、どちらにも数えます。講座ごとの数をたしても、実人数にはなりません。"},
	{DefResidence, "居住地別", "修了日に住んでいた市町村で数えます。" + ResidenceNote + "ものです。修了のあとに引っ越しても、数えた市町村は変わりません。"},
	{DefHost, "主催市町村別", "教室で修了した人を、その教室を主催した市町村で数えます。ひとりで学んで修了した人は「自習」に数えます。"},
	{DefMethod, "教室／自習", "教室は、講師が出席を確認した修了です。自習は、本人の申告による修了です。"},
	{DefArea, "道内（管外）・道外・不明", "運営している地域の外に住む人は、同じ都道府県の中なら「道内（管外）」、外なら「道外」です。居住地が分からない人は「不明」です。"},
	{DefCorrection, "訂正", "まちがいで修了としたものを取り消したとき、同じ人の2つの登録を1つにまとめたときは、人数が減ります。確定した月の数は書きかえず、訂正として日付と理由をのせます。"},
	{DefErased, "記録を消した人", "自分の記録を消した人も、修了した事実は、だれのものか分からない形で残り、数えつづけます。そのあとに新しく始めて修了すると、もう1人と数えます。同じ人だと分からないためです。"},
	{DefSeparate, "別途報告", "このシステムを使わずに開いた教室の報告です（日付・名前・人数・出典。お名前はありません）。別の行にのせ、修了者数にはたしません。" + SeparateNote + "。"},
	{DefNone, "0と「…」と「（別途）」", "0は、システムを利用している市町村で、修了者がまだいないことです。「…」は、その市町村がシステムをまだ利用していない（未利用）ことです。「（別途）」は、別途報告だけがあることです。"},
	{DefUsing, "利用している市町村", "その市町村の係がある、教室を主催した、または修了者がいる市町村です。振興局や都道府県の全体を受けもつ係は、数えません。"},
	{DefHeld, "実施市町村・開催回数・講師数", "開催日になった教室（中止をのぞく）を主催した市町村の数と、その教室の回数です。講師数は、その教室を担当した人と手伝った講師の実人数です。"},
	{DefStatus, "速報値／確定値", "月の数は、しめ切りまでは速報値で、変わることがあります。しめ切ったあとは確定値です。"},
	{DefClosing, "月のしめ切り", "月の数は、次の月の5日0時（3月だけは4月30日0時。運営者が変えられます）にしめ切り、確定値になります。確定値は書きかえません。あとからの登録（事後の登録）、修了の取り下げ、重複した登録の統合は、日付と理由をつけて訂正の一覧にのせます。確定値に訂正をたすと、いまの数になります。"},
	{DefSeal, "確定値の照合（SHA-256）", "市町村ごとの照合値は、次の行をUTF-8（BOMなし・改行はLF、最後の行にも改行）で並べた文のSHA-256です。「tsunagari-closing-1」「month,2026-11」「definition,定義の版」「rule,秘匿のきまりの版」「area,市町村コード」、つづけて1つの数を1行に「residence,講座のID,人数」「host,講座のID,人数」の順。実人数は講座のIDを空にして先に置き、講座はIDの順です。0人の行はありません。月の全体の照合値は「市町村コード,その照合値」の行をコードの順に並べた文のSHA-256です。"},
	{DefRule, "少ない人数を出さないきまり", "市町村ごとの修了者数（月・四半期末・年度・累計）は、1人や2人でも隠しません。年代、教室／自習、自分の市町村の教室かほかの市町村の教室か、教室ごとの内訳は、しめ切った四半期・年度・累計だけで示し、前に示したあとの分が10人以上（自分の市町村の住民の年代は、その市町村の係には5人以上。運営者が変えられます）になった区分を、四半期のしめ切りでまとめて加えます。それまでの人は「まだ分けて示していない人」に入れ、示した数のどの足し算・引き算からも少ない人数が決まらないことを確かめ、決まるときは、いちばん少ない区分から順に次の四半期へ送ります。教室／自習と、どの市町村の教室かは、主催市町村別の合計との引き算も確かめるため、自分の市町村でも10人以上です。教室ごとの人数は、その月のどの教室も10人以上の月だけ示します。"},
	{DefExample, "人口1,000人の村の例", "4〜6月に14人（60代11人、70代3人）が修了したとします。60代の11人だけを示すと、合計の14人から70代の3人が分かるので、どちらも示さず、14人を「まだ分けて示していない人」とします。7〜9月に13人（60代4人、70代9人）が修了すると、4月からの60代は15人、70代は12人になります。年代の分からない人はいません。ここで累計の60代15人・70代12人を示します。四半期ごとの60代・70代は「―」のままです。合計14人と13人からは、どの四半期の60代も決まりません。"},
	{DefYearBefore, "前年同期", "前の年度の4月から、1年前の同じ日までの数です。"},
}
