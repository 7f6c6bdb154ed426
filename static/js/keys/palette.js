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

export function open() {
  if (document.querySelector("dialog[open]")) return;
  input.value = "";
  dialog.showModal();
  input.focus();
  ask();
}

async function ask() {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const ticket = document.querySelector("main[data-ticket]")?.dataset.ticket ?? "";
  try {
    const words = new URLSearchParams({ q: input.value.trim(), ticket });
    const answer = await fetch(`${dialog.dataset.ask}?${words}`, { headers: { "HX-Request": "true" }, signal });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    list.innerHTML = await answer.text();
    said.textContent = list.childElementCount ? "" : said.dataset.none;
  } catch {
    if (signal.aborted) return;
    list.replaceChildren();
    said.textContent = said.dataset.failed;
  }
  box.first();
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
  clearTimeout(timer);
  timer = setTimeout(ask, 120);
});
input.addEventListener("compositionend", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 0);
});
dialog.addEventListener("close", () => { clearTimeout(timer); asked?.abort(); });
