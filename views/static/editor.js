// The editor of a lesson: buttons that put marks into the text, a save every few
// seconds, and a preview that follows. Without this file the page is a form.
(() => {
  "use strict";
  const form = document.getElementById("editor");
  if (!form || !window.fetch) return;
  const all = (root, selector) => [...root.querySelectorAll(selector)];
  const state = form.querySelector("[data-state]");
  const later = 3000; // after the last key
  let timer, dirty = false, busy = false, stopped = false, shown = "standard";

  const say = (text, bad) => {
    state.textContent = text;
    state.classList.toggle("bad", !!bad);
  };
  const typed = () => new URLSearchParams(new FormData(form));
  const post = (to, body) => fetch(to, { method: "POST", body, credentials: "same-origin" });

  // ---- saving ----
  const soon = (wait) => {
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(save, wait || later);
  };
  const save = async () => {
    if (busy || !dirty || stopped) return busy && soon();
    busy = true;
    dirty = false;
    say("保存しています");
    try {
      const answer = await post(form.dataset.autosave, typed());
      const kept = await answer.json();
      if (kept.version) form.elements.version.value = kept.version;
      stopped = !!kept.stop;
      dirty = dirty || !answer.ok;
      say(kept.say, !answer.ok);
      if (answer.ok) preview();
    } catch (e) {
      dirty = true;
      say("保存できていません。つながったら、もう一度保存します。この画面は閉じないでください。", true);
      soon(10000);
    }
    busy = false;
    if (dirty && !stopped && !state.classList.contains("bad")) soon();
  };
  form.addEventListener("input", () => {
    dirty = true;
    if (!stopped) say("まだ保存していません");
    soon();
  });
  addEventListener("online", () => soon(1));
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  addEventListener("beforeunload", (e) => { if (dirty && !leaving) e.preventDefault(); });
  let leaving = false;

  // ---- preview ----
  const live = () => {
    const body = document.querySelector("#preview .body");
    if (!body) return;
    body.inert = false;
    body.removeAttribute("inert");
    body.dispatchEvent(new Event("practice", { bubbles: true }));
  };
  const preview = async () => {
    const body = typed();
    body.set("show", shown);
    try {
      const answer = await post(form.dataset.preview, body);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const frame = document.querySelector(".phone-frame"), at = frame ? frame.scrollTop : 0;
      for (const id of ["preview", "notes-standard", "notes-easy"]) {
        const fresh = page.getElementById(id);
        if (fresh) document.getElementById(id).replaceChildren(...fresh.childNodes);
      }
      live();
      if (document.querySelector(".phone-frame")) document.querySelector(".phone-frame").scrollTop = at;
    } catch (e) { /* the text is what counts; the next save tries again */ }
  };
  form.addEventListener("submit", (e) => {
    const b = e.submitter;
    if (!b || b.name !== "show") {
      leaving = true;
      return;
    }
    e.preventDefault();
    shown = b.value;
    all(document, "[name=show]").forEach((o) => o.setAttribute("aria-pressed", o === b));
    preview();
  });
  live();

  // ---- buttons over the text ----
  const put = (area, text, from, to) => {
    area.focus();
    area.setSelectionRange(from, to);
    if (!document.execCommand("insertText", false, text)) { // keeps what can be taken back
      area.setRangeText(text, from, to, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };
  const block = (area, text) => {
    const name = "r" + Math.random().toString(36).slice(2, 8);
    const at = area.selectionEnd;
    const before = area.value.slice(0, at).replace(/\s+$/, ""), after = area.value.slice(at).replace(/^\s+/, "");
    const from = before.length, to = area.value.length - after.length;
    put(area, (before ? "\n\n" : "") + text.replace("{id}", name) + (after ? "\n\n" : "\n"), from, to);
  };
  const wrap = (area, b) => {
    const [left, ...rest] = b.dataset.wrap.split("|");
    const from = area.selectionStart, words = area.value.slice(from, area.selectionEnd) || b.dataset.empty;
    put(area, left + words + rest.join("|"), from, area.selectionEnd);
    area.setSelectionRange(from + left.length, from + left.length + words.length);
  };
  const lines = (area, mark) => {
    const from = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const text = area.value.slice(from, area.selectionEnd) || "ひとつめ";
    put(area, text.split("\n").map((l) => mark + l).join("\n"), from, area.selectionEnd);
  };
  const activities = (text) => text.match(/^:::(sort|match|order|talk|chain|worksheet)[^]*?^:::[ \t]*$/gm) || [];
  const press = (area, b) => {
    const data = b.dataset;
    if (data.block) block(area, data.block);
    else if (data.wrap) wrap(area, b);
    else if (data.lines) lines(area, data.lines);
    else if (data.copy && (!area.value.trim() || confirm("いまの「やさしい日本語」の文の後ろに、ふつうの文を写します。"))) {
      area.setSelectionRange(area.value.length, area.value.length);
      block(area, document.getElementById(data.copy).value);
    } else if (data.copyActivities) {
      area.setSelectionRange(area.value.length, area.value.length);
      activities(document.getElementById(data.copyActivities).value)
        .filter((a) => !area.value.includes(a.split("\n")[0]))
        .forEach((a) => block(area, a));
    }
  };
  all(document, "[data-toolbar]").forEach((bar) => {
    const area = document.getElementById(bar.dataset.toolbar);
    bar.hidden = false;
    bar.addEventListener("click", (e) => {
      const b = e.target.closest("button");
      if (!b) return;
      press(area, b);
      all(bar, "details[open]").forEach((d) => { d.open = false; });
    });
    bar.addEventListener("keydown", (e) => {
      const menu = e.key === "Escape" && e.target.closest("details[open]");
      if (!menu) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // ---- tabs, where the screen is narrow ----
  const writing = document.querySelector(".writing"), tabs = document.querySelector("[data-tabs]");
  tabs.hidden = false;
  writing.dataset.tab = "standard";
  tabs.addEventListener("click", (e) => {
    const b = e.target.closest("button");
    if (!b) return;
    writing.dataset.tab = b.dataset.tab;
    all(tabs, "button").forEach((o) => o.setAttribute("aria-pressed", o === b));
    if (b.dataset.tab === "look") preview();
  });
})();
