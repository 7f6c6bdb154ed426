// Putting words into the reply box so that the browser's own undo takes them out again.
export const text = () => document.getElementById("reply-form")?.elements.body;

export function put(words, from, to, { select = null } = {}) {
  const box = text();
  if (!box) return;
  // Its preview may be shown in its place.
  if (box.hidden) document.querySelector("[data-preview]")?.click();
  box.focus();
  box.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, words)) {
    box.setRangeText(words, from, to, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (select) box.setSelectionRange(from + select.start, from + select.end);
  box.scrollIntoView({ block: "nearest" });
}
