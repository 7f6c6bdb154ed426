// How close together board and list stand: changed before one's eyes, and remembered by the server.
const form = document.querySelector("form.density");
const page = document.querySelector("[data-density]");

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
    page.dataset.density = on ? "compact" : "comfortable";
    button.value = on ? "comfortable" : "compact";
    button.ariaPressed = String(on);
  }
});
