// Listens to the live stream and turns each message into a DOM event on the body: "ticket" with the number in
// its detail, "notice", and "catch-up" whenever something may have been missed. htmx triggers and modules hang
// on these. A page without a stream asks again every half minute.
const body = document.body;
let healthy = false;
let source = null;

function fire(name, detail = {}) {
  body.dispatchEvent(new CustomEvent(`live:${name}`, { detail, bubbles: true }));
}

function connect() {
  source?.close();
  source = new EventSource("/live/");
  source.addEventListener("hello", () => { healthy = true; fire("catch-up"); });
  source.addEventListener("resync", () => { healthy = true; fire("catch-up"); });
  source.addEventListener("stale", () => { healthy = false; });
  source.addEventListener("ticket", (event) => fire("ticket", JSON.parse(event.data)));
  source.addEventListener("notice", (event) => fire("notice", JSON.parse(event.data)));
  source.addEventListener("error", () => { healthy = false; });
}

if (body.dataset.live !== undefined) {
  connect();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    if (source.readyState === EventSource.CLOSED) connect();
    fire("catch-up");
  });
  setInterval(() => {
    if (healthy) return;
    if (source.readyState === EventSource.CLOSED) connect();
    fire("catch-up");
  }, 30000);
}
