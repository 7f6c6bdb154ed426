// A notice counts as read once its ticket is opened from it; toasts go by themselves.
const PASSING = 8000;
// What the page of an open ticket does not show by itself: of everything else no toast is needed there.
const TOLD_ANYWHERE = new Set(["clock_warning", "clock_breached", "reply_not_left", "survey", "survey_reminder"]);

function markRead(id) {
  const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
  const body = new URLSearchParams({ id });
  // The page is being left: the request outlives it, and where it would lead to is of no interest.
  fetch(document.getElementById("notice-badge").dataset.read, { method: "POST", headers, body, keepalive: true, redirect: "manual" });
}

function opened(event) {
  const link = event.target.closest?.("a[data-notice]");
  // The middle button opens, the right one does not.
  if (link && event.button !== 2) markRead(link.dataset.notice);
}

function letGo(toast) {
  if (toast.matches(":hover, :focus-within")) setTimeout(letGo, 1000, toast);
  else toast.remove();
}

function isSeenAlready(toast) {
  const about = toast.querySelector("a[data-notice]");
  return !document.hidden && about?.pathname === window.location.pathname && !TOLD_ANYWHERE.has(toast.dataset.kind);
}

document.addEventListener("click", opened);
document.addEventListener("auxclick", opened);
document.addEventListener("click", (event) => event.target.closest?.("[data-close]")?.closest(".toast")?.remove());

// The button that marked a notice is gone: the keyboard goes on at the notice.
document.addEventListener("htmx:afterSettle", (event) => {
  const pressed = event.detail.requestConfig?.triggeringEvent?.submitter;
  if (pressed?.matches(".notice__read")) document.querySelector(`main a[data-notice="${pressed.value}"]`)?.focus();
});

const toasts = document.getElementById("toasts");
if (toasts) {
  for (const toast of toasts.querySelectorAll(".toast[data-passing]")) setTimeout(letGo, PASSING, toast);
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        if (!(node instanceof HTMLElement) || !node.matches(".toast[data-passing]")) continue;
        if (isSeenAlready(node)) node.remove();
        else setTimeout(letGo, PASSING, node);
      }
    }
  }).observe(toasts, { childList: true });
}
