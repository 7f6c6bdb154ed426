// Someone else's change before your eyes: changed cards are fetched one by one, many at once as a whole board.
import { apply, board, cardOf, cards, cells, hands, keepingFocus, nameOf, say, setCounts, settleTabStops, subjectOf } from "./page.js";
import { takeLanes } from "./lanes.js";
import { fetchBoard, fetchCard } from "./server.js";

const GATHER = 250; // milliseconds in which changes are gathered
const ONE_BY_ONE = 6; // more changed cards than this are fetched as a whole board
const GLOW = 4000;
const waiting = new Map();
let stale = false;
let timer = null;
let working = false;

function schedule(after = GATHER) {
  timer ??= setTimeout(work, after);
}

async function work() {
  timer = null;
  if (!waiting.size && !stale) return;
  if (hands.holding || working) {
    schedule(500);
    return;
  }
  working = true;
  const changed = [...waiting.values()];
  waiting.clear();
  const whole = stale || changed.length > ONE_BY_ONE;
  stale = false;
  try {
    if (whole) await refresh();
    else for (const message of changed) await refetch(message);
  } catch {
    // The stream says when the server is back, and the board catches up then.
  }
  working = false;
  if (waiting.size || stale) schedule();
}

async function refetch({ number, what }) {
  const { status, answer } = await fetchCard(number);
  if (status === 404) {
    // No longer ours to see; the numbers have changed with it.
    if (!cardOf(number)) return;
    stale = true;
    return;
  }
  if (!answer || hands.holding?.dataset.number === number) return;
  const wasLate = cardOf(number)?.matches(".card--late");
  const { before, card } = apply(answer);
  if (!card) {
    if (before) say("sayLeft", { number });
    return;
  }
  const isNews = before?.status !== card.dataset.status || before.lane !== card.dataset.lane;
  if (isNews || what === "clock") glow(card);
  const values = { number, subject: subjectOf(card), column: nameOf(card.dataset.status) };
  if (isNews) say("sayCame", values);
  else if (card.matches(".card--late") && !wasLate) say("sayLate", values);
}

function glow(card) {
  card.classList.add("is-live");
  setTimeout(() => {
    card.classList.remove("is-live");
    card.querySelector(".card__flag")?.remove();
  }, GLOW);
}

const nameOfCell = ({ dataset }) => `${dataset.status} ${dataset.lane}`;

// What stands below every card known so far: in a column that went on below, it was there before and is no news.
function belowAll(cell, known) {
  const all = cards(cell);
  return all.slice(all.findLastIndex((card) => known.has(card.dataset.number)) + 1);
}

async function refresh() {
  const longest = Math.max(...cells().map((cell) => cards(cell).length));
  const least = Number(board.dataset.least);
  const fresh = await fetchBoard(Math.max(1, Math.ceil(longest / least)) * least);
  if (!fresh || hands.holding) {
    stale = Boolean(fresh);
    return;
  }
  const { scrollTop, scrollLeft } = board;
  const known = new Set(cards().map((card) => card.dataset.number));
  const unfinished = new Set(cells().filter((cell) => cell.querySelector(".cell__more")).map(nameOfCell));
  keepingFocus(() => takeLanes(fresh));
  board.scrollTo(scrollLeft, scrollTop);
  board.dataset.stamp = fresh.dataset.stamp;
  setCounts(JSON.parse(fresh.dataset.counts));
  settleTabStops();
  const further = new Set(cells().filter((cell) => unfinished.has(nameOfCell(cell))).flatMap((cell) => belowAll(cell, known)));
  const came = cards().filter((card) => !known.has(card.dataset.number) && !further.has(card));
  came.forEach(glow);
  // One is told by name; of many the most pressing, the numbers above the board tell the rest.
  if (came.length) say("sayCame", { number: came[0].dataset.number, subject: subjectOf(came[0]), column: nameOf(came[0].dataset.status) });
}

document.body.addEventListener("live:ticket", ({ detail }) => {
  const card = cardOf(detail.number);
  const known = card && detail.what !== "clock" && Number(card.dataset.version) >= detail.version;
  if (known) return;
  waiting.set(detail.number, detail);
  schedule();
});
document.body.addEventListener("live:catch-up", () => {
  stale = true;
  schedule();
});
// More cards came by "show more": one that was put in by hand before is there twice.
document.body.addEventListener("htmx:afterSettle", () => {
  const seen = new Set();
  for (const card of cards().reverse()) {
    if (seen.has(card.dataset.number)) card.remove();
    seen.add(card.dataset.number);
  }
  settleTabStops();
});
