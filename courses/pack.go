package courses

// ClassPack is the 授業パック of a course as it is written (folder class/,
// curriculum/README.md): everything that a class in a hall shows, hands out and
// puts up. Date, hall and contact are those of the class, not of the pack.
type ClassPack struct {
	Plans       []ClassPlan     `json:"plans"`
	Slides      ClassText       `json:"slides"` // Markdown; a line --- begins the next slide
	Handout     ClassText       `json:"handout"`
	Reflection  ReflectionSheet `json:"reflection"`
	Closing     ClosingSheet    `json:"closing"`
	Poster      Poster          `json:"poster"`
	Application ApplicationForm `json:"application"`
	Checklist   []ChecklistPart `json:"checklist"`
}

// ClassText is the slides or the handout as they are written.
type ClassText struct {
	Title       Text     `json:"title"`
	Sources     []string `json:"sources,omitempty"`
	Unconfirmed []string `json:"unconfirmed,omitempty"` // 確認前: for the trainer, not shown
	Body        Text     `json:"body"`

	textLines
}

// ClassPlan is one 進行表. The first of a pack is the usual one.
type ClassPlan struct {
	Title   string      `json:"title"`
	Minutes int         `json:"minutes"`
	Parts   []ClassPart `json:"parts"`

	line int
}

// ClassPart is one line of a 進行表.
type ClassPart struct {
	Minutes  int      `json:"minutes"`
	What     string   `json:"what"`
	Who      string   `json:"who"`
	Slides   []int    `json:"slides,omitempty"` // numbers from 1, ascending
	Material []string `json:"material,omitempty"`
	Note     string   `json:"note,omitempty"`

	line int
}

// ReflectionSheet is the ふり返りシート: one page, never marked.
type ReflectionSheet struct {
	Title  Text             `json:"title"`
	Intro  Text             `json:"intro,omitempty"`
	Items  []ReflectionItem `json:"items"`
	Ending Text             `json:"ending,omitempty"`

	line int
}

// ReflectionItem is one question of a ふり返りシート, with words to circle, lines
// to write on, or both.
type ReflectionItem struct {
	Text     Text   `json:"text"`
	Choices  []Text `json:"choices,omitempty"`
	Lines    int    `json:"lines,omitempty"`
	Personal bool   `json:"personal,omitempty"` // 個人ワーク

	line int
}

// ClosingSheet says which questions of the banks make まとめの確認 on paper.
type ClosingSheet struct {
	Title     Text     `json:"title"`
	Intro     Text     `json:"intro,omitempty"`
	Questions []string `json:"questions"` // ids, in the order of the paper
	Ending    Text     `json:"ending,omitempty"`

	line int
}

// Poster is what a poster says beside the class's own date, hall and contact.
// Its texts are inline Markdown.
type Poster struct {
	Title string   `json:"title"`
	Catch string   `json:"catch"`          // the sentence that catches the eye
	Free  string   `json:"free,omitempty"` // 「無料です」
	About []string `json:"about,omitempty"`
	Who   []string `json:"who,omitempty"`  // who may come
	Gets  []string `json:"gets,omitempty"` // what one takes home

	line int
}

// ApplicationForm is the 申込書, for FAX too.
type ApplicationForm struct {
	Title   string             `json:"title"`
	Intro   string             `json:"intro,omitempty"`
	Fields  []ApplicationField `json:"fields"`
	Privacy string             `json:"privacy"` // what the personal data are used for

	line int
}

// ApplicationField is a field of an 申込書: words to circle, lines to write on,
// or both.
type ApplicationField struct {
	Name    string   `json:"name"`
	Hint    string   `json:"hint,omitempty"`
	Choices []string `json:"choices,omitempty"`
	Lines   int      `json:"lines,omitempty"`

	line int
}

// ChecklistPart is what is done at one time before or after a class.
type ChecklistPart struct {
	When  string   `json:"when"`
	Items []string `json:"items"`

	line int
}
