package gift

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"tsunagari/courses/questions"
)

func TestReadFullWidth(t *testing.T) {
	const file = `／／ 全角だけで書いた問題
：：札幌：：北海道の道庁は？　9時～17時＝開庁｛
＝札幌＃正解です
～函館（10時～12時）＃ちがいます
～％－50％旭川
＃＃＃＃解説です＝これ
｝

道庁は札幌にある。｛ＴＲＵＥ＃ちがいます｝

数は｛＃３：０．５＃よし ～＃だめ｝

組｛＝青森→りんご ＝北海道→じゃがいも ＝→みかん｝

｛ひみつ｝の話｛～あ ～い ＝う｝

つめて｛＝札幌～函館～旭川｝

半角まじり{＝札幌 ～函館}

＄CATEGORY：あ/い

\｛あ\｝{=9時～17時 ~１＝２}
`
	run(t, questions.ReadOptions{FullWidth: true}, []reading{{"taken as signs", file, `
2 choice ::札幌:: 北海道の道庁は？　9時～17時＝開庁 ####解説です＝これ
  1. 1 札幌 #正解です
  2. 0 函館（10時～12時） #ちがいます
  3. -0.5 旭川
9 truefalse 道庁は札幌にある。
  true. 1 正しい
  false. 0 正しくない #ちがいます
11 numerical 数は
  1 3±0.5 #よし
  otherwise #だめ
13 matching 組
  1. 青森 -> りんご
  2. 北海道 -> じゃがいも
  3.  -> みかん
15 choice ｛ひみつ｝の話
  1. 0 あ
  2. 0 い
  3. 1 う
17 choice つめて
  1. 1 札幌
  2. 0 函館
  3. 0 旭川
19 choice 半角まじり
  1. 1 札幌
  2. 0 函館
23 choice あ/い/ ｛あ｝
  1. 1 9時～17時
  2. 0 １＝２
`}})
	imp := Read([]byte(file), questions.ReadOptions{})
	if !imp.FullWidth || len(imp.Questions) != 1 || len(imp.Problems) != 7 || imp.Problems[1].Line != 9 {
		t.Errorf("not recognised: %s", told(imp))
	}
	run(t, questions.ReadOptions{}, []reading{{"ordinary text", "＝と～と＃いのちSOSと→と｛ ｝の話：9時～17時{=９時～１７時 ~＃ハッシュ ~a→b}", `
1 choice ＝と～と＃いのちSOSと→と｛ ｝の話：9時～17時
  1. 1 ９時～１７時
  2. 0 ＃ハッシュ
  3. 0 a→b
`}})
}

func TestReadEncodings(t *testing.T) {
	const file = "::名前::孤独とは？{=あ#正解です ~い}\n"
	want := told(Read([]byte(file), questions.ReadOptions{}))
	sjis, err := japanese.ShiftJIS.NewEncoder().String(file)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"BOM": "\ufeff" + file, "CP932": sjis, "UTF-16": utf16} {
		if got := told(Read([]byte(data), questions.ReadOptions{})); got != want || !strings.Contains(got, "孤独") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if imp := Read([]byte("PK\x03\x04\x00\x01\x02"), questions.ReadOptions{}); len(imp.Problems) != 1 || len(imp.Questions) != 0 {
		t.Errorf("%+v", imp)
	}
}
