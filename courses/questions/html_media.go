package questions

import (
	"net/url"
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

func (r *htmlReader) anchor(t html.Token) {
	r.pop(atom.A)
	to := attr(t, "href")
	if name, own := ownFile(to); own {
		r.lose("リンク先のファイル「" + name + "」")
		return
	}
	link := address(to)
	switch {
	case Linkable(link) && link != PlacesPage:
		r.push(element{tag: atom.A, linked: true})
		r.link = link
	case to != "" && !strings.HasPrefix(to, "#"):
		r.lose("リンク先「" + short(to) + "」")
	}
}

func short(s string) string {
	if runes := []rune(s); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return s
}

// FileName is the name by which texts refer to the file at a path of another
// system: without the characters that Markdown would take for its end.
func FileName(at string) string { return address(strings.TrimPrefix(at, "/")) }

// ownFile is the name of a file that comes with the question. Moodle writes its
// address @@PLUGINFILE@@/name; others have it beside the text.
func ownFile(to string) (name string, own bool) {
	rest, own := strings.CutPrefix(to, "@@PLUGINFILE@@/")
	if !own {
		u, err := url.Parse(to)
		if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || strings.HasPrefix(to, "/") {
			return "", false
		}
		rest = path.Base(to)
	}
	rest, _, _ = strings.Cut(rest, "?")
	if plain, err := url.PathUnescape(rest); err == nil {
		rest = plain
	}
	return FileName(rest), true
}

func (r *htmlReader) image(t html.Token) {
	r.endRuby()
	alt, src := attr(t, "alt"), attr(t, "src")
	if alt == "" {
		alt = "図"
	}
	name, own := ownFile(src)
	switch {
	case own:
		r.endLine()
		r.put(run{kind: picture, text: alt, aside: name})
		r.endLine()
	case strings.HasPrefix(src, "data:"):
		r.lose("文に埋めこまれた図「" + short(alt) + "」")
		r.say("（図：" + alt + "）")
	case Linkable(address(src)) && r.link == "":
		r.lose("ほかのサイトの図「" + short(alt) + "」（リンクにしました）")
		r.flush()
		r.link = address(src)
		r.say("図：" + alt)
		r.flush()
		r.link = ""
	default:
		r.lose("図「" + short(alt) + "」")
		r.say("（図：" + alt + "）")
	}
}

// play takes a player: its file is named, its inside is not shown.
func (r *htmlReader) play(t html.Token) {
	r.media = players[t.DataAtom]
	src := attr(t, "src") + attr(t, "data")
	if src != "" {
		r.player(src)
	}
	if t.DataAtom != atom.Embed {
		r.hide(t.DataAtom)
	}
}

func (r *htmlReader) player(src string) {
	kind := r.media
	r.media = ""
	link := address(src)
	name, own := ownFile(src)
	if !own {
		name = short(src)
	}
	if Linkable(link) && r.link == "" {
		r.lose(kind + "「" + name + "」（リンクにしました）")
		r.put(run{text: kind})
		r.current[len(r.current)-1].link = link
		return
	}
	r.lose(kind + "「" + name + "」")
	r.say("（" + kind + "：" + name + "）")
}

// drawing takes a formula or a drawing: what it says in words, else its letters.
func (r *htmlReader) drawing(t html.Token) {
	if words := attr(t, "alttext") + attr(t, "aria-label"); words != "" {
		r.lose("数式や図「" + short(words) + "」")
		r.say(words)
		r.hide(t.DataAtom)
		return
	}
	if t.DataAtom == atom.Svg {
		r.lose("文に埋めこまれた図")
	} else {
		r.lose("数式")
	}
	r.push(element{tag: t.DataAtom})
}

// annotation takes a formula as TeX in the place of its letters.
func (r *htmlReader) annotation(t html.Token) {
	r.flush()
	if i := r.innermost(atom.Math); i >= 0 && strings.Contains(attr(t, "encoding"), "tex") {
		r.current = r.current[:min(r.open[i].from, len(r.current))]
		return
	}
	r.hide(t.DataAtom)
}

func (r *htmlReader) innermost(tag atom.Atom) int {
	for i := len(r.open) - 1; i >= 0; i-- {
		if r.open[i].tag == tag {
			return i
		}
	}
	return -1
}
