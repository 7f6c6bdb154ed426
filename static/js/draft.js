// Keeps what is being typed into a form with data-draft until it is sent: closing the page, losing the network or
// the session costs nothing. The attribute says whose and about what. A copy stays on this device; with
// data-draft-url another goes to the desk a second after the last key, for the other devices. What was typed last
// is what a page begins with (data-draft-at: when the desk's copy was written, empty without one); a page that is
// open is left alone.
import { now } from "./countdown.js";

const KEPT_FOR = 14 * 24 * 3600 * 1000;
const touched = new WeakSet(); // forms that were typed into, or hold what only this device knows
let keeping = null;
let saving = null;

const nameOf = (form) => `draft:${form.dataset.draft}`;

function read(form) {
  try {
    const draft = JSON.parse(localStorage.getItem(nameOf(form)) ?? "null");
    return draft && now() - draft.at < KEPT_FOR ? draft : null;
  } catch { return null; }
}

// saved: the desk has it too.
function write(form, saved = false) {
  // A box that is taken away with the focus in it reports a change: what it holds has been sent.
  if (!form.isConnected) return;
  const body = form.elements.body.value;
  const draft = { body, kind: form.elements.kind?.value, at: now(), saved };
  try {
    if (!body.trim()) localStorage.removeItem(nameOf(form));
    else localStorage.setItem(nameOf(form), JSON.stringify(draft));
    tell(form, Boolean(body.trim()));
  } catch { /* Private windows and full disks: the text is still in the box. */ }
}

function tell(form, isKept) {
  const said = form.querySelector("[data-saved]");
  if (said) said.textContent = isKept ? said.dataset.saved : "";
}

async function save(form, leaving = false) {
  clearTimeout(saving);
  if (!form.isConnected || !form.dataset.draftUrl || !touched.has(form)) return;
  const sent = new FormData(form);
  // Files that are chosen but not uploaded yet do not travel twice.
  sent.delete("files");
  touched.delete(form);
  try {
    const answer = await fetch(form.dataset.draftUrl, {
      method: "POST", body: sent, keepalive: leaving, redirect: "error",
    });
    if (!answer.ok) throw new Error(String(answer.status));
    if (!touched.has(form) && form.isConnected && form.elements.body.value === sent.get("body")) write(form, true);
  } catch {
    // The copy of this device is there; the next key tries again.
    touched.add(form);
  }
}

export function restore(root = document) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const draft = read(form);
    if (!draft) continue;
    const theirs = Date.parse(form.dataset.draftAt || "") || 0;
    const synced = "draftUrl" in form.dataset;
    // What the desk had and has no more was sent or thrown away elsewhere.
    if (synced && (draft.saved || draft.at <= theirs)) {
      if (!theirs) forget(form);
      continue;
    }
    if (form.elements.body.value && !theirs) continue;
    form.elements.body.value = draft.body;
    for (const choice of form.querySelectorAll("input[name=kind]")) choice.checked = choice.value === draft.kind;
    if (!form.querySelector("input[name=kind]:checked")) form.querySelector("input[name=kind]")?.click();
    tell(form, true);
    touched.add(form);
    later(form);
  }
}

export function forget(form) {
  clearTimeout(keeping);
  clearTimeout(saving);
  touched.delete(form);
  try { localStorage.removeItem(nameOf(form)); } catch { /* Nothing was kept, then. */ }
}

function later(form) {
  clearTimeout(keeping);
  clearTimeout(saving);
  keeping = setTimeout(() => write(form), 300);
  saving = setTimeout(() => save(form), 1000);
}

function typed(event) {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  touched.add(form);
  later(form);
}

document.addEventListener("input", typed);
document.addEventListener("change", typed);
addEventListener("pagehide", () => {
  clearTimeout(keeping);
  for (const form of document.querySelectorAll("form[data-draft]")) {
    if (!touched.has(form)) continue;
    if (form.elements.body.value) write(form);
    save(form, true);
  }
});
restore();
