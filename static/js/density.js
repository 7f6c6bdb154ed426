// How close together board and list stand: changed before one's eyes, and remembered by the server. It is said of the
// body, in which a card hangs while it is dragged.
const form = document.querySelector("form.density");

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter ?? form.elements.density;
  const body = new FormData(form, button);
  const compact = button.value === "compact";
  show(compact);
  try {
    await fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
  } catch {
    // Not reached: it stands as before when the page is opened again.
  }

  function show(on) {
    document.body.dataset.density = on ? "compact" : "comfortable";
    button.value = on ? "comfortable" : "compact";
    button.ariaPressed = String(on);
  }
});
