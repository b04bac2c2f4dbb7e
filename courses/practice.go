package courses

import (
	"html/template"

	"tsunagari/storage"
)

// Practise draws an activity of the lesson as it was answered by a posted form:
// each answered item with what is said about it, the open ones gently marked,
// every value kept. Values that no form of ours sends count as not answered.
// Nothing is marked or stored. An activity that the lesson does not have, or
// that is private and sends nothing, is storage.ErrNotFound.
func Practise(lesson *Lesson, activityID string, values map[string][]string, reading Reading) (template.HTML, error) {
	a := lesson.activities[reading.index()][activityID]
	if a == nil || a.Kind == "worksheet" {
		return "", storage.ErrNotFound
	}
	if values == nil {
		values = map[string][]string{}
	}
	return template.HTML(newPage(lesson.site, lesson.ID, reading).draw(a, values)), nil
}
