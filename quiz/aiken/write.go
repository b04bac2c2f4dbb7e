package aiken

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"tsunagari/courses/questions"
)

// Write writes questions so that Moodle and Read read the same again. Aiken holds
// questions with one right choice, and nothing but their words: what it cannot
// hold is left out, and a remark says so; its Line is the number of the question
// in the list. Error: w's.
func Write(w io.Writer, list []questions.Imported) ([]questions.Remark, error) {
	out := bufio.NewWriter(w)
	var remarks []questions.Remark
	for i, q := range list {
		qw := &questionWriter{q: &list[i]}
		text, refused := qw.question()
		out.WriteString(text)
		if refused == "" && len(qw.lost) > 0 {
			refused = "Aikenでは書き出せないものを除きました：" + strings.Join(qw.lost, "、") + "。"
		}
		if refused != "" {
			remarks = append(remarks, questions.Remark{Line: i + 1, Name: title(q), Reason: refused})
		}
	}
	return remarks, out.Flush()
}

// title is by what a trainer knows a question.
func title(q questions.Imported) string {
	text, _ := questions.ToWords(q.Text[questions.JA])
	if q.Name != "" {
		text = q.Name
	}
	if r := []rune(strings.Join(strings.Fields(text), " ")); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return text
}

type questionWriter struct {
	q    *questions.Imported
	lost []string
}

func (w *questionWriter) lose(what string, gone bool) {
	if gone && !slices.Contains(w.lost, what) {
		w.lost = append(w.lost, what)
	}
}

// question is the text of a question, or why it cannot be written.
func (w *questionWriter) question() (text, refused string) {
	q := w.q
	faults := q.Faults()
	switch {
	case q.Type != questions.Choice:
		return "", "この種類の問題は、Aikenでは書き出せません。正しい選択肢が1つの問題だけです。"
	case len(faults) > 0:
		return "", "このままでは書き出せません。" + faults[0]
	case len(q.Options) > maxChoices:
		return "", fmt.Sprintf("選択肢が多すぎるため、Aikenでは書き出せません（%dまで）。", maxChoices)
	}
	var b strings.Builder
	line := w.line(q.Text)
	if len(line) < 2 || choiceLine.MatchString(line) || answerLine.MatchString(line) || nearAnswer.MatchString(line) {
		return "", "問題文が選択肢や答えの行のように見えるため、Aikenでは書き出せません。"
	}
	b.WriteString(line + "\n")
	right := ""
	for i, o := range q.Options {
		label := string(rune('A' + i))
		b.WriteString(label + ") " + w.line(o.Text) + "\n")
		if o.Weight == 1 {
			if right != "" {
				return "", "正しい選択肢が2つ以上あるため、Aikenでは書き出せません。"
			}
			right = label
		}
		w.lose("選択肢ごとの点の割合", o.Weight != 0 && o.Weight != 1)
		w.lose("説明（フィードバック）", len(o.Feedback) > 0)
	}
	w.losses()
	return b.String() + "ANSWER: " + right + "\n\n", ""
}

func (w *questionWriter) losses() {
	q := w.q
	w.lose("問題の名前", q.Name != "")
	w.lose("番号", q.ForeignID != "")
	w.lose("タグ", len(q.Tags) > 0)
	w.lose("カテゴリ", q.Category != "")
	w.lose("説明（フィードバック）", len(q.Explanation) > 0)
	w.lose("図や音声のファイル", len(q.Files) > 0)
}

// line is a text on one line.
func (w *questionWriter) line(t questions.Text) string {
	text, whole := questions.ToWords(t[questions.JA])
	w.lose("強調やリンク", !whole)
	w.lose("改行", strings.Contains(text, "\n"))
	w.lose("やさしい日本語の文", t[questions.Easy] != "")
	return strings.ReplaceAll(text, "\n", " ")
}
