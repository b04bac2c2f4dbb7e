package courses

import (
	"html/template"
	"strings"
	"sync"

	"tsunagari/courses/questions"
)

// The fixed words of a lesson page. やさしい日本語 has its own, with furigana.
var fixedWords = map[string]Text{
	"Proposal": both("この講座の提案", "この{講座|こうざ}の{提案|ていあん}"),
	"Sound":    both("音声", "{音声|おんせい}"),
	"Words":    both("文字で読む", "{文字|もじ}で{読|よ}む"),
	"Sheets":   both("配布資料", "{配|くば}る{資料|しりょう}"),
	"More":     both("もっと知りたい方へ", "もっと{知|し}りたい{人|ひと}へ"),
	"Try":      both("やってみましょう", "やってみましょう"),
	"Sheet":    both("書きこみシート", "{書|か}きこみシート"),
	"Private":  both("あなただけのシートです。書いたことは、どこにも送られず、残りません。", "あなただけのシートです。{書|か}いたことを、だれにも{送|おく}りません。{残|のこ}しません。"),
	"NoNames":  both("ほかの人の名前は、書かないでください。残したいときは、紙に書くか、印刷してください。", "ほかの{人|ひと}の{名前|なまえ}は、{書|か}かないでください。{残|のこ}したいときは、{紙|かみ}に{書|か}いてください。"),
	"See":      both("答えを見る", "こたえを{見|み}る"),
	"Choose":   both("選んでください", "えらんでください"),
	"Up":       both("上へ", "うえへ"),
	"Down":     both("下へ", "したへ"),
	"Open":     both("まだ選んでいません。よかったら、選んでみてください。", "まだ{選|えら}んでいません。よかったら、{選|えら}んでください。"),
	"Together": both("この組み合わせです。", "この{組|く}み{合|あ}わせです。"),
	"Placed":   both("ここで合っています。", "ここで{合|あ}っています。"),
	"Earlier":  both("もう少し前かもしれません。", "もう{少|すこ}し{前|まえ}です。"),
	"Later":    both("もう少しあとかもしれません。", "もう{少|すこ}しあとです。"),
	"InOrder":  both("順番にならべると", "{順番|じゅんばん}にならべると"),
	"Link":     both("ここに、つながりがあったら", "ここに、つながりがあったら"),
	"Said":     both("あなたの選び方", "あなたの{選|えら}び{方|かた}"),
	"End":      both("ここまでです。", "ここで{終|お}わりです。"),
	"Again":    both("はじめから", "はじめから"),
	"Back":     both("ひとつ戻る", "ひとつ{戻|もど}る"),
	"First":    both("はじめの一歩", "はじめの{一歩|いっぽ}"),
	"Sum":      both("点を足す表", "{点|てん}を{足|た}す{表|ひょう}"),
	"Row":      both("問い", "{問|と}い"),
	"Points":   both("点", "{点|てん}"),
	"Total":    both("合計", "{合計|ごうけい}"),
	"Meaning":  both("その合計のことば", "{合計|ごうけい}のことば"),
	"YourSum":  both("あなたの合計", "あなたの{合計|ごうけい}"),
}

func both(ja, easy string) Text { return Text{questions.JA: ja, questions.Easy: easy} }

// labels are the fixed words in each reading.
var labels = sync.OnceValue(func() (out [len(Readings)]map[string]template.HTML) {
	for i, reading := range Readings {
		out[i] = map[string]template.HTML{}
		for name, text := range fixedWords {
			out[i][name] = renderInline(text.In(reading.Lang()), reading.Furigana)
		}
	}
	return out
})

func (pg *page) label(name string) template.HTML { return labels()[pg.reading.index()][name] }

// word is the source of a fixed word in the language of the page.
func (pg *page) word(name string) string { return fixedWords[name].In(pg.reading.Lang()) }

// unmarked is a source where no markup can stand, as in an option: with
// furigana the reading follows in parentheses.
func (pg *page) unmarked(source string) string {
	if pg.reading.Furigana {
		source = eachRuby(source, func(base, reading string) string { return base + "（" + reading + "）" })
	}
	return Plain(source)
}

// fitting is what is said about a card that may stand in the named groups, to
// whoever put it into one of them and to whoever did not.
func (pg *page) fitting(names []string, chosen bool) template.HTML {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = "「" + name + "」"
	}
	switch {
	case len(names) == 0:
		return ""
	case chosen && len(names) == 2:
		return pg.inline(strings.Join(quoted, "にも、") + "にも、" + pg.either("当てはまります。", "{当|あ}てはまります。"))
	case chosen && len(names) > 2:
		return pg.inline(strings.Join(quoted, "、") + "の、どれにも" + pg.either("当てはまります。", "{当|あ}てはまります。"))
	case chosen:
		return pg.inline(quoted[0] + "に" + pg.either("当てはまります。", "{当|あ}てはまります。"))
	}
	return pg.inline(strings.Join(quoted, "や") + pg.either("が、近い見方です。", "が、{近|ちか}いです。"))
}

func (pg *page) either(ja, easy string) string {
	if pg.reading.Easy {
		return easy
	}
	return ja
}
