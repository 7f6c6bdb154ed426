// Opens the pictures of a page ([data-picture] links, named by it) large in #pictures: the arrow keys go from one to the
// next, Escape and a click beside it close. Another button or key with the click opens a tab, as with any link.
const dialog = document.getElementById("pictures");
const picture = dialog.querySelector("img");
let opened = null;

const all = () => [...document.querySelectorAll("[data-picture]")];

function show(link) {
  opened = link;
  const links = all();
  picture.src = link.href;
  picture.alt = link.dataset.picture;
  dialog.querySelector(".pictures__name").textContent = link.dataset.picture;
  dialog.querySelector(".pictures__place").textContent = links.length > 1 ? `${links.indexOf(link) + 1} / ${links.length}` : "";
  for (const button of dialog.querySelectorAll("[data-go]")) button.hidden = links.length < 2;
  if (!dialog.open) dialog.showModal();
}

// A part of the page may have been renewed meanwhile: the picture is looked for by its address.
function go(step) {
  const links = all();
  const at = links.findIndex((link) => link.href === opened.href);
  if (links.length) show(links[(Math.max(at, 0) + step + links.length) % links.length]);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-picture]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  show(link);
});

dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowLeft") go(-1);
  else if (event.key === "ArrowRight") go(1);
});
dialog.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.go) go(Number(button.dataset.go));
  else if (event.target !== picture) dialog.close();
});
dialog.addEventListener("close", () => picture.removeAttribute("src"));
