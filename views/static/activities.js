// Practice in lessons (courses/activities.html): answers appear at once, nothing
// is sent and nothing is kept. Without this file the forms go to the server, and
// worksheets are sheets of paper.
(() => {
  "use strict";
  const all = (root, selector) => [...root.querySelectorAll(selector)];
  const show = (el, on = true) => { if (el) el.hidden = !on; };

  // verdict shows what is said about a card; without a name it is taken away.
  const verdict = (card, name) => {
    const text = card.querySelector(".answer__text");
    all(text, "[data-verdict]").forEach((p) => show(p, p.dataset.verdict === name));
    show(text, !!name);
    show(card.querySelector(".answer__open"), false);
  };
  const right = (el) => ("right" in el.dataset ? "right" : "other");

  const choosing = (form) => {
    show(form.querySelector(".activity__do"), false);
    form.addEventListener("change", ({ target }) => {
      const picked = target.options ? target.options[target.selectedIndex] : target;
      verdict(target.closest(".card"), picked.value && right(picked));
    });
  };

  const order = (form) => {
    const list = form.querySelector(".cards");
    const answer = form.querySelector(".order__right > div");
    const status = document.createElement("p");
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    form.append(status);
    const cards = () => all(list, ".card");
    const move = (card, step) => {
      const other = step < 0 ? card.previousElementSibling : card.nextElementSibling;
      // The neighbour moves, so that the pressed button keeps the focus.
      if (other) step < 0 ? card.after(other) : card.before(other);
      cards().forEach((c) => verdict(c, ""));
      show(answer, false);
      status.textContent = cards().indexOf(card) + 1 + "番目";
    };
    const button = (card, step, sign, word) => {
      const b = document.createElement("button");
      b.type = "button";
      b.className = "button button--quiet";
      b.textContent = sign + " " + word;
      b.setAttribute("aria-label", word + "：" + card.querySelector(".card__ask").textContent);
      b.addEventListener("click", () => move(card, step));
      return b;
    };
    cards().forEach((card) => {
      const moves = document.createElement("span");
      moves.className = "order__moves";
      moves.append(button(card, -1, "▲", list.dataset.up), button(card, 1, "▼", list.dataset.down));
      const select = card.querySelector("select");
      select.after(moves);
      show(select, false);
    });
    form.addEventListener("submit", () => {
      cards().forEach((card, i) => {
        const late = i + 1 > card.dataset.last, early = i + 1 < card.dataset.first;
        verdict(card, late ? "late" : early ? "early" : "right");
      });
      show(answer);
    });
  };

  const talk = (form) => {
    const log = form.querySelector(".talk__log");
    const said = form.querySelector("template").content;
    const go = (scene) => {
      all(form, ".scene").forEach((s) => show(s, s.dataset.scene === scene));
      show(form.querySelector(".activity__do"), !!log.children.length);
      const last = log.lastElementChild;
      const next = (last && last.querySelector(".talk__reply")) || form.querySelector(".scene:not([hidden])");
      next.tabIndex = -1;
      next.focus(); // reading goes on from here
    };
    const choose = (button) => {
      const scene = button.closest(".scene");
      const past = document.createElement("li");
      past.dataset.scene = scene.dataset.scene;
      const words = [...scene.children].filter((e) => !e.matches(".options"));
      past.append(...words.map((e) => e.cloneNode(true)), said.cloneNode(true));
      past.querySelector(".talk__said").append(...button.cloneNode(true).childNodes);
      const reply = button.nextElementSibling;
      if (reply) {
        past.append(reply.cloneNode(true));
        show(past.lastChild);
      }
      log.append(past);
      go(button.dataset.next);
    };
    form.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (!button) return;
      if (button.name === "choice") return choose(button);
      const last = log.lastElementChild;
      const scene = button.name === "back" && last ? last.dataset.scene : "0";
      if (button.name === "back" && last) last.remove();
      else log.replaceChildren();
      go(scene);
    });
  };

  const chain = (form) => {
    all(form, "button").forEach((b) => {
      const text = b.closest(".card").querySelector(".answer__text");
      b.setAttribute("aria-expanded", !text.hidden);
      b.addEventListener("click", () => {
        show(text, text.hidden);
        b.setAttribute("aria-expanded", !text.hidden);
      });
    });
  };

  const score = (sheet) => {
    const result = sheet.querySelector(".worksheet__result");
    all(sheet, "table").forEach((t) => show(t, false)); // they still print
    return () => {
      const picked = all(sheet, "input:checked");
      const sum = picked.reduce((n, input) => n + +input.value, 0);
      const row = all(sheet, "tr[data-low]").find((r) => +r.dataset.low <= sum && sum <= +r.dataset.high);
      const done = row && picked.length === all(sheet, ".card").length;
      if (done) {
        sheet.querySelector(".worksheet__total").textContent = sum;
        sheet.querySelector(".worksheet__words").replaceChildren(...row.cells[1].cloneNode(true).childNodes);
      }
      show(result, !!done);
    };
  };

  const rows = (sheet) => () => all(sheet, ".worksheet__step").forEach((step) =>
    show(step, !!step.parentElement.parentElement.querySelector("[data-right]:checked")));

  const forms = { sort: choosing, match: choosing, order, talk, chain };
  const sheets = { score, rows };
  const wire = (root) => all(root, "[data-practice]").forEach((el) => {
    const kind = el.dataset.practice;
    if (forms[kind]) {
      forms[kind](el);
      el.addEventListener("submit", (e) => e.preventDefault());
    } else if (sheets[kind]) {
      const update = sheets[kind](el);
      el.addEventListener("change", update);
      update();
    }
  });
  wire(document);
  document.addEventListener("practice", ({ target }) => wire(target)); // the preview of a lesson that is being written
})();
