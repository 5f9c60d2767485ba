// A session that ended while somebody wrote: a dialog over the page, so that no text is lost. What was refused
// is offered again by its own button and never repeated by itself.
import { openDialog } from "./keys.js";

const dialog = document.getElementById("signed-out-dialog");
// A page that was looked at just now is trusted; asking before each form would be a request more for each.
const TRUSTED_MS = 60_000;
let seenAt = Date.now();

// Whether this page's person is still signed in; the forms' tokens are renewed, as signing in changes them.
async function stillSignedIn() {
  const answer = await fetch(dialog.dataset.check, { headers: { Accept: "application/json" } });
  if (answer.status === 401) return "You are not signed in yet.";
  if (!answer.ok) return "";
  const { user, csrf } = await answer.json();
  if (user !== dialog.dataset.user) return `You are signed in as ${user}; this page is ${dialog.dataset.user}’s.`;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = csrf;
  seenAt = Date.now();
  return "";
}

function say(text) {
  dialog.querySelector("[data-said]").textContent = text;
}

if (dialog) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[hx-post]") || Date.now() - seenAt < TRUSTED_MS) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // Without an answer the form is sent as it would have been: the network's own page says what is wrong.
    const why = await stillSignedIn().catch(() => "");
    seenAt = Date.now();
    if (!why) return form.requestSubmit(event.submitter);
    seenAt = 0;
    say("");
    openDialog("signed-out-dialog");
  }, true);
  document.addEventListener("signed-out", () => { seenAt = 0; say(""); openDialog("signed-out-dialog"); });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.querySelector("[data-signed-in]").addEventListener("click", async () => {
    const why = await stillSignedIn().catch(() => "The portal does not answer; try again in a moment.");
    say(why);
    if (!why) dialog.close();
  });
}
