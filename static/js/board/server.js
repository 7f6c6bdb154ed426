// Talking to the server: one card, a move, the whole board again.
import { board } from "./page.js";

const headers = () => ({ "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) });
const parse = (html) => new DOMParser().parseFromString(html, "text/html");

// Reads an answer about one card; null where the page came back instead of it (signed out, an error page).
function read(html) {
  const root = parse(html).querySelector("[data-counts][data-number]");
  if (!root) return null;
  const card = root.querySelector(".card");
  return {
    number: root.dataset.number,
    counts: JSON.parse(root.dataset.counts),
    message: root.dataset.message ?? "",
    card: card && document.importNode(card, true),
  };
}

async function ask(url, options = {}) {
  const response = await fetch(url, { credentials: "same-origin", headers: headers(), ...options });
  if (response.redirected) location.reload();
  const html = await response.text();
  return { status: response.status, html, answer: read(html) };
}

const address = (template, number) => template.replace("NUMBER", encodeURIComponent(number)) + location.search;

export const fetchCard = (number) => ask(address(board.dataset.cards, number));

// `lane` only where it is another one than the card stands in.
export const postMove = (number, to, version, lane) =>
  ask(address(board.dataset.moves, number), {
    method: "POST",
    body: new URLSearchParams(lane === undefined ? { to, version } : { to, version, lane }),
  });

export const postForm = (form) =>
  ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });

// One lane with its cards; null where there is none any more.
export async function fetchLane(lane) {
  const query = new URLSearchParams(location.search);
  query.set("lane", lane);
  const { status, html } = await ask(`${location.pathname}?${query}`);
  return status === 200 ? parse(html).querySelector(".lane") : null;
}

// The whole board, each column as deep as asked for; null where nothing has changed since the last one.
export async function fetchBoard(depth) {
  const query = new URLSearchParams(location.search);
  query.set("depth", depth);
  query.set("stamp", board.dataset.stamp);
  const { status, html } = await ask(`${location.pathname}?${query}`);
  return status === 200 ? parse(html).getElementById("board") : null;
}
