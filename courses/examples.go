package courses

import "tsunagari/courses/questions"

// Hints are three things worth knowing before writing a question of a type.
func Hints(t questions.Type) []string { return hints[t] }

var hints = map[questions.Type][]string{
	questions.Choice: {
		"正しいものは、ひとつだけにします。",
		"ほかの選択肢も、迷うくらい自然な文にします。",
		"選んだ人への言葉には、「なぜか」を書きます。まちがえた人が、いちばんよく読むところです。",
	},
	questions.Multiple: {
		"正しいものを、二つ以上にします。いくつあるかは、問いの文で知らせると親切です。",
		"正しいものをすべて選ぶと満点です。正しくないものを選ぶと、そのぶん引かれます。",
		"選んだ人への言葉には、「なぜか」を書きます。",
	},
	questions.TrueFalse: {
		"一つの文で、一つのことだけをたずねます。",
		"「かならず」「まったく」のような言葉は、答えが見えてしまうので避けます。",
		"どちらを選んだ人にも、「なぜか」を書きます。",
	},
	questions.Matching: {
		"左と右が、一つずつ対になるようにします。三組から五組が、答えやすい数です。",
		"左を空けた行は、相手のいない右側になります。迷ってもらうために一つ入れられます。",
		"右側は、まざった順で受講者に出ます。",
	},
	questions.Ordering: {
		"正しい順に、上から書きます。受講者には、まざった順で出ます。",
		"三つから五つが、答えやすい数です。",
		"どちらが先でもよいところは、下の行に「上の行と入れかわってもよい」のしるしを付けます。",
	},
	questions.Sort: {
		"先に、なかまの名前を二つか三つ決めます。",
		"一つの文が、二つのなかまに入ってもよいときは、両方にしるしを付けます。",
		"それぞれの文への言葉に、「なぜそのなかまか」を書きます。",
	},
	questions.Short: {
		"短い言葉ひとつで答えられる問いにします。",
		"正しい書き方がいくつかあるときは、すべて書きます。漢字とひらがなは、別の行にします。",
		"全角と半角、空白、英字の大文字と小文字のちがいは、そろえてから比べます。",
	},
	questions.Numerical: {
		"単位を書いておくと、受講者は数だけを入れます。",
		"おおよそでよいときは、「ずれてもよい幅」を書きます。20 で幅が 2 なら、18 から 22 までが正解です。",
		"全角の数字で答えても、正しく比べます。",
	},
	questions.Reflection: {
		"正しい答えのない問いです。点は付きません。",
		"書いたものは、講師にも見えません。安心して書ける問いにします。",
		"解説のところに、考える手がかりを書けます。",
	},
}

func ja(s string) Text { return Text{questions.JA: s} }

