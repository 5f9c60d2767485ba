// What every page loads: htmx, and the few parts of ours that pages switch on with data attributes.
import htmx from "htmx.org";
import "./keys.js";
import "./jump.js";
import "./session.js";
import "./linked.js";

// The editor is large and most pages have none, so it comes as a chunk of its own.
async function mountEditors(root) {
  const places = root.querySelectorAll("textarea[data-editor]:not([data-editor-mounted])");
  if (places.length === 0) return;
  const { mountEditor } = await import("./editor.js");
  // Another call may have been faster while the chunk came.
  for (const place of places) if (!("editorMounted" in place.dataset)) mountEditor(place);
}

async function drawCharts(root) {
  const places = root.querySelectorAll("[data-chart-values]:not([data-chart-drawn])");
  if (places.length === 0) return;
  const { drawChart } = await import("./chart.js");
  for (const place of places) drawChart(place);
}

// A refused save moves the focus to its verdict, as an error summary does.
function focusVerdict(root) {
  const verdict = root.querySelector("[data-focus]:not([data-focused])");
  if (!verdict) return;
  verdict.dataset.focused = "";
  verdict.focus({ preventScroll: false });
}

// A log that is followed stays at its end, until somebody scrolls up.
function follow(root) {
  for (const log of root.querySelectorAll("[data-log]")) {
    const box = document.querySelector(log.dataset.log);
    if (!log.dataset.watched) {
      log.dataset.watched = "1";
      log.addEventListener("scroll", () => {
        if (box && log.scrollTop + log.clientHeight < log.scrollHeight - 40) box.checked = false;
      });
    }
    if (box?.checked) log.scrollTop = log.scrollHeight;
  }
}

async function followStreams(root) {
  const places = root.querySelectorAll("[data-stream]:not([data-streaming])");
  if (places.length === 0) return;
  const { tail } = await import("./stream.js");
  for (const place of places) tail(place);
}

function arrive(root) {
  followStreams(root);
  mountEditors(root);
  drawCharts(root);
  focusVerdict(root);
  follow(root);
}

// Lists that are filtered where they stand: the scope switcher.
document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-filter-list]");
  if (!field) return;
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll(`${field.dataset.filterList} [data-text]`)) {
    row.hidden = !words.every((word) => row.dataset.text.includes(word));
  }
});

// A form that is sent once says so, and is not sent again by a second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post" && !form.matches("[hx-post]")) form.dataset.sent = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("click", async (event) => {
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    document.getElementById("live").textContent = "Copied";
  }
});

document.addEventListener("htmx:after:swap", () => arrive(document));
document.addEventListener("logline", () => follow(document));
arrive(document);

export { htmx };
