// The tickets of a page as keys go through them: rows of the list, cards of the board, or the one whose page it is.
// Looked up at each key, so whatever was fetched meanwhile counts.
const page = () => document.querySelector("main[data-ticket]");
const linksOfRows = () => [...document.querySelectorAll("main .list__subject a")];
const linksOfCards = () => [...document.querySelectorAll("#board .card[data-number] h3 a")];

// The card or row the focus is in, or was in last: clicking beside it, or a dialog that closed, loses nothing.
let last = null;
document.addEventListener("focusin", (event) => {
  const place = event.target.closest?.("main tr, #board .card[data-number]");
  if (place) last = place;
});

function current() {
  const place = document.activeElement?.closest?.("main tr, #board .card[data-number]") ?? last;
  if (!place) return null;
  if (place.isConnected) return place;
  // A card that was fetched again is another element of the same number.
  return document.querySelector(`#board .card[data-number="${CSS.escape(place.dataset.number ?? "")}"]`);
}

const linkIn = (place) => place?.querySelector(".list__subject a, h3 a");

// The number of the ticket keys are about.
export function number() {
  if (page()) return page().dataset.ticket;
  const place = current();
  return place?.dataset.number ?? place?.querySelector(".list__no")?.textContent.trim() ?? "";
}

export function step(by) {
  const board = document.getElementById("board");
  const links = board ? linksOfCards() : linksOfRows();
  if (!links.length) return;
  const here = linkIn(current());
  if (!here || !links.includes(here)) focus(links[0]);
  else if (document.activeElement !== here) focus(here);
  else if (board) press(here, by > 0 ? "ArrowDown" : "ArrowUp");
  else focus(links[links.indexOf(here) + by] ?? here);
}

// In the list the row is chosen for a step on many; on the board the card is picked up, as by the space bar.
export function pick() {
  const place = current();
  const box = place?.querySelector("input[name=ticket]");
  if (box) box.click();
  else if (place?.matches(".card")) {
    focus(linkIn(place));
    press(linkIn(place), " ");
  }
}

function focus(link) {
  link.focus();
  link.scrollIntoView({ block: "nearest", inline: "nearest" });
}

// The board has keys of its own; these are other names for them.
function press(link, key) {
  link.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}
