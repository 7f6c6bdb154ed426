// Choosing tickets on the list: the box in the head chooses the page, the bar shows what can be done with the chosen.
const bar = document.getElementById("bulk");
const boxes = [...document.querySelectorAll('input[form="bulk"][name="ticket"]')];
const head = document.querySelector("[data-pick-all]");

function settle() {
  const picked = boxes.filter((box) => box.checked);
  const everything = bar.elements.all?.checked ?? false;
  const whole = picked.length === boxes.length;
  bar.hidden = picked.length === 0;
  bar.querySelector("[data-picked]").textContent = everything ? "" : picked.length;
  head.checked = whole;
  head.indeterminate = picked.length > 0 && !whole;
  const offer = bar.querySelector("[data-match-all]");
  if (offer) offer.hidden = !whole;
  const open = new Set(picked.flatMap((box) => box.dataset.verbs.split(" ")));
  for (const button of bar.querySelectorAll('button[name="verb"]')) {
    button.disabled = !everything && !open.has(button.value);
  }
}

function ofAll(checked) {
  for (const box of boxes) box.checked = checked;
}

if (bar) {
  head.hidden = false;
  head.addEventListener("change", () => ofAll(head.checked));
  document.addEventListener("change", (event) => {
    if (event.target.name === "ticket" && bar.elements.all) bar.elements.all.checked = false;
    if (event.target === head && !head.checked && bar.elements.all) bar.elements.all.checked = false;
    settle();
  });
  // Coming back with the browser's own button, it may have filled boxes in again.
  window.addEventListener("pageshow", settle);
  settle();
}
