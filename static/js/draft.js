// Keeps what is being typed into a form with data-draft until it is sent: closing the page, losing the network or
// the session costs nothing. The attribute says whose and about what; drafts stay on this device.
const KEPT_FOR = 14 * 24 * 3600 * 1000;
let timer = null;

const nameOf = (form) => `draft:${form.dataset.draft}`;

function read(form) {
  try {
    const draft = JSON.parse(localStorage.getItem(nameOf(form)) ?? "null");
    return draft && Date.now() - draft.at < KEPT_FOR ? draft : null;
  } catch { return null; }
}

function write(form) {
  const body = form.elements.body.value;
  try {
    if (!body.trim()) localStorage.removeItem(nameOf(form));
    else localStorage.setItem(nameOf(form), JSON.stringify({ body, kind: form.elements.kind?.value, at: Date.now() }));
    tell(form, Boolean(body.trim()));
  } catch { /* Private windows and full disks: the text is still in the box. */ }
}

function tell(form, isKept) {
  const said = form.querySelector("[data-saved]");
  if (said) said.textContent = isKept ? said.dataset.saved : "";
}

export function restore(root = document) {
  for (const form of root.querySelectorAll("form[data-draft]")) {
    const draft = form.elements.body.value ? null : read(form);
    if (!draft) continue;
    form.elements.body.value = draft.body;
    for (const choice of form.querySelectorAll("input[name=kind]")) choice.checked = choice.value === draft.kind;
    if (!form.querySelector("input[name=kind]:checked")) form.querySelector("input[name=kind]")?.click();
    tell(form, true);
  }
}

export function forget(form) {
  clearTimeout(timer);
  try { localStorage.removeItem(nameOf(form)); } catch { /* Nothing was kept, then. */ }
}

function later(event) {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  clearTimeout(timer);
  timer = setTimeout(() => write(form), 300);
}

document.addEventListener("input", later);
document.addEventListener("change", later);
addEventListener("pagehide", () => {
  clearTimeout(timer);
  for (const form of document.querySelectorAll("form[data-draft]")) if (form.elements.body.value) write(form);
});
restore();
