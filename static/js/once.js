// A form that leads to another page is sent once: a second click before the answer is there changes nothing. Forms that
// are fetched (htmx, modules) see to it themselves.
const AGAIN = 5000; // milliseconds after which nobody waits for the first answer any more
let sent = new WeakMap();

// On the window: whoever takes a form over has done so by then.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (Date.now() - (sent.get(form) ?? 0) < AGAIN) event.preventDefault();
  else sent.set(form, Date.now());
});
// Back on a page the browser has kept, it may be sent again.
addEventListener("pageshow", () => { sent = new WeakMap(); });
