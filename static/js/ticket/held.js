// A reply that has not left yet: counts its seconds, and lets it go when they are over. A sweep of the desk's does
// the same for pages that are gone; whoever comes first does it, once.
import { now } from "../countdown.js";

const AGAIN = 3000; // milliseconds until it is asked once more, if no answer came
let askedAt = 0;

function tick() {
  const seconds = document.querySelector("[data-leaves]");
  if (!seconds) return;
  const left = Math.max(0, Math.ceil((Date.parse(seconds.dataset.leaves) - now()) / 1000));
  if (seconds.textContent !== String(left)) seconds.textContent = String(left);
  if (left || Date.now() - askedAt < AGAIN) return;
  askedAt = Date.now();
  document.getElementById("held-go").dispatchEvent(new CustomEvent("held-due"));
}

// Whoever undid it goes on writing; whose reply was refused is told by the box.
document.body.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id === "compose") document.getElementById("reply-body").focus({ preventScroll: true });
  if (event.detail.target.id === "held") tick();
});

tick();
setInterval(tick, 250);
