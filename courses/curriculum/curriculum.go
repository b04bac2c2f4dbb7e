// Package curriculum holds the built-in courses as files. They are read through
// the same door as anybody's course (courses.ReadPackage).
package curriculum

import (
	"embed"
	"io/fs"
)

// A new folder with a course.md is a new course: nothing here has to change.
//
//go:embed *
var files embed.FS

// FS is the built-in courses, a folder each.
func FS() fs.FS { return files }

// Names are the folders of the built-in courses.
func Names() []string {
	found, err := fs.Glob(files, "*/course.md")
	if err != nil {
		panic(err) // the pattern is ours
	}
	for i, name := range found {
		found[i] = name[:len(name)-len("/course.md")]
	}
	return found
}
