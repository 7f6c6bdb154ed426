// A text box that chooses from a list under it (the combobox pattern of ARIA): the focus stays in the box, arrows
// mark an option, Enter or a click takes it. Options are [role=option] of `list`; hidden ones are passed over.
export function combobox(input, list, { choose, mark = () => {} }) {
  let current = null;
  const options = () => [...list.querySelectorAll("[role=option]:not([hidden])")];

  function select(option) {
    current?.setAttribute("aria-selected", "false");
    current = option ?? null;
    current?.setAttribute("aria-selected", "true");
    if (current) input.setAttribute("aria-activedescendant", current.id);
    else input.removeAttribute("aria-activedescendant");
    current?.scrollIntoView({ block: "nearest" });
    mark(current);
    return current;
  }

  function step(by) {
    const all = options();
    if (!all.length) return;
    const at = all.indexOf(current);
    select(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length]);
  }

  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in steps) {
      event.preventDefault();
      const far = Math.abs(steps[event.key]) > 1;
      const all = options();
      if (far && all.length) select(all[Math.max(0, Math.min(all.length - 1, all.indexOf(current) + steps[event.key]))]);
      else step(steps[event.key]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (current) choose(current);
    }
  });
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
  list.addEventListener("mousemove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== current) select(option);
  });
  // The list has changed: the first option that is left is marked, and returned.
  return { first: () => select(options()[0]) };
}
