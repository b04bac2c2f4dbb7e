"use strict";
// What this script adds. Every page works without it.
(function () {
  var d = document, root = d.documentElement;
  function all(q, from) { return [].slice.call((from || d).querySelectorAll(q)); }
  function say(text) {
    var p = d.getElementById("net");
    if (!text) { if (p) p.remove(); return; }
    if (!p) {
      p = d.createElement("p");
      p.id = "net"; p.className = "offline"; p.setAttribute("role", "status");
      d.body.appendChild(p);
    }
    p.textContent = text;
  }

  // The size of the text changes at once; the cookie follows.
  all("[data-reading]").forEach(function (form) {
    form.addEventListener("click", function (e) {
      var b = e.target.closest("button[name=size]");
      if (!b || !window.fetch) return;
      e.preventDefault();
      root.classList.remove("size-l", "size-x");
      if (b.value !== "s") root.classList.add("size-" + b.value);
      all("[name=size]", form).forEach(function (o) { o.setAttribute("aria-pressed", o === b); });
      fetch(form.action, { method: "POST", body: new URLSearchParams({ size: b.value, back: "/settings" }), redirect: "manual" })["catch"](function () {});
    });
  });

  // A button that was pressed says so and stays what it is: the server keeps a
  // second sending from doing anything twice.
  d.addEventListener("submit", function (e) {
    var form = e.target, b = e.submitter || form.querySelector("button:not([type=button])");
    if (e.defaultPrevented || form.method !== "post") return;
    if (navigator.onLine === false) {
      e.preventDefault();
      say("いまインターネットにつながっていないため、まだ送れていません。入力したものは、この画面に残っています。電波のよいところで、もう一度押してください。");
      return;
    }
    if (!b || form.hasAttribute("data-reading") || b.hasAttribute("aria-busy")) return;
    var was = b.innerHTML;
    function back() { b.innerHTML = was; b.removeAttribute("aria-busy"); }
    setTimeout(function () { b.setAttribute("aria-busy", "true"); b.textContent = "送っています"; }, 0);
    setTimeout(back, 10000);
    addEventListener("pageshow", back, { once: true });
  });

  addEventListener("offline", function () { say("インターネットにつながっていません。読むことはできます。答えや入力は、つながってから送ってください。"); });
  addEventListener("online", function () { say("つながりました。"); setTimeout(say, 4000); });

  // The secret of a one-time link stands behind #, which no server is told: into the
  // field with it, and out of the address.
  all("#token").forEach(function (field) {
    var code = location.hash.slice(1);
    if (code.length < 20) return;
    field.value = code;
    history.replaceState(null, "", location.pathname);
  });

  all("[data-focus]").slice(0, 1).forEach(function (el) { el.focus(); });
  all("[data-print]").forEach(function (b) {
    b.hidden = false;
    b.addEventListener("click", function () { print(); });
  });

  // 声で聞く: only where the phone has a Japanese voice. Furigana is not read, it
  // would say every word twice.
  var tts = window.speechSynthesis, text = d.querySelector("[data-read-aloud]"), speak, on = false;
  if (!tts || !text) return;
  function voice() {
    return tts.getVoices().filter(function (v) { return /^ja/i.test(v.lang); }).sort(function (a, b) { return b.localService - a.localService; })[0];
  }
  function sentences() {
    var out = [];
    all("h1,h2,h3,p,li,dt,dd,summary,th,td,figcaption,legend,label", text).forEach(function (el) {
      if (!el.getClientRects().length || el.querySelector("p,li,label,legend") || el.closest("[aria-hidden=true],.sources")) return;
      var copy = el.cloneNode(true);
      all("rt,rp,svg,button,input", copy).forEach(function (n) { n.remove(); });
      (copy.textContent.match(/[^。！？]+[。！？」）]*/g) || []).forEach(function (t) { if (t.trim()) out.push([t.trim(), el]); });
    });
    return out;
  }
  function show() {
    if (speak) speak.textContent = on ? "■ 止める" : "▶ 声で聞く";
  }
  function stop() { on = false; tts.cancel(); show(); }
  function start() {
    var list = sentences(), i = 0;
    on = true; show(); tts.cancel();
    (function next() {
      if (!on || i >= list.length) { on = false; show(); return; }
      var u = new SpeechSynthesisUtterance(list[i++][0]);
      u.lang = "ja-JP"; u.voice = voice(); u.rate = 0.9;
      u.onend = next;
      u.onerror = function () { if (on) stop(); };
      tts.speak(u);
    })();
  }
  function ready() {
    if (speak || !voice()) return;
    speak = d.createElement("button");
    speak.type = "button"; speak.className = "outline small speak";
    speak.addEventListener("click", function () { if (on) stop(); else start(); });
    var h = text.querySelector("h1");
    text.insertBefore(speak, h ? h.nextSibling : text.firstChild);
    show();
  }
  if (tts.addEventListener) tts.addEventListener("voiceschanged", ready);
  addEventListener("pagehide", stop);
  ready();
})();
