// Listens to the live stream and turns each message into a DOM event on the body: "ticket" with the number in
// its detail, "presence" and "held" with the same, "notice", and "catch-up" whenever something may have been missed.
// htmx triggers and modules hang on these. A page without a stream asks again every half minute. A page nobody looks at
// lets its stream go: browsers keep few connections to one host, and tabs left open would use them up.
const body = document.body;
const SPREAD = 2000; // milliseconds over which all open pages together ask again
let healthy = false;
let ended = false;
let source = null;

function fire(name, detail = {}) {
  body.dispatchEvent(new CustomEvent(`live:${name}`, { detail, bubbles: true }));
}

function connect() {
  release();
  source = new EventSource("/live/");
  source.addEventListener("hello", () => { healthy = true; fire("catch-up"); });
  source.addEventListener("resync", () => { healthy = true; setTimeout(fire, Math.random() * SPREAD, "catch-up"); });
  source.addEventListener("stale", () => { healthy = false; });
  source.addEventListener("bye", () => { ended = true; release(); });
  source.addEventListener("ticket", (event) => fire("ticket", JSON.parse(event.data)));
  source.addEventListener("notice", (event) => fire("notice", JSON.parse(event.data)));
  source.addEventListener("presence", (event) => fire("presence", JSON.parse(event.data)));
  source.addEventListener("held", (event) => fire("held", JSON.parse(event.data)));
  source.addEventListener("error", () => { healthy = false; });
}

function release() {
  source?.close();
  source = null;
  healthy = false;
}

function closed() {
  return source === null || source.readyState === EventSource.CLOSED;
}

function start() {
  if (document.visibilityState === "visible") connect();
  document.addEventListener("visibilitychange", () => {
    if (ended) return;
    if (document.visibilityState === "visible") connect();
    else release();
  });
  window.addEventListener("pagehide", release);
  window.addEventListener("pageshow", (event) => { if (event.persisted && !ended) connect(); });
  setInterval(() => {
    if (healthy || ended || document.visibilityState !== "visible") return;
    if (closed()) connect();
    fire("catch-up");
  }, 30000);
}

// Not before every other module of the page listens: the first "catch-up" would pass them by.
if (body.dataset.live !== undefined) {
  if (document.readyState === "complete") start();
  else document.addEventListener("DOMContentLoaded", start);
}
