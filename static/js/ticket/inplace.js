// A property is put right where it stands: its form takes the value's place and gives it back.
const FORM = ".inplace";

function close(form) {
  const shown = form.closest("dd, .reason, .thead__title")?.querySelector(".prop__edit");
  form.remove();
  document.body.dispatchEvent(new CustomEvent("inplace-closed"));
  shown?.focus();
}

document.body.addEventListener("htmx:afterSettle", (event) => {
  const form = event.detail.elt.matches?.(FORM) ? event.detail.elt : event.detail.target.querySelector?.(FORM);
  if (!form) return;
  // One at a time: what stands in another one was not saved, and is not lost sight of by it.
  for (const other of document.querySelectorAll(FORM)) if (other !== form) other.remove();
  (form.querySelector("[aria-invalid=true]") ?? form.querySelector("select, input:not([type=hidden])"))?.focus();
});
// Taken: the fresh value comes into the place of the form with the same answer, unless nothing differs.
document.body.addEventListener("ticket-acted", () => {
  for (const form of document.querySelectorAll(FORM)) form.classList.add("is-taken");
});
document.body.addEventListener("htmx:afterRequest", () => {
  for (const form of document.querySelectorAll(`${FORM}.is-taken`)) form.remove();
});
document.addEventListener("click", (event) => {
  const form = event.target.closest?.(FORM);
  if (!form) return;
  if (event.target.closest("[data-cancel]")) close(form);
  const tag = event.target.closest("[data-add]")?.dataset.add;
  if (tag) {
    const { tags } = form.elements;
    tags.value = [...tags.value.split(/[,，、;；]/).map((one) => one.trim()).filter(Boolean), tag].join(", ");
    tags.focus();
  }
});
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.(FORM);
  if (event.key !== "Escape" || !form || event.isComposing) return;
  event.preventDefault();
  close(form);
});