// Example is a question of a type to begin with: it is there to be overwritten.
func Example(t questions.Type) *questions.Question {
	q := &questions.Question{Type: t, Text: ja(exampleTexts[t])}
	switch t {
	case questions.Choice, questions.Multiple:
		q.Options = exampleOptions(t)
	case questions.TrueFalse:
		q.Options = questions.TrueOrFalse(false)
		q.Options[0].Feedback = ja("にぎやかな職場にいても、本音を話せず、さびしいと感じることがあります。")
		q.Options[1].Feedback = ja("そのとおり、まわりに人がいても孤独を感じることがあります。")
	case questions.Matching:
		q.Pairs = []questions.Pair{
			{ID: "1", Left: ja("110"), Right: ja("警察"), Feedback: ja("身の危険があるときにかけます。")},
			{ID: "2", Left: ja("119"), Right: ja("消防・救急"), Feedback: ja("火事や、命にかかわるけが・病気のときにかけます。")},
			{ID: "3", Left: ja("189"), Right: ja("児童相談所"), Feedback: ja("子どものことが気になるときにかけます。")},
		}
	case questions.Ordering:
		for i, s := range [][2]string{
			{"いつもとちがう様子に気づく", "はじめは、気づくことです。"},
			{"あいさつをして、声をかける", "気づいたら、短い言葉で声をかけます。"},
			{"話を聞き、相談先をいっしょにさがす", "ひとりで抱えず、相談先につなぎます。"},
		} {
			q.Items = append(q.Items, questions.Item{ID: string(rune('1' + i)), Text: ja(s[0]), Rank: i + 1, Feedback: ja(s[1])})
		}
	case questions.Sort:
		q.Groups = []questions.Group{{ID: "1", Text: ja("ひとりでできること")}, {ID: "2", Text: ja("相談先につなぐこと")}}
		q.Items = []questions.Item{
			{ID: "1", Text: ja("毎朝、あいさつをする"), Groups: []string{"1"}, Feedback: ja("あいさつは、今日からひとりで始められます。")},
			{ID: "2", Text: ja("お金に困っている人の手続き"), Groups: []string{"2"}, Feedback: ja("制度のことは、役場の窓口がくわしく知っています。")},
		}
	case questions.Short:
		q.Answers = []questions.Answer{
			{Text: "孤立", Weight: 1, Feedback: ja("人とのつながりや助けが少ない状態を、孤立といいます。")},
			{Text: "こりつ", Weight: 1, Feedback: ja("漢字では「孤立」と書きます。")},
		}
		q.Otherwise = ja("レッスンの、はじめの説明をもう一度読んでみましょう。")
	case questions.Numerical:
		q.Unit = "歳"
		q.Answers = []questions.Answer{{Value: 65, Weight: 1, Feedback: ja("65歳以上の人を、統計では高齢者と数えます。")}}
		q.Otherwise = ja("レッスンの図の、下の説明を見てみましょう。")
	case questions.Reflection:
		q.Explanation = ja("大きなことでなくてかまいません。あいさつも、つながりの一歩です。")
	}
	return q
}

var exampleTexts = map[questions.Type]string{
	questions.Choice:     "（例）近所の人の様子が、いつもとちがうと気づきました。はじめにするとよいことは、どれでしょう。",
	questions.Multiple:   "（例）話を聞くときに大切なことは、どれでしょう。二つ選んでください。",
	questions.TrueFalse:  "（例）まわりに人がいれば、孤独を感じることはない。",
	questions.Matching:   "（例）電話番号と、つながる先を結んでください。",
	questions.Ordering:   "（例）気になる人がいるときの進め方を、順番にならべてください。",
	questions.Sort:       "（例）サポーターがひとりでできることと、相談先につなぐことに分けてください。",
	questions.Short:      "（例）人とのつながりや助けが少ない状態を、何というでしょう。",
	questions.Numerical:  "（例）統計で高齢者と数えるのは、何歳からでしょう。",
	questions.Reflection: "（例）あなたの町で、あいさつから始められそうなことは何ですか。",
}

func exampleOptions(t questions.Type) []questions.Option {
	if t == questions.Choice {
		return []questions.Option{
			{ID: "1", Text: ja("あいさつをして、声をかけてみる"), Weight: 1, Feedback: ja("短いあいさつが、相手の様子を知るきっかけになります。")},
			{ID: "2", Text: ja("くわしい事情をたずねる"), Feedback: ja("急にたずねると、相手は身がまえてしまいます。まずは声をかけるところからです。")},
			{ID: "3", Text: ja("そっとしておく"), Feedback: ja("待つことも大切ですが、声をかけられて安心する人もいます。")},
		}
	}
	return []questions.Option{
		{ID: "1", Text: ja("さえぎらずに聞く"), Weight: 0.5, Feedback: ja("最後まで聞いてもらえると、人は安心して話せます。")},
		{ID: "2", Text: ja("聞いたことを、ほかの人に話さない"), Weight: 0.5, Feedback: ja("ひみつが守られると、信頼が生まれます。")},
		{ID: "3", Text: ja("すぐに助言をする"), Weight: -0.5, Feedback: ja("助言の前に、気持ちを受けとめるほうが力になります。")},
	}
}
