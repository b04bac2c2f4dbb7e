package views

import (
	"fmt"
	"html/template"
)

// icons are drawn by us, 24 by 24, in the colour of the text. They never stand
// without a word.
var icons = map[string]string{
	"next":  `<path d="m9 5 7 7-7 7"/>`,
	"back":  `<path d="m15 5-7 7 7 7"/>`,
	"done":  `<path d="m5 12.5 4.5 4.5L19 7.5"/>`,
	"phone": `<path d="M6 3.5h3l1.6 4.2-2 1.6a12 12 0 0 0 6.1 6.1l1.6-2 4.2 1.6v3c0 1.2-1 2.2-2.2 2A17 17 0 0 1 4 5.7c-.2-1.2.8-2.2 2-2.2Z"/>`,
	"alert": `<path d="M12 4 2.8 20h18.4L12 4Zm0 6v5m0 2.2v.3"/>`,
	"info":  `<circle cx="12" cy="12" r="9"/><path d="M12 11v6m0-9.5v.3"/>`,
	"text":  `<path d="M3 18 8 6l5 12M4.8 14h6.4M14 18l3.5-8 3.5 8m-6-2.5h5"/>`,
	"sound": `<path d="M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4Zm11.5-.5a4.5 4.5 0 0 1 0 6m2.5-8.5a8 8 0 0 1 0 11"/>`,
	"open":  `<circle cx="12" cy="12" r="8.5"/>`,
	"again": `<path d="M5 12a7 7 0 1 0 2.2-5.1M5 4v4h4"/>`,
	"print": `<path d="M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z"/>`,
	"card":  `<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M6.5 10h5m-5 4h8"/>`,
}

// icon is one of icons as inline SVG, hidden from screen readers.
func icon(name string) (template.HTML, error) {
	shape, ok := icons[name]
	if !ok {
		return "", fmt.Errorf("no icon %q", name)
	}
	return template.HTML(`<svg class="icon icon-` + name + `" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" ` +
		`stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">` + shape + `</svg>`), nil
}
