// The board's DOM: finding cards and cells, putting a card in its sorted place, numbers, and words.
const board = document.getElementById("board");
const speech = document.getElementById("say");

// While a person holds a card nothing may move under their hands.
export const hands = { holding: null };

export { board };

export const cards = (root = board) => [...root.querySelectorAll(".card[data-number]")];
export const cells = (root = board) => [...root.querySelectorAll(".cell")];
export const cardOf = (number) => board.querySelector(`.card[data-number="${CSS.escape(number)}"]`);
export const cellOf = (status, lane) =>
  board.querySelector(`.cell[data-status="${CSS.escape(status)}"][data-lane="${CSS.escape(lane)}"]`);
export const lanes = () => [...board.querySelectorAll(".lane")];
export const laneOf = (key) => board.querySelector(`.lane[data-lane="${CSS.escape(key)}"]`);
export const nameOfLane = (key) => laneOf(key)?.querySelector(".lane__name, .tier")?.textContent.trim() ?? "";
export const targetsOf = (card) => card.dataset.to.split(" ").filter(Boolean);
export const nameOf = (status) =>
  board.querySelector(`.colhead[data-status="${CSS.escape(status)}"] .colhead__name`).textContent;
export const subjectOf = (card) => card.querySelector(".card__subject a").textContent.trim();

// Whether a card may be put into a column of a lane, as far as the page can tell; the server has the last word.
export function mayGo(card, status, lane) {
  const column = status === card.dataset.status || targetsOf(card).includes(status);
  if (lane === card.dataset.lane) return column;
  const takes = Boolean(card.dataset.hand) && laneOf(lane)?.dataset.takes !== undefined;
  // Only a person takes a card into another column at once.
  return takes && (board.dataset.by === "assignee" ? column : status === card.dataset.status);
}

export const isOpen = (lane) => lane.querySelector(".lane__in")?.ariaExpanded !== "false";

export function openLane(lane, open = true) {
  const button = lane.querySelector(".lane__in");
  if (!button) return;
  button.ariaExpanded = String(open);
  lane.querySelector(".lane__grid").hidden = !open;
}

// Replaces {name} in the words the page carries in data-… attributes.
export function words(name, values = {}) {
  return (board.dataset[name] ?? "").replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");
}

export function say(name, values) {
  speech.textContent = words(name, values);
}

const idOf = (card) => Number(card.dataset.number.replace(/\D/g, ""));
const due = (card) => (card.dataset.order ? Number(card.dataset.order) : Infinity);

function isBefore(one, other) {
  const [a, b] = [due(one), due(other)];
  return a === b ? idOf(one) < idOf(other) : a < b;
}

// Puts a card where its due moment belongs in its column. One that belongs below what the column has loaded
// goes, unless a person has just put it there; whether it is on the board is the answer.
export function place(card, { keep = false, status = card.dataset.status, lane = card.dataset.lane } = {}) {
  const cell = cellOf(status, lane);
  const more = cell?.querySelector(".cell__more") ?? null;
  const next = cell ? cards(cell).find((other) => other !== card && isBefore(card, other)) : null;
  const waits = cell?.closest(".lane").dataset.waits !== undefined;
  if (!cell || (!keep && (waits || (!next && more)))) {
    card.remove();
    return false;
  }
  keepingFocus(() => cell.insertBefore(card, next ?? more));
  return true;
}

// Runs a change of the DOM and gives the focus back to the card that had it, if it is still there.
export function keepingFocus(change) {
  const held = document.activeElement?.closest?.(".card");
  const onButton = document.activeElement?.matches?.(".card__move");
  change();
  const card = held && cardOf(held.dataset.number);
  if (!card || card.contains(document.activeElement)) return;
  const target = (onButton && card.querySelector(".card__move")) || linkOf(card);
  target.focus({ preventScroll: true });
}

// Every card that may be moved gets the button for it; the same for all, it comes with the page once.
const moveButton = document.getElementById("move-button").content.firstElementChild;

function furnish(card) {
  if ((!targetsOf(card).length && !card.dataset.hand) || card.querySelector(".card__move")) return;
  const button = moveButton.cloneNode(true);
  button.ariaLabel += ` ${card.dataset.number}`;
  card.querySelector(".card__end").prepend(button);
}

export const linkOf = (card) => card.querySelector(".card__subject a");

// One card of the board is a tab stop, arrow keys lead to the others.
export function settleTabStops(preferred) {
  const all = cards();
  const focused = document.activeElement?.closest?.(".card");
  const stop = preferred ?? focused ?? all.find((card) => linkOf(card).tabIndex === 0) ?? all[0];
  for (const card of all) {
    const index = card === stop ? 0 : -1;
    furnish(card);
    linkOf(card).tabIndex = index;
    const button = card.querySelector(".card__move");
    if (button) button.tabIndex = index;
  }
}

export function setCounts(counts) {
  for (const place of document.querySelectorAll("[data-n]")) {
    const count = counts[place.dataset.n] ?? 0;
    place.textContent = count;
    if (place.matches(".clock__n")) place.closest(".clock").hidden = !count;
  }
  let all = 0;
  for (const head of board.querySelectorAll(".colhead")) {
    const count = counts[`column-${head.dataset.status}`] ?? 0;
    all += count;
    const full = head.querySelector(".colhead__full");
    if (full) full.hidden = count < Number(head.dataset.limit);
  }
  for (const load of board.querySelectorAll(".lane__load")) {
    load.hidden = Number(load.querySelector("b").textContent) < Number(load.dataset.limit);
  }
  board.querySelector(".board__empty").hidden = all > 0;
  // A lane stood there as its head alone because it held nothing.
  for (const lane of board.querySelectorAll(".lane[data-bare]")) {
    if (!counts[`lane-${lane.dataset.lane}`]) continue;
    delete lane.dataset.bare;
    openLane(lane);
  }
}

// Shows what the server answered about one card: the card as it is now, or that it is gone, and the numbers.
// Tells where the card was before and where it is now; null: not on this board.
export function apply(answer, { keep = false } = {}) {
  const fresh = answer.card;
  const old = cardOf(answer.number);
  const before = old ? { status: old.dataset.status, lane: old.dataset.lane } : null;
  keepingFocus(() => {
    if (old && fresh) old.replaceWith(fresh);
    else old?.remove();
    if (fresh) place(fresh, { keep });
  });
  setCounts(answer.counts);
  // What the page shows now is more than it was stamped with, and perhaps not all there is.
  board.dataset.stamp = "";
  settleTabStops();
  // It stands in a lane this page does not have: somebody's who held nothing before.
  if (fresh && !laneOf(fresh.dataset.lane)) document.body.dispatchEvent(new CustomEvent("live:catch-up"));
  return { before, card: cardOf(answer.number) };
}
