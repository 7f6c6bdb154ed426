// The portal's moving part is swapped under the reader's eyes: what was scrolled sideways stays where it was.
let across = 0;

document.body.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target.id === "live") across = document.getElementById("lanes")?.scrollLeft ?? 0;
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  const lanes = event.target.id === "live" && document.getElementById("lanes");
  if (lanes) lanes.scrollLeft = across;
});
