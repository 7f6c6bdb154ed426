// The list of shortcuts, fetched when it is asked for.
const help = document.getElementById("keys-help");

export async function show(address) {
  const inside = help.querySelector(".keys-help__in");
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.status);
    inside.innerHTML = await answer.text();
  } catch {
    // As a page it says itself what is wrong.
    location.assign(address);
    return;
  }
  if (!document.querySelector("dialog[open]")) help.showModal();
}
