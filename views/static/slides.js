"use strict";
// Slides by keyboard and touch. All of them are in the page, so a step needs no
// network. Windows of one machine tell each other; other devices are told by the
// server, which is asked every few seconds. What was done here comes first: it is
// sent until it has arrived, and only then the server is believed again.
(() => {
  const stage = document.querySelector("[data-slides]");
  if (!stage) return;
  const base = stage.dataset.slides, poll = Number(stage.dataset.poll);
  const slides = [...stage.querySelectorAll("[data-n]")], last = slides.length;
  const wall = stage.classList.contains("stage");
  const lines = "BroadcastChannel" in window ? new BroadcastChannel("slides " + base) : null;
  let at = Number(stage.dataset.at), unsent = 0, sending = false, tag = "", moves = 0;

  const show = (n) => {
    at = Math.min(last, Math.max(1, n));
    for (const s of slides) s.hidden = Number(s.dataset.n) !== at;
    for (const now of stage.querySelectorAll("[data-now]")) now.textContent = at;
    for (const a of stage.querySelectorAll("a[data-to], a[data-keep]")) {
      const url = new URL(a.href), to = at + Number(a.dataset.to || 0);
      url.searchParams.set("n", Math.min(last, Math.max(1, to)));
      a.href = url;
    }
    for (const b of stage.querySelectorAll("button[data-to]")) b.value = Math.min(last, Math.max(1, at + Number(b.dataset.to)));
    const heading = slides[at - 1].querySelector("h2");
    stage.querySelector("[data-say]").textContent = at + "／" + last + "　" + heading.textContent;
    window.scrollTo(0, 0);
  };

  const send = async () => {
    if (!poll || sending || !unsent) return;
    sending = true;
    const n = unsent;
    try {
      const r = await fetch(base, { method: "POST", body: new URLSearchParams({ n }), redirect: "manual" });
      if (r.type === "opaqueredirect" && unsent === n) unsent = 0;
    } catch { /* no connection: with the next tick */ }
    sending = false;
  };

  const go = (n, told) => {
    n = Math.min(last, Math.max(1, n));
    if (n === at) return;
    moves++;
    show(n);
    if (told) return;
    unsent = n;
    if (lines) lines.postMessage(n);
    send();
  };

  const ask = async () => {
    if (unsent) return send();
    const before = moves;
    try {
      const r = await fetch(base + "/at", { headers: tag ? { "If-None-Match": tag } : {}, redirect: "manual" });
      if (r.status !== 200) return;
      tag = r.headers.get("ETag") || "";
      const n = Number(await r.text());
      if (moves === before && !unsent && n) go(n, true);
    } catch { /* no connection: the next time */ }
  };

  if (lines) lines.onmessage = (e) => { unsent = 0; go(Number(e.data), true); };
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    const on = e.target.closest("a, button, input, summary");
    if (on && (e.key === " " || e.key === "Enter")) return;
    const step = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": e.shiftKey ? -1 : 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -last, End: last }[e.key];
    const scrolls = !wall && (e.key === "ArrowDown" || e.key === "ArrowUp" || e.key === "Home" || e.key === "End");
    if (step && !scrolls) {
      e.preventDefault();
      go(at + step);
    } else if (wall && e.key.toLowerCase() === "f") {
      full();
    }
  });
  stage.addEventListener("click", (e) => {
    const by = e.target.closest("[data-to]");
    if (!by) return;
    e.preventDefault();
    go(at + Number(by.dataset.to));
  });

  // A finger that moves to the side turns the page.
  let from = null;
  stage.addEventListener("touchstart", (e) => { from = e.touches.length === 1 ? e.touches[0] : null; }, { passive: true });
  stage.addEventListener("touchend", (e) => {
    if (!from) return;
    const dx = e.changedTouches[0].clientX - from.clientX, dy = e.changedTouches[0].clientY - from.clientY;
    if (Math.abs(dx) > 60 && Math.abs(dx) > 2 * Math.abs(dy)) go(at + (dx < 0 ? 1 : -1));
    from = null;
  }, { passive: true });

  const full = () => document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen().catch(() => {});
  const button = stage.querySelector("[data-full]");
  if (button && document.fullscreenEnabled) {
    button.hidden = false;
    button.addEventListener("click", full);
  }

  const clock = stage.querySelector("[data-clock]");
  if (clock) {
    const tick = () => { clock.textContent = new Date().toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit" }); };
    clock.hidden = false;
    tick();
    setInterval(tick, 5000);
  }
  if (new URL(location.href).searchParams.has("n")) {
    unsent = at;
    if (lines) lines.postMessage(at);
  }
  show(at);
  if (poll) {
    ask();
    setInterval(ask, poll * 1000);
  }
})();
