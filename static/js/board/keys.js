// The board by keyboard: arrows go from card to card, Space picks one up, arrows choose column and lane, Enter puts
// it down, Escape puts it back, Enter on a card opens it.
import { board, cards, cellOf, hands, isOpen, laneOf, lanes, linkOf, nameOf, nameOfLane, openLane, place, say, settleTabStops, targetsOf, words } from "./page.js";
import { markColumns, unmarkColumns } from "./drag.js";
import { move, openMoveMenu, putBack } from "./move.js";

let held = null;

function pickUp(card) {
  const { number, status, lane } = card.dataset;
  if (!targetsOf(card).length && !card.dataset.hand) {
    say("sayFixed", { number });
    return;
  }
  const order = [...board.querySelectorAll(".colhead")].map((head) => head.dataset.status);
  const ways = order.filter((name) => name === status || targetsOf(card).includes(name));
  const open = card.dataset.hand ? lanes().filter((one) => one.dataset.takes !== undefined || one.dataset.lane === lane) : [];
  const rows = open.length ? open.map((one) => one.dataset.lane) : [lane];
  held = { card, ways, at: ways.indexOf(status), rows, row: rows.indexOf(lane) };
  hands.holding = card;
  card.classList.add("is-picked");
  markColumns(card);
  say("sayPicked", { number });
}

function carry(columns, down) {
  const { card, ways, rows } = held;
  held.at = (held.at + columns + ways.length) % ways.length;
  held.row = (held.row + down + rows.length) % rows.length;
  const [status, lane] = [ways[held.at], rows[held.row]];
  if (!isOpen(laneOf(lane))) openLane(laneOf(lane));
  place(card, { keep: true, status, lane });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  card.querySelector(".card__flag")?.remove();
  const flag = document.createElement("span");
  flag.className = "card__flag";
  const values = { number: card.dataset.number, column: nameOf(status), lane: nameOfLane(lane) };
  const crosses = lane !== card.dataset.lane;
  flag.textContent = words(crosses ? "flagLane" : "flagTo", values);
  if (crosses || status !== card.dataset.status) card.prepend(flag);
  say(board.dataset.by ? "sayOverLane" : "sayOver", values);
}

function letGo() {
  const { card, ways, at, rows, row } = held;
  held = null;
  hands.holding = null;
  card.classList.remove("is-picked");
  card.querySelector(".card__flag")?.remove();
  unmarkColumns();
  return { card, status: ways[at], lane: rows[row] };
}

function putDown() {
  const { card, status, lane } = letGo();
  if (status === card.dataset.status && lane === card.dataset.lane) putBack(card.dataset.number);
  else move(card, status, lane);
}

function heldKey(event) {
  const steps = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  if (event.key in steps) carry(...steps[event.key]);
  else if (event.key === "Enter" || event.key === " ") putDown();
  else if (event.key === "Escape" || event.key === "Tab") putBack(letGo().card.dataset.number);
  if (event.key !== "Tab") event.preventDefault();
}

function neighbour(card, key) {
  const cell = card.closest(".cell");
  const column = cards(cell);
  const index = column.indexOf(card);
  if (key === "ArrowDown" || key === "ArrowUp") {
    const next = column[index + (key === "ArrowDown" ? 1 : -1)];
    return next ?? acrossLanes(cell, key);
  }
  const row = [...cell.parentElement.children];
  const side = key === "ArrowRight" ? row.slice(row.indexOf(cell) + 1) : row.slice(0, row.indexOf(cell)).reverse();
  const others = side.map((other) => cards(other)).find((found) => found.length);
  return others?.[Math.min(index, others.length - 1)];
}

function acrossLanes(cell, key) {
  const all = lanes().filter(isOpen).map((lane) => lane.dataset.lane);
  const here = all.indexOf(cell.dataset.lane);
  const rest = key === "ArrowDown" ? all.slice(here + 1) : all.slice(0, here).reverse();
  const found = rest.map((lane) => cards(cellOf(cell.dataset.status, lane))).find((list) => list.length);
  return key === "ArrowDown" ? found?.[0] : found?.at(-1);
}

board.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (held) {
    heldKey(event);
    return;
  }
  const card = event.target.closest(".card[data-number]");
  if (!card || event.target !== linkOf(card)) return;
  if (event.key === " ") {
    event.preventDefault();
    pickUp(card);
  } else if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    const next = neighbour(card, event.key);
    if (next) focus(next);
  }
});

function focus(card) {
  settleTabStops(card);
  linkOf(card).focus();
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

board.addEventListener("focusin", (event) => {
  const card = event.target.closest(".card[data-number]");
  if (card) settleTabStops(card);
});
board.addEventListener("focusout", (event) => {
  // A card carried to another column loses and regains the focus; only leaving for good puts it back.
  if (held && event.relatedTarget && !held.card.contains(event.relatedTarget)) putBack(letGo().card.dataset.number);
});
board.addEventListener("click", (event) => {
  const button = event.target.closest(".card__move");
  if (button) openMoveMenu(button.closest(".card"));
});
