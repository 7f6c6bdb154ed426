// On a phone one column is shown at a time. A tab changes it without asking the server, and the address and
// every link that keeps the address's parameters follow.
import { cells } from "./page.js";

const tabs = [...document.querySelectorAll(".jump [data-status]")];

function show(status) {
  for (const tab of tabs) {
    if (tab.dataset.status === status) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  for (const cell of cells()) cell.classList.toggle("is-shown", cell.dataset.status === status);
  const url = new URL(location.href);
  url.searchParams.set("column", status);
  history.replaceState(history.state, "", url);
  for (const link of document.querySelectorAll('.bar a[href^="?"], .filters a[href^="?"]')) {
    const query = new URLSearchParams(link.getAttribute("href").slice(1));
    query.set("column", status);
    link.setAttribute("href", `?${query}`);
  }
  keepInSearch(status);
}

function keepInSearch(status) {
  const form = document.querySelector("form.search");
  const field = form.elements.column ?? Object.assign(document.createElement("input"), { type: "hidden", name: "column" });
  field.value = status;
  form.append(field);
}

for (const tab of tabs) {
  tab.addEventListener("click", (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    show(tab.dataset.status);
    tab.scrollIntoView({ block: "nearest", inline: "center" });
  });
}
document.querySelector(".jump [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
