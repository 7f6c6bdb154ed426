// What works on every page: "/" goes to the search box, and an open menu closes on Escape or a click elsewhere.
const MENU = "details.menu[open]";

// Members of staff can switch off keys of a single character; see tickets/shortcuts.py.
const singleKeys = () => document.getElementById("palette")?.dataset.single !== "off";

function isTyping(element) {
  return element.isContentEditable || element.matches("input, textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = event.target.closest?.(MENU);
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  } else if (singleKeys() && event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
    const search = document.querySelector('main input[type="search"]');
    if (!search || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    search.focus();
    search.select();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(MENU)) if (!menu.contains(event.target)) menu.open = false;
});
