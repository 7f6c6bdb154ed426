// The filing page: keeps what is typed on this device until it is sent, files once however often the button is
// pressed, follows the chosen product card, and tells the handbook what to look for.
const form = document.querySelector("form[data-draft]");
const place = `filing:${form.dataset.draft}`;
const NOT_KEPT = new Set(["csrfmiddlewaretoken", "key", "attachments", "files", "requester"]);
const TEXTS = ["subject", "description"];

// The storage may be full or forbidden; then nothing is kept, and the page works on.
function stored(change) {
  try {
    return change(window.localStorage);
  } catch {
    return null;
  }
}

function keep() {
  const values = [...new FormData(form)].filter(([name]) => !NOT_KEPT.has(name));
  const files = form.querySelectorAll("input[name=attachments]").length;
  const draft = { key: form.elements.key.value, values: Object.fromEntries(values), files };
  stored((storage) => storage.setItem(place, JSON.stringify(draft)));
}

const forget = () => stored((storage) => storage.removeItem(place));

function lastDraft() {
  const draft = JSON.parse(stored((storage) => storage.getItem(place)) || "null");
  const filed = document.cookie.split("; ").includes(`filed=${draft?.key}`);
  if (filed) forget();
  return filed || !TEXTS.some((name) => draft?.values[name]) ? null : draft;
}

function restore(draft) {
  for (const [name, value] of Object.entries(draft.values)) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
  }
  document.querySelector("[data-restored]").hidden = false;
  document.querySelector("[data-restored-files]").hidden = !draft.files;
  keep();
  form.elements.subject.dispatchEvent(new Event("input", { bubbles: true }));
  form.elements.subject.dispatchEvent(new Event("change", { bubbles: true }));
}

function followCard(event) {
  const card = event.target.closest("[data-edition]");
  if (!card) return;
  form.elements.edition.value = card.dataset.edition;
  form.elements.product_version.value = card.dataset.version;
}

function chosenProduct() {
  const card = form.elements.product.value;
  const code = card === "other" ? form.elements.other_product.value : card;
  return code === "unlisted" ? "" : code;
}

document.body.addEventListener("htmx:configRequest", (event) => {
  if (event.target.id !== "suggestions") return;
  const text = `${form.elements.subject.value} ${form.elements.description.value.slice(0, 200)}`.trim();
  if (!text) event.preventDefault();
  event.detail.parameters.q = text;
  event.detail.parameters.product = chosenProduct();
  event.detail.parameters.module = form.elements.module.value;
});

// An article solved it: there is nothing left to file. (Of an answer that leads elsewhere htmx leaves open whether
// it was successful.)
document.body.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig.verb === "post" && xhr.status === 200) forget();
});

form.addEventListener("change", followCard);
form.addEventListener("input", keep);
form.addEventListener("change", keep);
new MutationObserver(keep).observe(form.querySelector(".thumbs"), { childList: true });
form.addEventListener("submit", (event) => {
  if (form.hasAttribute("data-sent")) event.preventDefault();
  form.setAttribute("data-sent", "");
  form.querySelector("[data-send]").setAttribute("aria-disabled", "true");
});
// Coming back by the back button shows the page as it was left; it may be sent again.
window.addEventListener("pageshow", () => {
  form.removeAttribute("data-sent");
  form.querySelector("[data-send]").removeAttribute("aria-disabled");
});
document.querySelector("[data-start-over]").addEventListener("click", () => {
  forget();
  window.location.assign(form.action);
});

document.querySelector("[data-keeps]").hidden = false;
const draft = lastDraft();
const fresh = form.dataset.answered === undefined && !TEXTS.some((name) => form.elements[name].value);
// Not before htmx listens: handbook and promise follow from what is restored.
if (draft && fresh) document.addEventListener("DOMContentLoaded", () => restore(draft));
