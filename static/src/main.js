// What every page loads: htmx, and the few parts of ours that pages switch on with data attributes.
import htmx from "htmx.org";

// The editor is large and most pages have none, so it comes as a chunk of its own.
async function mountEditors(root) {
  const places = root.querySelectorAll("textarea[data-editor]:not([data-editor-mounted])");
  if (places.length === 0) return;
  const { mountEditor } = await import("./editor.js");
  for (const place of places) mountEditor(place);
}

async function drawCharts(root) {
  const places = root.querySelectorAll("[data-chart-values]:not([data-chart-drawn])");
  if (places.length === 0) return;
  const { drawChart } = await import("./chart.js");
  for (const place of places) drawChart(place);
}

function arrive(root) {
  mountEditors(root);
  drawCharts(root);
}

document.addEventListener("htmx:after:swap", () => arrive(document));
arrive(document);

export { htmx };
