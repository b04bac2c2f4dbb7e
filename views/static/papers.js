"use strict";
// Number keys only: a cell that is full leads to the next one, an empty one with
// the backspace key to the one before.
for (const form of document.querySelectorAll("[data-paper]")) {
  const cells = [...form.querySelectorAll("input:not([type=hidden])")];
  cells.forEach((cell, i) => {
    cell.addEventListener("input", () => {
      if (cell.dataset.most && cell.value.length >= +cell.dataset.most) (cells[i + 1] || form.querySelector("button")).focus();
    });
    cell.addEventListener("keydown", (e) => {
      if (e.key === "Backspace" && cell.value === "" && i > 0) {
        e.preventDefault();
        cells[i - 1].focus();
      }
    });
  });
}
