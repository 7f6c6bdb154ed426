// The page of one ticket while it is open: fetches what changed without touching what is being typed, opens the
// forms of actions in a dialog, sends with Ctrl+Enter, and says when something did not get through.
import { forget, restore } from "./draft.js";
import "./ticket/canned.js";
import "./ticket/held.js";
import "./ticket/inplace.js";
import "./ticket/glossary.js";
import "./ticket/presence.js";

const number = document.querySelector("[data-ticket]").dataset.ticket;
const live = document.getElementById("live");
const dialog = document.getElementById("dialog");
const failed = document.getElementById("failed");
const box = () => document.getElementById("reply-form");

// --- news ---------------------------------------------------------------------------------------------------
let pending = null;
function refresh() {
  clearTimeout(pending);
  // Several messages about one change ask once.
  pending = setTimeout(() => live.dispatchEvent(new CustomEvent("live-refresh")), 80);
}
for (const name of ["live:ticket", "live:held"]) {
  document.body.addEventListener(name, (event) => { if (event.detail.number === number) refresh(); });
}
document.body.addEventListener("live:catch-up", refresh);
// A part that was left alone meanwhile has missed something: everything is asked for.
document.body.addEventListener("inplace-closed", () => {
  live.elements.change.value = "0";
  refresh();
});

// A part that comes back as it was is left alone; in one that changed, what was unfolded stays so.
const shown = new Map();
document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { target, fragment } = event.detail;
  if (!target.id || target.id === "news" || target.id === "live-state") return;
  if (target.querySelector(".inplace:not(.is-taken), .prop__edit.htmx-request")) {
    // Somebody puts a property right in there, or its form is on the way: what changed is fetched when they are done.
    shown.delete(target.id);
    event.detail.shouldSwap = false;
    return;
  }
  const html = fragment.innerHTML ?? "";
  if (shown.get(target.id) === html) {
    event.detail.shouldSwap = false;
    return;
  }
  shown.set(target.id, html);
  for (const open of target.querySelectorAll("details[open][id]")) {
    const next = fragment.querySelector(`#${CSS.escape(open.id)}`);
    next?.setAttribute("open", "");
    // What is fetched when it is unfolded is fetched again.
    if (next?.hasAttribute("hx-get")) next.setAttribute("hx-trigger", "load");
  }
});

// Who has not begun to write has seen what the page shows; who has is warned when sending.
document.body.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id !== "live-state") return;
  const form = box();
  if (!form || form.elements.body.value) return;
  form.elements.seen.value = live.elements.last.value;
  if (live.elements.open) form.elements.going_on.value = live.elements.open.value;
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("#news a")) document.getElementById("news").replaceChildren();
});

// --- answers that are refusals --------------------------------------------------------------------------------
// They are shown where they belong, with what was typed; a whole page (a proxy's, a crash) never is.
const SHOWN = new Set([403, 409, 413, 422, 429]);
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (!["compose", "act"].includes(target.id) && !target.matches(".inplace")) return;
  if (!SHOWN.has(xhr.status)) return;
  if (/^\s*<!doctype/i.test(xhr.responseText)) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});

// What had not left yet is its writer's draft again, among their notices.
function gone() {
  document.getElementById("held")?.replaceChildren();
  say(live.dataset.gone);
}
function say(text) {
  failed.textContent = text;
  failed.classList.add("is-shown");
}
document.body.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  if (xhr.status === 404 && elt === live) gone();
  else if (xhr.status === 401) say(xhr.responseText);
  else if (elt !== live) say(failed.dataset.failed);
  // Perhaps the ticket is no longer theirs to see: the page looks, and says so.
  if (xhr.status === 404 && elt !== live) refresh();
});
document.body.addEventListener("htmx:sendError", (event) => {
  // A reply whose moment has come is asked to leave again and again, here and by the desk: nobody has to.
  const byItself = event.detail.requestConfig?.triggeringEvent?.type === "held-due";
  if (event.detail.elt !== live && !byItself) say(failed.dataset.failed);
});
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt !== live) failed.classList.remove("is-shown");
});
failed.addEventListener("click", () => failed.classList.remove("is-shown"));

// --- actions --------------------------------------------------------------------------------------------------
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "compose") restore(event.detail.target);
  if (event.detail.target.id !== "act" || !event.detail.target.firstElementChild) return;
  closeMenus();
  if (!dialog.open) dialog.showModal();
  (dialog.querySelector("[aria-invalid=true]") ?? dialog.querySelector("textarea, select, input:not([type=hidden])"))?.focus();
});
document.body.addEventListener("ticket-acted", () => dialog.close());
dialog.addEventListener("close", () => document.getElementById("act").replaceChildren());
dialog.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close]");
  if (close) event.preventDefault();
  // A slip of the hand beside the form does not cost what was typed into it.
  const typed = [...dialog.querySelectorAll("textarea")].some((text) => text.value.trim());
  if (close || (event.target === dialog && !typed)) dialog.close();
});

function closeMenus(except = null) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) menu.open = false;
  }
}
document.addEventListener("click", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});

// --- the reply box --------------------------------------------------------------------------------------------
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const form = event.target.closest?.("#reply-form, .act, .inplace");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector(".btn--primary"));
});
// What is typed while a message is on its way would go with the box it is typed into.
for (const [when, isSending] of [["htmx:beforeRequest", true], ["htmx:afterRequest", false]]) {
  document.body.addEventListener(when, (event) => {
    if (event.detail.elt.id === "reply-form") event.detail.elt.elements.body.readOnly = isSending;
  });
}
document.body.addEventListener("ticket-sent", () => {
  forget(box());
  document.getElementById("news").replaceChildren();
});
document.body.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "compose") return;
  box().elements.body.focus({ preventScroll: true });
  if (event.detail.xhr.status === 200) {
    const sent = document.querySelector(".held") ?? document.querySelector("#stream > :last-child");
    sent?.scrollIntoView({ block: "nearest" });
  }
});

// An article goes where the cursor is, in paragraphs of its own.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-insert]");
  const text = button && box()?.elements.body;
  if (!text) return;
  const [before, after] = [text.value.slice(0, text.selectionStart), text.value.slice(text.selectionEnd)];
  const gap = (side) => (side.trim() ? "\n\n" : "");
  const put = `${gap(before)}${button.dataset.insert}${gap(after)}`;
  text.setRangeText(put, text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
  text.focus();
  text.scrollIntoView({ block: "nearest" });
});

// Browsers that do not know :has() are told in words that this is a note, or a call.
function markNote() {
  const form = box();
  form?.classList.toggle("is-note", form.elements.kind?.value === "internal");
  form?.classList.toggle("is-call", form.elements.kind?.value === "call");
}
document.addEventListener("change", (event) => { if (event.target.name === "kind") markNote(); });
document.body.addEventListener("htmx:afterSettle", markNote);
markNote();

// The preview takes the place of the text until the button is pressed again.
document.body.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.elt.closest?.("[data-preview]");
  if (!button || button.getAttribute("aria-expanded") === "false") return;
  event.preventDefault();
  showPreview(button, false);
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "preview") showPreview(document.querySelector("[data-preview]"), true);
});
function showPreview(button, isOn) {
  button.setAttribute("aria-expanded", String(isOn));
  document.getElementById("preview").hidden = !isOn;
  const text = box().elements.body;
  text.hidden = isOn;
  if (!isOn) text.focus();
}
