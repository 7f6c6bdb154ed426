// A short message in the corner that goes by itself; it stays while it is pointed at or holds the focus.
const LINGER = 7000;

export function toast(text) {
  const box = document.getElementById("toasts");
  const note = document.createElement("div");
  note.className = "toast";
  const words = document.createElement("p");
  words.textContent = text;
  note.append(words);
  note.addEventListener("click", () => note.remove());
  box.append(note);
  const leave = () => (note.matches(":hover, :focus-within") ? setTimeout(leave, 1000) : note.remove());
  setTimeout(leave, LINGER);
}
