// Lanes: folding them, which this browser remembers, and fetching the cards of one when somebody comes to it.
import { board, cells, hands, isOpen, laneOf, lanes, openLane, settleTabStops } from "./page.js";
import { sortable } from "./drag.js";
import { fill } from "./fill.js";
import { fetchLane } from "./server.js";

const COOKIE = "desk_folded";
const MOST = 100; // of folded lanes that are remembered
const A_YEAR = 31_536_000;
const LATER = 500;

const watcher = new IntersectionObserver(
  (seen) => {
    for (const { target, isIntersecting } of seen) if (isIntersecting) load(target);
  },
  { root: board, rootMargin: "300px 0px" },
);

async function load(lane) {
  if (lane.dataset.waits === undefined || lane.ariaBusy === "true" || !isOpen(lane) || !lane.isConnected) return;
  lane.ariaBusy = "true";
  let fresh = null;
  try {
    fresh = await fetchLane(lane.dataset.lane);
  } catch {
    // The stream says when the server is back, and the board catches up then.
  }
  lane.ariaBusy = null;
  if (!fresh) return;
  if (hands.holding) {
    setTimeout(load, LATER, lane);
    return;
  }
  delete lane.dataset.waits;
  fillLane(lane, fresh);
  settleTabStops();
}

function fillLane(lane, fresh) {
  const news = cells(fresh);
  for (const [index, cell] of cells(lane).entries()) {
    if (news.length) fill(cell, news[index]);
    else cell.replaceChildren();
  }
}

// A lane that came as its head alone gets cells to put cards into.
function furnish(lane) {
  if (cells(lane).length) return;
  const shown = document.querySelector(".jump [aria-current]")?.dataset.status;
  for (const head of board.querySelectorAll(".colhead")) {
    const { status } = head.dataset;
    const cell = document.createElement("ul");
    cell.className = status === shown ? "cell is-shown" : "cell";
    Object.assign(cell.dataset, { status, lane: lane.dataset.lane });
    cell.ariaLabel = head.querySelector(".colhead__name").textContent;
    lane.querySelector(".lane__grid").append(cell);
    sortable(cell);
  }
}

// Looks again which lanes are in sight: an observer tells of each one once.
export function watchLanes() {
  watcher.disconnect();
  for (const lane of lanes()) if (lane.dataset.waits !== undefined) watcher.observe(lane);
}

// Makes the lanes of the page those of a board fetched anew; a lane that came without its cards keeps those it has
// until it is in sight.
export function takeLanes(fresh) {
  const wanted = [...fresh.querySelectorAll(".lane")];
  const keys = new Set(wanted.map((lane) => lane.dataset.lane));
  for (const lane of lanes()) if (!keys.has(lane.dataset.lane)) lane.remove();
  for (const [index, lane] of wanted.entries()) {
    const old = laneOf(lane.dataset.lane);
    if (!old) insert(document.importNode(lane, true), index);
    else if (lane.dataset.waits === undefined) fillLane(old, lane);
    else old.dataset.waits = "";
    if (old && lane.dataset.waits === undefined) delete old.dataset.waits;
  }
  watchLanes();
}

function insert(lane, index) {
  const next = lanes()[index];
  if (next) next.before(lane);
  else if (lanes().length) lanes().at(-1).after(lane);
  else board.append(lane);
  for (const cell of cells(lane)) sortable(cell);
  furnish(lane);
  window.htmx?.process(lane);
}

function remember() {
  const { by } = board.dataset;
  const known = document.cookie.split("; ").find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? "";
  const here = new Set(lanes().map((lane) => `${by}-${lane.dataset.lane}`));
  const others = known.split(".").filter((name) => name && !here.has(name));
  const folded = lanes().filter((lane) => !isOpen(lane) && lane.dataset.bare === undefined);
  const names = [...others, ...folded.map((lane) => `${by}-${lane.dataset.lane}`)].slice(-MOST);
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${COOKIE}=${names.join(".")}; path=${location.pathname}; max-age=${A_YEAR}; SameSite=Lax${secure}`;
}

board.addEventListener("click", (event) => {
  const button = event.target.closest(".lane__in");
  if (!button) return;
  const lane = button.closest(".lane");
  openLane(lane, !isOpen(lane));
  remember();
  load(lane);
});
for (const lane of lanes()) furnish(lane);
watchLanes();
