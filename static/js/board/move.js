// Moving a card: the server decides, the card follows.
import { apply, cardOf, linkOf, nameOf, place, say, settleTabStops, targetsOf, words } from "./page.js";
import { postForm, postMove } from "./server.js";
import { closeSheet, openSheet, showInSheet } from "./sheet.js";
import { toast } from "../toast.js";

// Asks the server to move `card` to the column `to`. A refusal says why and puts the card back; a step that
// needs more opens its form.
export async function move(card, to) {
  const { number, version } = card.dataset;
  card.setAttribute("aria-busy", "true");
  let result = null;
  try {
    result = await postMove(number, to, version);
  } catch {
    // No answer at all: told below.
  }
  card.removeAttribute("aria-busy");
  if (result?.status === 422) {
    openSheet(parseForm(result.html), { onSubmit: submit, onCancel: () => putBack(number) });
    return;
  }
  settle(result, number);
}

function settle(result, number) {
  if (!result?.answer) {
    putBack(number);
    toast(words("sayFailed"));
    return;
  }
  const { card } = apply(result.answer, { keep: true });
  if (result.answer.message) toast(result.answer.message);
  else if (card) say("sayMoved", { number, column: nameOf(card.dataset.status) });
  else say("sayLeft", { number });
}

export function putBack(number) {
  const card = cardOf(number);
  if (!card) return;
  place(card, { keep: true });
  settleTabStops(card);
  say("sayBack", { number, column: nameOf(card.dataset.status) });
}

// The form of a step that needs more. What was typed stays until the server has taken it.
async function submit(form) {
  let result = null;
  try {
    result = await postForm(form);
  } catch {
    // No answer at all: told below.
  }
  if (result?.status === 422) {
    showInSheet(parseForm(result.html));
  } else if (result?.answer && !result.answer.message) {
    closeSheet();
    settle(result, result.answer.number);
    linkOf(cardOf(result.answer.number) ?? form)?.focus({ preventScroll: true });
  } else {
    refuse(form, result);
  }
}

function refuse(form, result) {
  for (const old of form.querySelectorAll(".field .errors")) old.remove();
  form.querySelector("[data-refusal]").textContent = result?.answer?.message ?? words("sayFailed");
  if (!result?.answer) return;
  const { card } = apply(result.answer, { keep: true });
  // The present state is on the board now; the step can be repeated on it.
  if (card) form.elements.version.value = card.dataset.version;
}

const parseForm = (html) =>
  document.importNode(new DOMParser().parseFromString(html, "text/html").querySelector("form"), true);

// The columns a card may go to, as a list of buttons: for a finger, and for whoever does not drag.
export function openMoveMenu(card) {
  const menu = document.getElementById("move-menu").content.firstElementChild.cloneNode(true);
  const { number } = card.dataset;
  menu.querySelector("[data-number]").append(number);
  menu.querySelector("[data-subject]").textContent = linkOf(card).textContent;
  for (const to of targetsOf(card)) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn--big";
    button.textContent = nameOf(to);
    button.addEventListener("click", () => {
      closeSheet();
      move(cardOf(number) ?? card, to);
    });
    item.append(button);
    menu.querySelector(".sheet__list").append(item);
  }
  openSheet(menu, { onCancel: () => {} });
}
