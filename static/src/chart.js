// A line chart from numbers the server wrote into the page as JSON; colours come from the theme's variables.
import uPlot from "uplot";

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function drawChart(place) {
  place.dataset.chartDrawn = "";
  const { series, values } = JSON.parse(place.dataset.chartValues);
  const options = {
    width: place.clientWidth,
    height: place.clientHeight || 180,
    series: [{}, ...series.map(({ label, token }) => ({ label, stroke: colour(token), width: 1.5 }))],
  };
  return new uPlot(options, values, place);
}
