// The keys of staff's pages. Which key does what comes from tickets/shortcuts.py with the page; nothing happens while
// somebody types, puts characters together, or has a dialog open.
import * as help from "./help.js";
import * as palette from "./palette.js";
import { number, pick, step } from "./places.js";
import { post } from "./sending.js";

const { dataset } = palette.dialog;
const SEQUENCE = 1500; // milliseconds between the keys of one shortcut
const actions = {
  help: () => help.show(dataset.help),
  search: () => palette.open(),
  "take-next": takeNext,
  board: () => location.assign(dataset.board),
  list: () => location.assign(dataset.list),
  down: () => step(1),
  up: () => step(-1),
  pick,
  assign,
  reply,
};
const CARRYING = new Set(["down", "up", "pick"]);
const keys = dataset.single === "off" ? {} : JSON.parse(dataset.keys);
const firsts = new Set(Object.keys(keys).filter((name) => name.includes(" ")).map((name) => name.split(" ")[0]));
let first = { key: "", at: 0 };
let taking = false;

const isTyping = (element) => element.isContentEditable || element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
  // A card is on its way by mouse or finger.
  if (document.querySelector(".is-dragging")) return;
  const isMac = /mac/i.test(navigator.platform);
  if ((isMac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    palette.open();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  press(event);
});

function press(event) {
  // Caps Lock is not meant; Shift is.
  const key = event.shiftKey ? event.key : event.key.toLowerCase();
  const begun = Date.now() - first.at < SEQUENCE ? first.key : "";
  first = { key: "", at: 0 };
  const name = keys[begun ? `${begun} ${key}` : key] ?? (begun ? keys[key] : null);
  if (actions[name]) {
    event.preventDefault();
    // Who has picked a card up is asked to put it down first.
    if (CARRYING.has(name) || !document.querySelector(".card.is-picked")) actions[name]();
  } else if (firsts.has(key)) {
    first = { key, at: Date.now() };
  }
}

function takeNext() {
  if (taking) return;
  taking = true;
  post(dataset.next);
}

function assign() {
  const about = number();
  if (!about) return;
  const onPage = document.querySelector("main[data-ticket]");
  const button = document.getElementById("do-assign");
  if (onPage && button) button.click();
  else if (!onPage) {
    const next = encodeURIComponent(location.pathname + location.search);
    location.assign(`${dataset.assign.replace("NUMBER", about)}&next=${next}`);
  }
}

function reply() {
  const text = document.getElementById("reply-body");
  if (!text) return;
  // Instead of the text its preview may be shown.
  if (text.hidden) document.querySelector("[data-preview]")?.click();
  text.focus();
  text.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-palette]")) palette.open();
  const picker = event.target.closest?.("#palette, #keys-help");
  if (picker && (event.target === picker || event.target.closest("[data-close]"))) picker.close();
});
// A page that comes back from the browser's memory may take a next one again.
addEventListener("pageshow", () => { taking = false; });
