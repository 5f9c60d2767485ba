// Search or jump: a dialog over the page; arrows choose, Enter goes. Without JavaScript it is a page.
import { openDialog } from "./keys.js";

const field = () => document.getElementById("jump-q");
const options = () => [...document.querySelectorAll("#jump-results [role=option]")];

function choose(step) {
  const all = options();
  if (all.length === 0) return;
  const now = all.findIndex((row) => row.getAttribute("aria-selected") === "true");
  const next = (now + step + all.length) % all.length;
  all.forEach((row, index) => row.setAttribute("aria-selected", String(index === next)));
  field().setAttribute("aria-activedescendant", all[next].id);
  all[next].scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-jump]")) {
    event.preventDefault();
    openDialog("jump-dialog");
  }
  // A click on the veil, which is the dialog itself, closes it.
  if (event.target.matches("dialog.dlg")) event.target.close();
});

document.addEventListener("keydown", (event) => {
  if (event.target !== field()) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter") {
    const chosen = options().find((row) => row.getAttribute("aria-selected") === "true") ?? options()[0];
    if (chosen) {
      event.preventDefault();
      chosen.click();
    }
  }
});
