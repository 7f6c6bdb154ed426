// Tells the desk what is done on this page and shows the colleagues who are on the same ticket. Pages say so every
// quarter of a minute and whenever it changes; the others hear of a change by "live:presence" and ask by saying it
// again. Nothing of this matters enough to trouble anybody with an error.
const place = document.getElementById("presence");
const EVERY = 15_000; // milliseconds; half of what the desk remembers a silent page
const WRITES_FOR = 20_000; // milliseconds after the last key
const SETTLES = 150;
const page = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(36)).join("");
const form = () => document.getElementById("reply-form");
let wroteAt = 0;
let said = "";
let soon = null;
let asking = false;
let gone = false;

function doing() {
  const box = form();
  if (!box?.elements.body.value.trim() || Date.now() - wroteAt > WRITES_FOR) return "look";
  return box.elements.kind?.value === "internal" ? "note" : "reply";
}

function words(what) {
  const sent = new FormData();
  sent.append("csrfmiddlewaretoken", form()?.elements.csrfmiddlewaretoken.value ?? "");
  sent.append("page", page);
  sent.append("doing", what);
  return sent;
}

async function say() {
  clearTimeout(soon);
  if (gone || document.hidden) return;
  if (asking) { later(); return; }
  asking = true;
  said = doing();
  try {
    const answer = await fetch(place.dataset.url, { method: "POST", body: words(said), redirect: "error" });
    if (answer.status === 404) gone = true;
    show(answer.status === 200 ? await answer.text() : "");
  } catch { show(""); }
  asking = false;
}

function later() {
  clearTimeout(soon);
  soon = setTimeout(say, SETTLES);
}

function show(html) {
  if (place.innerHTML !== html) place.innerHTML = html;
  warn();
}

// In the box, because the head may be scrolled away.
function warn() {
  const told = form()?.querySelector("[data-others]");
  const text = [...place.querySelectorAll("[data-warning]")].map((other) => other.dataset.warning).join(" ");
  if (told && told.textContent !== text) told.textContent = text;
}

function bye() {
  if (!said || gone) return;
  said = "";
  navigator.sendBeacon(place.dataset.url, words("gone"));
}

function watch() {
  document.addEventListener("input", (event) => {
    if (event.target.id !== "reply-body") return;
    wroteAt = Date.now();
    if (doing() !== said) later();
  });
  document.addEventListener("change", (event) => { if (event.target.name === "kind" && doing() !== said) later(); });
  document.body.addEventListener("htmx:afterSettle", () => { warn(); if (doing() !== said) later(); });
  document.body.addEventListener("live:presence", (event) => {
    if (event.detail.number === document.querySelector("[data-ticket]").dataset.ticket) later();
  });
  document.body.addEventListener("live:catch-up", later);
  document.addEventListener("visibilitychange", () => { if (document.hidden) bye(); else later(); });
  addEventListener("focus", later);
  addEventListener("pagehide", bye);
  addEventListener("pageshow", later);
  setInterval(say, EVERY);
  setInterval(() => { if (said && said !== "look" && doing() !== said) later(); }, 1000);
}

if (place) watch();
