// Gives a cell the content the server sent; cards that did not change stay the elements they were.
import { cardOf } from "./page.js";

const LOOKS = ["version", "order", "status", "lane", "to", "hand"];
const isSame = (one, other) => LOOKS.every((name) => one.dataset[name] === other.dataset[name]);

export function fill(here, fresh) {
  const items = [...fresh.children].map((item) => {
    const old = item.dataset.number && cardOf(item.dataset.number);
    return old && isSame(old, item) ? old : document.importNode(item, true);
  });
  const kept = new Set(items);
  for (const old of items.map((item) => item.dataset.number && cardOf(item.dataset.number))) {
    if (old && !kept.has(old)) old.remove();
  }
  here.replaceChildren(...items);
  window.htmx?.process(here);
}
