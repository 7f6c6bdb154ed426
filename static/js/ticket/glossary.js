// Jargon in a reply under way: the desk is asked a moment after the last key, and lists what it knows under the box
// with plain words for each. Nothing here keeps a message from being sent.
import { put, text } from "./writing.js";

let timer = null;
let asked = null;

const list = () => document.getElementById("jargon");
const ask = (delay) => {
  clearTimeout(timer);
  timer = setTimeout(look, delay);
};

async function look() {
  const box = text();
  const found = list();
  if (!box || !found) return;
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const draft = box.value;
  const kind = box.form.elements.kind?.value ?? "";
  if (!draft.trim() || kind !== "public") {
    show(found, "");
    return;
  }
  try {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(found.dataset.ask, { method: "POST", headers, body: new URLSearchParams({ body: draft, kind }), signal });
    if (answer.ok && !answer.redirected && box.isConnected) show(found, await answer.text());
  } catch {
    // A later draft was asked about, or nobody answered: what stands there may be old, so it goes.
    if (!signal.aborted) show(found, "");
  }
}

function show(found, html) {
  if (found.dataset.shown === html) return;
  found.dataset.shown = html;
  found.innerHTML = html;
  found.closest(".jargon-box").hidden = !found.childElementCount;
}

function use(button) {
  const box = text();
  const { word, at } = button.dataset;
  // The draft may have moved on since it was looked at.
  const here = box.value.startsWith(word, Number(at)) ? Number(at) : box.value.indexOf(word);
  if (here >= 0) put(button.dataset.with, here, here + word.length);
  ask(0);
}

document.addEventListener("input", (event) => { if (event.target === text()) ask(700); });
document.addEventListener("change", (event) => { if (event.target.name === "kind") ask(0); });
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#jargon [data-with]");
  if (button && text()) use(button);
});
document.body.addEventListener("htmx:afterSettle", (event) => { if (event.detail.target.id === "compose") ask(0); });
// A draft of an earlier visit is put back by another module of the page.
ask(300);
