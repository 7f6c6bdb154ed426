// The dialog that asks for what a step needs.
const sheet = document.getElementById("sheet");
let current = null;

export function openSheet(content, { onSubmit = null, onCancel }) {
  current = { onSubmit, onCancel, opener: document.activeElement };
  sheet.replaceChildren(content);
  sheet.showModal();
  focusFirst();
}

export function showInSheet(content) {
  sheet.replaceChildren(content);
  focusFirst();
}

export function closeSheet() {
  const opener = current?.opener;
  current = null;
  sheet.close();
  if (opener?.isConnected) opener.focus({ preventScroll: true });
}

function focusFirst() {
  const first = "[aria-invalid=true], textarea, select, .sheet__list button, button";
  sheet.querySelector(first)?.focus();
}

function cancel() {
  const { onCancel } = current ?? {};
  closeSheet();
  onCancel?.();
}

sheet.addEventListener("cancel", (event) => {
  event.preventDefault();
  cancel();
});
sheet.addEventListener("click", (event) => {
  // A click on the dialog itself is one on its backdrop; beside a form that holds words it was a slip.
  const beside = event.target === sheet && ![...sheet.querySelectorAll("textarea")].some((box) => box.value.trim());
  if (beside || event.target.closest("[data-close]")) cancel();
});
sheet.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("[type=submit]");
  button.disabled = true;
  await current?.onSubmit?.(event.target);
  button.disabled = false;
});
