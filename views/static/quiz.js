"use strict";
// Keeps every answer as soon as it is given, and says so; ordering by buttons.
(() => {
  const form = document.querySelector("[data-quiz]");
  if (!form) return;
  const kept = form.querySelector("[data-kept]");
  let waiting = 0;
  const save = async () => {
    const mine = ++waiting;
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "save");
    body.set("sequence", Date.now());
    kept.textContent = "送っています…";
    let say = "まだ送れていません。つながったら、もう一度選んでください。「答えをきめる」でも送れます。";
    try {
      const r = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
      if (r.ok) say = (await r.json()).say;
    } catch { /* no connection: the sentence says so */ }
    if (mine === waiting) kept.textContent = say;
  };
  form.addEventListener("change", save);

  const list = form.querySelector("[data-order]");
  if (!list) return;
  const number = () => [...list.children].forEach((li, i) => {
    li.querySelector("select").value = i + 1;
    li.querySelector("output").textContent = i + 1;
    const [up, down] = li.querySelectorAll("button");
    up.disabled = i === 0;
    down.disabled = i === list.children.length - 1;
  });
  const button = (li, mark, name, move) => {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = mark;
    b.setAttribute("aria-label", li.querySelector("label").textContent + "を" + name);
    b.addEventListener("click", () => { move(); number(); (b.disabled ? li.querySelector("button:enabled") : b).focus(); save(); });
    return b;
  };
  const items = [...list.children].map((li) => [+li.querySelector("select").value || 99, li]).sort((a, b) => a[0] - b[0]);
  for (const [, li] of items) {
    list.append(li);
    li.querySelector(".select").hidden = true;
    const box = document.createElement("span");
    box.className = "moves";
    box.append(document.createElement("output"),
      button(li, "▲", "ひとつ上へ", () => li.previousElementSibling?.before(li)),
      button(li, "▼", "ひとつ下へ", () => li.nextElementSibling?.after(li)));
    li.append(box);
  }
  list.classList.add("moving");
  list.previousElementSibling.textContent = "▲と▼で、正しい順番に並べてください。";
  number();
})();
