// Keys: the list behind "?". Single keys are off inside fields, and can be switched off for good.
const goTo = { h: "home", c: "catalogue", p: "policies", l: "pipelines", r: "executions", a: "audit", s: "settings" };
let waitsForSecond = false;

function switchedOff() {
  try {
    return localStorage.getItem("keys") === "off";
  } catch {
    return false;
  }
}

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable], .cm-editor, dialog[open]") !== null;
}

function section(name) {
  return document.querySelector(`[data-section="${name}"]`);
}

function rows() {
  return [...document.querySelectorAll("main .tbl tbody tr, main .items > li, main .card-t")].filter((row) => row.querySelector("a"));
}

function moveCursor(step) {
  const all = rows();
  if (all.length === 0) return;
  const now = all.findIndex((row) => row.classList.contains("is-cursor"));
  const next = Math.min(Math.max(now + step, 0), all.length - 1);
  all[now]?.classList.remove("is-cursor");
  all[next].classList.add("is-cursor");
  all[next].querySelector("a").focus();
}

const single = {
  "/": () => openDialog("jump-dialog"),
  "?": () => openDialog("keys-dialog"),
  j: () => moveCursor(1),
  k: () => moveCursor(-1),
  n: () => { location.href = "/describe/pipeline/"; },
  "[": () => document.querySelector('a[rel="prev"]')?.click(),
  "]": () => document.querySelector('a[rel="next"]')?.click(),
  g: () => { waitsForSecond = true; setTimeout(() => { waitsForSecond = false; }, 1200); },
};

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
  dialog?.querySelector("input:not([type=hidden], [type=checkbox])")?.select();
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    const save = document.querySelector("[data-save]");
    if (save) { event.preventDefault(); save.click(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || switchedOff()) return;
  if (waitsForSecond) {
    waitsForSecond = false;
    const link = goTo[event.key] && section(goTo[event.key]);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  const act = single[event.key];
  if (act) { event.preventDefault(); act(); }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-keys-off]")) localStorage.setItem("keys", event.target.checked ? "off" : "on");
});
