package courses

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"tsunagari/courses/questions"
)

// said is what is said to one choice or item.
type said struct{ choice, feedback string }

// shortestFeedback is the length below which a feedback cannot say why.
const shortestFeedback = 12

var (
	verdictOnly = regexp.MustCompile(`^(?:はい|いいえ|正解|不正解|正しい|正しくない|まちがい|間違い|ちがい|違い|そのとおり|残念|よくできました|せいかい|ざんねん|惜しい|おしい)?(?:です|ます|でした|ました)?(?:ね|よ)?[。、！!\s]*`)
	punctuation = regexp.MustCompile(`[\s。、！？!?「」『』（）()・]`)
)

// feedbacks looks at everything that is said to the choices of one question or
// activity: each must have its own, and it must say more than right or wrong.
func (c *critic) feedbacks(file string, line int, name string, all []said) {
	used := map[string]bool{}
	for _, s := range all {
		choice, words := Plain(s.choice), Plain(s.feedback)
		what := name + "「" + shortened(choice) + "」"
		switch rest := tail(words, choice); {
		case words == "":
			c.warn(WarnFeedback, file, line, "%sに、答えたあとの言葉がありません。", what)
		case bareText(words) == bareText(choice):
			c.warn(WarnFeedback, file, line, "%s：答えたあとの言葉が、選ぶ言葉と同じです。", what)
		case rest < 5:
			c.warn(WarnFeedback, file, line, "%s：正しいかどうかだけでなく、なぜかを書いてください（%s）。", what, shortened(words))
		case utf8.RuneCountInString(words) < shortestFeedback:
			c.warn(WarnFeedback, file, line, "%s：答えたあとの言葉が短すぎます（%s）。", what, words)
		case used[bareText(words)]:
			c.warn(WarnFeedback, file, line, "%s：答えたあとの言葉が、ほかの選び方と同じです（%s）。", what, shortened(words))
		}
		if words != "" {
			used[bareText(words)] = true
		}
	}
}

func bareText(s string) string { return punctuation.ReplaceAllString(s, "") }

// tail is how much a feedback says beside right or wrong and the choice itself.
func tail(words, choice string) int {
	for {
		shorter := verdictOnly.ReplaceAllString(words, "")
		if shorter == words {
			break
		}
		words = shorter
	}
	rest := bareText(words)
	if choice = bareText(choice); choice != "" {
		rest = strings.ReplaceAll(rest, choice, "")
	}
	return utf8.RuneCountInString(rest)
}

func (c *critic) activity(file string, a *Activity) {
	var all []said
	add := func(cards []Card) {
		for _, card := range cards {
			all = append(all, said{card.Text, card.Feedback})
		}
	}
	switch e := a.Exercise.(type) {
	case *Sorting:
		add(e.Cards)
	case *Chain:
		add(e.Links)
	case *Matching:
		for _, p := range e.Pairs {
			all = append(all, said{p.Left, p.Feedback})
		}
	case *Ordering:
		for _, l := range e.Lines {
			all = append(all, said{l.Text, l.Feedback})
		}
	case *Talk:
		for _, s := range e.Scenes {
			for _, r := range s.Choices {
				all = append(all, said{r.Text, r.Feedback})
			}
		}
	}
	c.feedbacks(file, a.line, a.ID, all)
}

func (c *critic) question(file string, q *questions.Question) {
	for _, lang := range languages {
		c.feedbacks(file, q.Line, q.ID, saidBy(q, lang))
		c.sentences(file, q, lang)
	}
	for _, word := range c.bare(q.Text[questions.JA], map[string]bool{}) {
		c.warn(WarnTerm, file, q.Line, "%s「%s」に、初めて出るところでふりがながありません。", q.ID, word)
	}
	for _, text := range questionTexts(q) {
		c.easyText(file, q, text)
	}
}

// saidBy lists the choices of a question with their feedback in one language.
// Feedback that has no easy text is named by easyText, not here.
func saidBy(q *questions.Question, lang questions.Lang) []said {
	var out []said
	add := func(choice, feedback Text) {
		if lang == questions.JA || feedback[lang] != "" {
			out = append(out, said{choice.In(lang), feedback[lang]})
		}
	}
	for _, o := range q.Options {
		add(o.Text, o.Feedback)
	}
	for _, p := range q.Pairs {
		if len(p.Left) > 0 {
			add(p.Left, p.Feedback)
		}
	}
	for _, i := range q.Items {
		add(i.Text, i.Feedback)
	}
	for _, a := range q.Answers {
		add(Text{questions.JA: a.Text}, a.Feedback)
	}
	if len(q.Answers) > 0 {
		add(Text{questions.JA: "そのほかの答え"}, q.Otherwise)
	}
	return out
}

func (c *critic) sentences(file string, q *questions.Question, lang questions.Lang) {
	for _, text := range questionTexts(q) {
		if source := text[lang]; source != "" {
			c.long(file, passage{line: q.Line, source: source})
			c.forbidden(file, q.Line, source)
			if lang == questions.Easy {
				c.furigana(file, q.Line, source)
			}
		}
	}
}

// questionTexts are the texts written for a question: those of true and false are ours.
func questionTexts(q *questions.Question) []Text {
	texts := []Text{q.Text, q.Explanation, q.Otherwise}
	for _, o := range q.Options {
		texts = append(texts, o.Feedback)
		if q.Type != questions.TrueFalse {
			texts = append(texts, o.Text)
		}
	}
	for _, p := range q.Pairs {
		texts = append(texts, p.Left, p.Right, p.Feedback)
	}
	for _, i := range q.Items {
		texts = append(texts, i.Text, i.Feedback)
	}
	for _, g := range q.Groups {
		texts = append(texts, g.Text)
	}
	for _, a := range q.Answers {
		texts = append(texts, a.Feedback)
	}
	return texts
}

// easyText looks for an easy text that is missing or is the standard one again.
func (c *critic) easyText(file string, q *questions.Question, text Text) {
	standard, easy := text[questions.JA], text[questions.Easy]
	switch {
	case standard == "" || !hasKanji(Plain(standard)):
	case easy == "":
		c.warn(WarnEasy, file, q.Line, "%s「%s」のやさしい日本語がありません。", q.ID, shortened(Plain(standard)))
	case utf8.RuneCountInString(Plain(standard)) >= sameLength:
		if likeness := c.words.likeness(standard, easy); likeness >= sameText {
			c.warn(WarnEasy, file, q.Line, "%s「%s」は、ふつうの日本語とほとんど同じです（一致%.0f%%）。", q.ID, shortened(Plain(standard)), likeness*100)
		}
	}
}
