// A listing and what is said of it, linked both ways: a sentence lights its lines, a line its sentences.
const numbers = (element) => new Set((element.dataset.says ?? "").split(" ").filter(Boolean));
const listing = () => document.querySelector("[data-linked-lines]");
const sentences = () => [...document.querySelectorAll("[data-says]")];

function light(lines) {
  for (const row of listing()?.querySelectorAll(".cl[data-n]") ?? []) row.classList.toggle("lit", lines.has(row.dataset.n));
}

function clear() {
  light(new Set());
  for (const said of sentences()) said.classList.remove("lit");
}

function show(said, scroll) {
  clear();
  said.classList.add("lit");
  const lines = numbers(said);
  light(lines);
  if (!scroll) return;
  const first = [...(listing()?.querySelectorAll(".cl[data-n]") ?? [])].find((row) => lines.has(row.dataset.n));
  first?.scrollIntoView({ block: "nearest" });
}

function showLine(row, scroll) {
  clear();
  row.classList.add("lit");
  // The smallest part that speaks of the line, and the sentence around it.
  const about = sentences().filter((said) => numbers(said).has(row.dataset.n));
  for (const said of about) said.classList.add("lit");
  if (scroll) about.at(-1)?.scrollIntoView({ block: "nearest" });
}

const saidAt = (target) => target.closest?.("[data-says]");
const lineAt = (target) => target.closest?.("[data-linked-lines] .cl[data-n]");

for (const kind of ["mouseover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    if (!listing()) return;
    const said = saidAt(event.target);
    if (said) return show(said, kind === "focusin");
    const row = lineAt(event.target);
    if (row) showLine(row, false);
  });
}

document.addEventListener("click", (event) => {
  const said = saidAt(event.target);
  if (said) return show(said, true);
  const row = lineAt(event.target);
  if (!row) return;
  showLine(row, true);
  const field = document.querySelector("[data-line-field]");
  if (field) field.value = row.dataset.n;
});
