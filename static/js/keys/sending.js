// A POST that leads to another page, as a form would send it.
export function post(address, fields = {}) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = address;
  form.hidden = true;
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const here = location.pathname + location.search;
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: token, next: here, ...fields })) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}
