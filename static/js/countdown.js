// Counts down every <time data-due="ISO instant"> on the page, once a second, without asking the server.
const two = (n) => String(n).padStart(2, "0");

export function remaining(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const days = Math.floor(seconds / 86400);
  const clock = `${two(Math.floor((seconds % 86400) / 3600))}:${two(Math.floor((seconds % 3600) / 60))}`;
  return days ? `${days} d ${clock}` : `${clock}:${two(seconds % 60)}`;
}

function tick() {
  const now = Date.now();
  for (const time of document.querySelectorAll("time[data-due]")) {
    const due = Date.parse(time.dataset.due);
    const started = Date.parse(time.dataset.started || time.dataset.due);
    time.textContent = remaining(due - now);
    const clock = time.closest(".clock");
    const used = (now - started) / Math.max(1, due - started);
    clock?.classList.toggle("clock--breach", now > due);
    clock?.classList.toggle("clock--warn", now <= due && used >= 0.8);
    const rail = time.closest("[data-clock]")?.querySelector(".rail");
    rail?.classList.toggle("rail--breach", now > due);
    rail?.classList.toggle("rail--warn", now <= due && used >= 0.8);
    const bar = rail?.querySelector("progress");
    if (bar) bar.value = Math.min(100, Math.max(0, used * 100));
  }
}

tick();
setInterval(tick, 1000);
document.addEventListener("htmx:afterSettle", tick);
