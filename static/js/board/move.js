// Moving a card: the server decides, the card follows.
import { apply, board, cardOf, lanes, linkOf, nameOf, nameOfLane, place, say, settleTabStops, targetsOf, words } from "./page.js";
import { postForm, postMove } from "./server.js";
import { closeSheet, openSheet, showInSheet } from "./sheet.js";
import { toast } from "../toast.js";

// Asks the server to move `card` to the column `to`, and to another lane if one is named. A refusal says why and puts the card back; a step that
// needs more opens its form.
export async function move(card, to, lane = card.dataset.lane) {
  const { number, version } = card.dataset;
  const other = lane === card.dataset.lane ? undefined : lane;
  card.setAttribute("aria-busy", "true");
  let result = null;
  try {
    result = await postMove(number, to, version, other);
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
  else if (card) say(board.dataset.by ? "sayMovedLane" : "sayMoved", placeOf(card));
  else say("sayLeft", { number });
}

function placeOf(card) {
  const { number, status, lane } = card.dataset;
  return { number, column: nameOf(status), lane: nameOfLane(lane) };
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

// Where a card may go, as lists of buttons: for a finger, and for whoever does not drag.
export function openMoveMenu(card) {
  const menu = document.getElementById("move-menu").content.firstElementChild.cloneNode(true);
  const { number, status, lane } = card.dataset;
  const title = menu.querySelector("[data-number]");
  title.textContent = title.textContent.replace("{number}", number);
  menu.querySelector("[data-subject]").textContent = linkOf(card).textContent;
  const [columns, others] = menu.querySelectorAll(".sheet__list");
  columns.append(...targetsOf(card).map((to) => choice(nameOf(to), () => move(cardOf(number) ?? card, to))));
  const open = card.dataset.hand ? lanes().filter((one) => one.dataset.takes !== undefined) : [];
  for (const { dataset } of open.filter((one) => one.dataset.lane !== lane)) {
    others.append(choice(nameOfLane(dataset.lane), () => move(cardOf(number) ?? card, status, dataset.lane)));
  }
  if (!others.children.length) menu.querySelector("[data-lanes]").remove();
  openSheet(menu, { onCancel: () => {} });
}

function choice(name, choose) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--big";
  button.textContent = name;
  button.addEventListener("click", () => {
    closeSheet();
    choose();
  });
  item.append(button);
  return item;
}
