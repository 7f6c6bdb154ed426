// Dragging with mouse and finger by SortableJS, which the page has loaded as a classic script.
import { board, cells, hands, place, settleTabStops, targetsOf } from "./page.js";
import { move } from "./move.js";

const tabs = () => [...document.querySelectorAll(".jump [data-status]")];

// Shows, while a card is held, where it may go and where it may not.
export function markColumns(card) {
  const allowed = new Set([card.dataset.status, ...targetsOf(card)]);
  for (const cell of [...cells(), ...tabs()]) {
    const inLane = cell.dataset.lane === undefined || cell.dataset.lane === card.dataset.lane;
    cell.classList.toggle("cell--no", !inLane || !allowed.has(cell.dataset.status));
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
  return element?.closest(".cell, .jump [data-status]") ?? null;
}

// The tab of the strip under the finger, which Sortable does not know of.
function showTab(event) {
  const tab = dropUnder(event.touches?.[0] ?? event)?.closest(".jump [data-status]");
  for (const other of tabs()) other.classList.toggle("is-over", other === tab && !tab.matches(".cell--no"));
}

const followers = ["touchmove", "pointermove"];

function end(event) {
  const card = event.item;
  hands.holding = null;
  for (const name of followers) document.removeEventListener(name, showTab);
  const under = dropUnder(event.originalEvent) ?? event.to;
  unmarkColumns();
  const { status, lane } = under.dataset;
  const elsewhere = lane !== undefined && lane !== card.dataset.lane;
  if (status === card.dataset.status || elsewhere) {
    place(card, { keep: true });
    settleTabStops(card);
  } else {
    // Also where it is refused: the server knows why.
    if (!targetsOf(card).includes(status)) place(card, { keep: true });
    move(card, status);
  }
}

for (const cell of cells()) {
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
      for (const name of followers) document.addEventListener(name, showTab, { passive: true });
    },
    onMove: ({ to, dragged }) =>
      to.dataset.lane === dragged.dataset.lane &&
      (to.dataset.status === dragged.dataset.status || targetsOf(dragged).includes(to.dataset.status)),
    onEnd: end,
  });
}
