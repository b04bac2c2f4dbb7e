"use strict";
// Keeps a part of the page as the server has it: every three seconds it is asked
// whether something has changed. Without script the page is loaded again by hand.
(() => {
  for (const part of document.querySelectorAll("[data-live]")) {
    let tag = "", asking = false, pressed = false; // what is being pressed stays until it is let go
    const typing = () => part.contains(document.activeElement) && /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    const open = () => part.querySelector("details[open]");
    const put = (html) => {
      const at = document.activeElement, form = part.contains(at) && at.closest("form");
      const same = form && [form.getAttribute("action"), at.name, [...form.elements].indexOf(at)];
      part.innerHTML = html;
      if (!same) return;
      const next = [...part.querySelectorAll("form")].find((f) => f.getAttribute("action") === same[0] && f.elements[same[1]]);
      if (next) next.elements[same[2]]?.focus({ preventScroll: true });
    };
    const ask = async () => {
      if (asking || document.hidden || typing() || open()) return;
      asking = true;
      try {
        const r = await fetch(part.dataset.live, { headers: tag ? { "If-None-Match": tag } : {}, redirect: "manual" });
        const html = r.status === 200 && await r.text();
        if (html !== false && !pressed) {
          tag = r.headers.get("ETag") || "";
          put(html);
        }
      } catch { /* no connection: the next time */ }
      asking = false;
    };
    part.addEventListener("pointerdown", () => { pressed = true; });
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(() => { pressed = false; }));
    part.addEventListener("submit", async (e) => {
      const form = e.target, b = e.submitter;
      if (form.method !== "post" || !navigator.onLine) return;
      e.preventDefault();
      const body = new URLSearchParams(new FormData(form));
      if (b && b.name) body.append(b.name, b.value);
      let kept = false;
      try { kept = (await fetch(form.action, { method: "POST", body, headers: { "X-Live": "1" }, redirect: "manual" })).type === "opaqueredirect"; } catch { /* sent as usual below */ }
      if (kept) return ask();
      if (b && b.name) {
        const f = document.createElement("input");
        f.type = "hidden"; f.name = b.name; f.value = b.value;
        form.append(f);
      }
      form.submit();
    });
    setInterval(ask, 3000);
    document.addEventListener("visibilitychange", ask);
  }
})();
