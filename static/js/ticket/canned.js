// Canned replies: Ctrl+J (or the button) opens them, what is typed filters, Enter puts one in at the cursor. Nothing
// that stands in the box is replaced, a selection included.
import { combobox } from "../combobox.js";
import { put, text } from "./writing.js";

const dialog = document.getElementById("canned");
// What its writer is still to fill in is selected once it stands in the box.
const BLANK = /（填写[^）]*）|\(fill in[^)]*\)/;

if (dialog) {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const shown = dialog.querySelector(".picker__text");
  const said = dialog.querySelector("[role=status]");
  let cursor = 0;
  const box = combobox(input, list, {
    choose,
    mark: (option) => { shown.textContent = option?.dataset.text ?? ""; shown.scrollTop = 0; },
  });

  async function open() {
    if (!text() || document.querySelector("dialog[open]")) return;
    // After a selection, not over it.
    cursor = text().selectionEnd;
    input.value = "";
    list.replaceChildren();
    said.textContent = "";
    box.first();
    dialog.showModal();
    input.focus();
    let answer = null;
    try {
      answer = await fetch(dialog.dataset.list, { headers: { "X-Requested-With": "fetch" } });
    } catch {
      // No answer at all: told below.
    }
    if (!answer?.ok || answer.redirected) {
      said.textContent = said.dataset.failed;
      return;
    }
    list.innerHTML = await answer.text();
    filter();
  }

  function filter() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const option of list.children) {
      const held = `${option.textContent} ${option.dataset.text}`.toLowerCase();
      option.hidden = !words.every((word) => held.includes(word));
      if (!option.hidden) left += 1;
    }
    said.textContent = left ? "" : said.dataset.none;
    box.first();
  }

  function choose(option) {
    dialog.close();
    const body = text();
    if (!body) return;
    const at = Math.min(cursor, body.value.length);
    const [before, after] = [body.value.slice(0, at), body.value.slice(at)];
    const lead = !before.trim() || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    const words = lead + option.dataset.text + (after.trim() && !after.startsWith("\n") ? "\n\n" : "");
    const blank = BLANK.exec(words);
    put(words, at, at, { select: blank && { start: blank.index, end: blank.index + blank[0].length } });
    count(option.dataset.pk);
  }

  function count(pk) {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    // Whether it is counted is nothing the writer has to know.
    fetch(dialog.dataset.used.replace("/0/", `/${pk}/`), { method: "POST", headers, keepalive: true }).catch(() => {});
  }

  input.addEventListener("input", filter);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => text()?.focus({ preventScroll: true }));
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-canned]")) open(); });
  document.addEventListener("keydown", (event) => {
    const asked = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "j";
    if (!asked || event.isComposing) return;
    event.preventDefault();
    open();
  });
}
