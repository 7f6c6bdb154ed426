// Uploads files as they are chosen, dropped or pasted into a form with a [data-upload] box. The server answers
// with the list item that carries the file's key; a form waits for its uploads before it goes. All words come
// from the box's data- attributes. Listens on the document, so boxes swapped in later work too.
const files = new WeakMap();
const senders = new WeakMap();

const boxOf = (node) =>
  node?.closest?.("[data-upload]")
  ?? node?.closest?.("form")?.querySelector("[data-upload]")
  ?? null;

const lonelyBox = () => {
  const all = document.querySelectorAll("[data-upload]");
  return all.length === 1 ? all[0] : null;
};

function say(box, word, name) {
  box.querySelector("[data-said]").textContent = `${word} ${name}`;
}

function fromTemplate(box, which, name) {
  const item = box.querySelector(`template[${which}]`).content.firstElementChild.cloneNode(true);
  item.querySelector("[data-name]").textContent = name;
  return item;
}

function refuse(box, file, why, { again = false, instead = null } = {}) {
  const item = fromTemplate(box, "data-refused", file.name);
  item.querySelector("[data-why]").textContent = why;
  item.querySelector("[data-again]").hidden = !again;
  files.set(item, file);
  if (instead) instead.replaceWith(item);
  else box.querySelector(".thumbs").append(item);
}

function take(box, chosen) {
  for (const file of chosen) {
    const held = box.querySelectorAll(".thumb:not(.thumb--refused)").length;
    if (held >= Number(box.dataset.maxFiles)) refuse(box, file, box.dataset.tooMany);
    else if (file.size === 0) refuse(box, file, box.dataset.empty);
    else if (file.size > Number(box.dataset.maxBytes)) refuse(box, file, box.dataset.tooLarge);
    else send(box, file);
  }
}

function send(box, file, instead = null) {
  const item = fromTemplate(box, "data-sending", file.name);
  if (instead) instead.replaceWith(item);
  else box.querySelector(".thumbs").append(item);
  const request = new XMLHttpRequest();
  const bar = item.querySelector("progress");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = event.loaded / event.total;
  });
  request.addEventListener("loadend", () => {
    if (!item.isConnected) return;
    if (request.status === 201) {
      item.outerHTML = request.responseText;
      say(box, box.dataset.added, file.name);
    } else {
      const told = request.getResponseHeader("Content-Type")?.startsWith("text/plain");
      refuse(box, file, told ? request.responseText : box.dataset.failed, { again: true, instead: item });
    }
    goOn(box.closest("form"));
  });
  item.querySelector("[data-stop]").addEventListener("click", () => {
    item.remove();
    request.abort();
    goOn(box.closest("form"));
  });
  const body = new FormData();
  body.append("files", file);
  request.open("POST", box.dataset.upload);
  request.setRequestHeader("Accept", "text/html");
  request.setRequestHeader("X-CSRFToken", box.closest("form").elements.csrfmiddlewaretoken.value);
  request.send(body);
}

// A form sent while files are on their way goes once the last has arrived, unless one was refused.
function goOn(form) {
  if (!form?.hasAttribute("data-goes-on") || form.querySelector(".is-sending")) return;
  form.removeAttribute("data-goes-on");
  const refused = form.querySelector(".thumb--refused [data-again]:not([hidden])");
  if (refused) refused.focus();
  else form.requestSubmit(senders.get(form) ?? undefined);
}

document.addEventListener("submit", (event) => {
  if (!event.target.querySelector?.("[data-upload] .is-sending")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  event.target.setAttribute("data-goes-on", "");
  senders.set(event.target, event.submitter);
}, { capture: true });

document.addEventListener("change", (event) => {
  const box = event.target.matches("[data-upload] input[type=file]") ? boxOf(event.target) : null;
  if (!box) return;
  take(box, [...event.target.files]);
  event.target.value = "";
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-upload] button");
  if (!button) return;
  const [box, item] = [boxOf(button), button.closest(".thumb")];
  if (button.name === "remove") {
    event.preventDefault();
    say(box, box.dataset.removed, item.querySelector(".thumb__name").firstChild.textContent);
  } else if (button.matches("[data-again]")) {
    send(box, files.get(item), item);
    return;
  } else if (!button.matches("[data-drop]")) return;
  item.remove();
  box.querySelector("input[type=file]").focus();
});

// Browsers call every pasted picture image.png: a name that says what it is and when it was taken finds it again.
function named(box, file) {
  const ending = /^image\.(\w+)$/.exec(file.name)?.[1];
  if (!ending) return file;
  const two = (n) => String(n).padStart(2, "0");
  const at = new Date();
  const day = [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(two).join("-");
  const time = [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(".");
  return new File([file], `${box.dataset.pasted} ${day} ${time}.${ending}`, { type: file.type });
}

document.addEventListener("paste", (event) => {
  const pasted = event.clipboardData;
  // Cells copied from a spreadsheet come as text and as a picture of it: the text is meant.
  if (!pasted?.files.length || pasted.types.includes("text/plain")) return;
  const box = boxOf(event.target) ?? lonelyBox();
  if (!box) return;
  event.preventDefault();
  take(box, [...pasted.files].map((file) => named(box, file)));
});

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
const mark = (box) => {
  for (const other of document.querySelectorAll("[data-upload]")) other.classList.toggle("is-over", other === box);
};

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  // Without this a file dropped beside the box would replace the page and what was typed into it.
  event.preventDefault();
  mark(boxOf(event.target) ?? lonelyBox());
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(null); });
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  mark(null);
  const box = boxOf(event.target) ?? lonelyBox();
  if (box) take(box, [...event.dataTransfer.files]);
});
