// A short message in the corner; notices.js lets it go after a while.
export function toast(text) {
  const note = document.createElement("div");
  note.className = "toast";
  note.dataset.passing = "";
  const words = document.createElement("p");
  words.textContent = text;
  note.append(words);
  document.getElementById("toasts").append(note);
}
