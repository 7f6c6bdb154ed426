// Counts down to the datetime of every <time data-due> on the page, once a second, without asking the server.
// data-started is where the rail begins. The clock turns amber when four fifths are used, red past its due; the words
// of its data-late then take the place of those it has.
const WARN_AT = 0.8;
const TRUSTED = 5000; // milliseconds a reader's clock may differ from ours: the page took some to come
const asked = Number(document.body.dataset.now) * 1000 - Date.now();
const offset = Math.abs(asked) > TRUSTED ? asked : 0;
// What time it is at the desk, in milliseconds.
export const now = () => Date.now() + offset;
const two = (n) => String(n).padStart(2, "0");

// The time left or overrun: 08:52, 21:36:04, 2 d 04:11.
export function remaining(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const [days, hours, minutes] = [seconds / 86400, (seconds % 86400) / 3600, (seconds % 3600) / 60].map(Math.floor);
  if (days) return `${days} ${document.body.dataset.dayUnit ?? "d"} ${two(hours)}:${two(minutes)}`;
  const short = `${two(minutes)}:${two(seconds % 60)}`;
  return hours ? `${two(hours)}:${short}` : short;
}

function show(time, now) {
  const due = Date.parse(time.dateTime);
  const started = Date.parse(time.dataset.started ?? time.dateTime);
  const used = (now - started) / Math.max(1, due - started);
  const late = now > due;
  const text = remaining(due - now);
  if (time.textContent !== text) time.textContent = text;
  const holder = time.closest("[data-clock]");
  const rail = holder?.querySelector(".rail");
  for (const [element, name] of [[time.closest(".clock"), "clock"], [rail, "rail"]]) {
    element?.classList.toggle(`${name}--breach`, late);
    element?.classList.toggle(`${name}--warn`, !late && used >= WARN_AT);
  }
  if (late) sayLate(time.closest(".clock[data-late]"));
  if (holder?.matches(".card")) holder.classList.toggle("card--late", late);
  const bar = rail?.querySelector("progress");
  if (bar) bar.value = Math.min(100, Math.max(0, used * 100));
}

// A clock that has just run out says so, once.
function sayLate(clock) {
  if (!clock) return;
  const word = clock.querySelector(".clock__on");
  word.lastChild.textContent = clock.dataset.late;
  const use = word.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#alert"));
  delete clock.dataset.late;
}

function tick() {
  if (document.hidden) return;
  const at = now();
  for (const time of document.querySelectorAll("time[data-due]")) show(time, at);
}

tick();
setInterval(tick, 1000);
document.addEventListener("visibilitychange", tick);
document.addEventListener("htmx:afterSettle", tick);
