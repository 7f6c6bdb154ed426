// Dragging with mouse and finger by SortableJS, which the page has loaded as a classic script.
import { board, cells, hands, mayGo, place, settleTabStops } from "./page.js";
import { move } from "./move.js";

const tabs = () => [...document.querySelectorAll(".jump [data-status]")];

// Shows, while a card is held, where it may go and where it may not.
export function markColumns(card) {
  for (const cell of [...cells(), ...tabs()]) {
    const { status, lane = card.dataset.lane } = cell.dataset;
    cell.classList.toggle("cell--no", !mayGo(card, status, lane));
  }
}

export function unmarkColumns() {
  for (const cell of [...cells(), ...tabs()]) cell.classList.remove("cell--no", "is-over");
}

function pointOf(event) {
  const touch = event?.changedTouches?.[0] ?? event;
  return touch && [touch.clientX, touch.clientY];
}

function dropUnder(event) {
  const point = pointOf(event);
  const element = point && document.elementFromPoint(...point);
  return element?.closest(".cell, .lane__head, .jump [data-status]") ?? null;
}

const EDGE = 36; // pixels from the window's side where the strip of tabs begins to move
const STEP = 6;
let finger = null;
let drifting = null;

// The tab of the strip under the finger, which Sortable does not know of.
function showTab() {
  const tab = dropUnder(finger)?.closest(".jump [data-status]");
  for (const other of tabs()) other.classList.toggle("is-over", other === tab && !tab.matches(".cell--no"));
}

// At the side of the strip it brings the tabs that are out of sight.
function drift() {
  const [x, y] = pointOf(finger);
  const strip = document.querySelector(".jump");
  const { top, bottom } = strip.getBoundingClientRect();
  const side = y < top || y > bottom ? 0 : Number(x > innerWidth - EDGE) - Number(x < EDGE);
  if (!side) return;
  strip.scrollBy(side * STEP, 0);
  showTab();
}

function follow(event) {
  finger = event.touches?.[0] ?? event;
  showTab();
}

const followers = ["touchmove", "pointermove"];

// Sortable swallows the click that follows a drag. A finger's is followed by none: the next tap would do nothing.
function giveItsClick(event) {
  if (event?.pointerType !== "touch" && !event?.type.startsWith("touch")) return;
  setTimeout(() => document.body.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })));
}

function end(event) {
  const card = event.item;
  hands.holding = null;
  for (const name of followers) document.removeEventListener(name, follow);
  clearInterval(drifting);
  finger = null;
  const under = dropUnder(event.originalEvent) ?? event.to;
  giveItsClick(event.originalEvent);
  unmarkColumns();
  // The head of a lane stands for the card's own column in it, a tab for the card's own lane.
  const { status = card.dataset.status, lane = card.dataset.lane } = under.dataset;
  const stays = status === card.dataset.status && lane === card.dataset.lane;
  if (stays || under !== event.to || !mayGo(card, status, lane)) {
    place(card, { keep: true });
    settleTabStops(card);
  }
  // Also where it is refused: the server knows why.
  if (!stays) move(card, status, lane);
}

export function sortable(cell) {
  new window.Sortable(cell, {
    group: "board",
    draggable: ".card[data-number]",
    filter: "button",
    preventOnFilter: false,
    sort: false,
    delay: 180,
    delayOnTouchOnly: true,
    touchStartThreshold: 6,
    // The browser's own dragging looks different everywhere and knows no touch.
    forceFallback: true,
    fallbackOnBody: true,
    fallbackTolerance: 5,
    ghostClass: "is-slot",
    fallbackClass: "is-dragging",
    scroll: board,
    scrollSensitivity: 60,
    bubbleScroll: false,
    onStart: ({ item }) => {
      hands.holding = item;
      markColumns(item);
      for (const name of followers) document.addEventListener(name, follow, { passive: true });
      drifting = setInterval(() => finger && drift(), 16);
    },
    onMove: ({ to, dragged }) => mayGo(dragged, to.dataset.status, to.dataset.lane),
    onEnd: end,
  });
}

for (const cell of cells()) sortable(cell);
