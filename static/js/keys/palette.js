// The command palette: Ctrl+K (or the button) opens it, the desk says what fits the words typed so far.
import { combobox } from "../combobox.js";
import { post } from "./sending.js";

export const dialog = document.getElementById("palette");
const input = dialog.querySelector("input");
const list = dialog.querySelector("[role=listbox]");
const said = dialog.querySelector("[role=status]");
const box = combobox(input, list, { choose });
let timer = null;
let asked = null;
// The list answers other words than the box holds by now; Enter meant the first of those to come.
let stale = false;
let entered = false;

export function open() {
  if (document.querySelector("dialog[open]")) return;
  input.value = "";
  // What was asked for the last time is no answer to this.
  list.replaceChildren();
  said.textContent = "";
  box.first();
  entered = false;
  dialog.showModal();
  input.focus();
  ask();
}

async function ask() {
  stale = true;
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const q = input.value.trim();
  const ticket = document.querySelector("main[data-ticket]")?.dataset.ticket ?? "";
  try {
    const words = new URLSearchParams({ q, ticket });
    const answer = await fetch(`${dialog.dataset.ask}?${words}`, { headers: { "HX-Request": "true" }, signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    list.innerHTML = await answer.text();
    said.textContent = list.childElementCount ? "" : said.dataset.none;
  } catch {
    if (signal.aborted) return;
    list.replaceChildren();
    said.textContent = said.dataset.failed;
  }
  const first = box.first();
  stale = input.value.trim() !== q;
  if (stale || !dialog.open) return;
  if (entered && first) choose(first);
  entered = false;
}

function choose(option) {
  const { href, act, post: address, fields } = option.dataset;
  dialog.close();
  const button = act && document.getElementById(`do-${act}`);
  if (button) button.click();
  else if (address) post(address, JSON.parse(fields));
  else location.assign(href);
}

input.addEventListener("input", (event) => {
  // What an input method has not put together yet is no word.
  if (event.isComposing) return;
  stale = true;
  entered = false;
  clearTimeout(timer);
  timer = setTimeout(ask, 120);
});
// Whoever types fast presses Enter before the answer is there: not what stands in the list is meant.
input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !stale) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  entered = true;
}, { capture: true });
input.addEventListener("compositionend", () => {
  stale = true;
  clearTimeout(timer);
  timer = setTimeout(ask, 0);
});
dialog.addEventListener("close", () => { clearTimeout(timer); asked?.abort(); });
