package questions

import "strings"

// Import is what a file of another system holds, read for a preview. Nothing of it
// is stored yet.
type Import struct {
	Questions   []Imported
	Unsupported []Remark // types that we do not have
	Problems    []Remark // what could not be read or needs a look
	FullWidth   bool     // the file writes its signs in full width (｛＝～＃｝): reading it again with ReadOptions.FullWidth takes them as signs
}

// Imported is one question with what only other systems know of it.
type Imported struct {
	Question // Line is where it begins, Explanation the general feedback, ID is empty

	Name      string // its title there
	ForeignID string // its idnumber there
	Category  string // path as top/second, empty for none
	Files     []File // pictures and sounds that its texts refer to
}

// Faults are the reasons why the question cannot be taken as it is.
func (q *Imported) Faults() []string {
	checked := q.Question
	checked.ID = "x"
	var reasons []string
	for _, f := range Check(&checked) {
		_, reason, _ := strings.Cut(f.Reason, "：")
		reasons = append(reasons, strings.ReplaceAll(reason, "（right: true）", ""))
	}
	return reasons
}

// File is one file inside an import.
type File struct {
	Name    string // as the texts refer to it
	Content []byte
}

// Remark says about one place of the file what is wrong there, in plain Japanese.
type Remark struct {
	Line   int // 1 is the first; in a sheet the row
	Name   string
	Reason string
	Keep   *Imported // what it can be kept as, if the trainer says so: a reflection; else nil
}

// ReadOptions say how a file is to be read.
type ReadOptions struct {
	FullWidth bool // take ｛｝＝～＃→％ as the signs of the format
}
