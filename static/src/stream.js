// The live tail of a log: server-sent events appended as plain text. Without them the part polls itself.
export function tail(place) {
  place.dataset.streaming = "";
  const lines = document.querySelector("#log-lines");
  const waits = document.querySelector("#log-next");
  let number = Number(place.dataset.line);
  let heard = false;
  const source = new EventSource(place.dataset.stream);
  source.addEventListener("log", (event) => {
    heard = true;
    const rows = JSON.parse(event.data).text.split("\n");
    if (rows.at(-1) === "") rows.pop();
    for (const row of rows) {
      number += 1;
      const line = document.createElement("span");
      line.className = row.startsWith("+ ") ? "cl d" : "cl";
      line.dataset.n = String(number);
      line.id = `L${number}`;
      line.append(document.createElement("span"), `${row}\n`);
      line.firstChild.className = "ts";
      lines.append(line);
    }
    const words = waits?.querySelector("b");
    if (words) words.textContent = `Waits for line ${number + 1}`;
    document.dispatchEvent(new CustomEvent("logline"));
  });
  source.addEventListener("restart", () => { lines.replaceChildren(); number = 0; });
  const stop = (event) => {
    source.close();
    const note = JSON.parse(event.data).note ?? JSON.parse(event.data).reason ?? "";
    if (waits) waits.textContent = note;
  };
  source.addEventListener("end", stop);
  source.addEventListener("gone", stop);
  source.addEventListener("error", () => {
    if (heard || source.readyState !== EventSource.CLOSED) return;
    source.close();
    waits?.dispatchEvent(new CustomEvent("poll", { bubbles: true }));
  });
}
