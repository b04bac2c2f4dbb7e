//go:build unix

package moodlexml

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"tsunagari/courses/questions"
)

// largeBank is a file of n questions of all types, about 3 KB each, as Moodle
// writes it: paragraphs, furigana, feedback to every choice, and a picture now and
// then.
func largeBank(tb testing.TB, n int) []byte {
	tb.Helper()
	text := func(s string, i int) questions.Text {
		return questions.Text{questions.JA: fmt.Sprintf("{孤独|こどく}は**「気持ち」**、%sのことを %d 行にわたって書いた、長めの文です。\n\n二つめの段落で、{振興局|しんこうきょく}の資料をもう一度たしかめます。", s, i)}
	}
	picture := bytes.Repeat([]byte("picture "), 1024)
	types := []questions.Type{questions.Choice, questions.Multiple, questions.Matching, questions.Ordering, questions.Short, questions.Numerical, questions.TrueFalse}
	list := make([]questions.Imported, n)
	for i := range list {
		q := questions.Question{Type: types[i%len(types)], Tags: []string{"用語", "入門"}, Text: text("問い", i), Explanation: text("説明", i)}
		for j := range 4 {
			id, right := number(j), 0.0
			if j == 0 {
				right = 1
			}
			switch q.Type {
			case questions.Choice, questions.Multiple:
				q.Options = append(q.Options, questions.Option{ID: id, Text: text("選択肢", j), Weight: right, Feedback: text("言葉", j)})
			case questions.Matching:
				q.Pairs = append(q.Pairs, questions.Pair{ID: id, Left: text("左", j), Right: questions.Text{questions.JA: "右" + id}})
			case questions.Ordering:
				q.Items = append(q.Items, questions.Item{ID: id, Text: text("項目", j), Rank: j + 1, Feedback: text("言葉", j)})
			case questions.Short, questions.Numerical:
				q.Answers = append(q.Answers, questions.Answer{Text: "答え" + id, Value: float64(j), Weight: right, Feedback: text("言葉", j)})
			}
		}
		if q.Type == questions.TrueFalse {
			q.Options = questions.TrueOrFalse(true)
		}
		list[i] = questions.Imported{Question: q, Name: fmt.Sprintf("問題 %d", i), Category: fmt.Sprintf("講座/単元%d", i/100)}
		if i%50 == 0 {
			list[i].Text = questions.Text{questions.JA: "図を見ましょう。\n\n![図](zu.png)"}
			list[i].Files = []questions.File{{Name: "zu.png", Content: picture}}
		}
	}
	var b bytes.Buffer
	if lost, err := Write(&b, list); err != nil || len(lost) > 0 {
		tb.Fatal(err, remarks(lost))
	}
	return b.Bytes()
}

// BenchmarkRead5000 reads 5,000 questions. Budget: 3 s of CPU and 200 MiB of
// heap at the highest, file and result included.
func BenchmarkRead5000(b *testing.B) {
	file := largeBank(b, 5000)
	b.SetBytes(int64(len(file)))
	var peak atomic.Uint64
	done := make(chan struct{})
	go watchHeap(&peak, done)
	debug.FreeOSMemory()
	began := usedCPU(b)
	for b.Loop() {
		got := Read(file, questions.ReadOptions{})
		if len(got.Questions) != 5000 {
			b.Fatal(len(got.Questions), remarks(got.Problems))
		}
		runtime.KeepAlive(got)
	}
	used := usedCPU(b) - began
	close(done)
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
	b.ReportMetric(float64(peak.Load())/(1<<20), "peak-MiB")
	b.ReportMetric(float64(len(file))/(1<<20), "file-MiB")
}

// watchHeap keeps the largest size of the heap that was in use.
func watchHeap(peak *atomic.Uint64, done chan struct{}) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
		}
	}
}

// usedCPU is what the process has used, in its own code and in the system's.
func usedCPU(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkReadPicture reads a file that is one large picture.
func BenchmarkReadPicture(b *testing.B) {
	picture := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("picture "), maxFile/9))
	file := []byte(one("essay", `<image>x.png</image><image_base64>`+picture+`</image_base64>`))
	b.SetBytes(int64(len(file)))
	for b.Loop() {
		if got := read(string(file)); len(got.Unsupported) != 1 || len(got.Unsupported[0].Keep.Files) != 1 {
			b.Fatal(remarks(got.Problems))
		}
	}
}
