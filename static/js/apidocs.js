// Swagger UI's own dark look, where the reader's choice (else the system's) is a dark one.
const root = document.documentElement;
const theme = root.dataset.theme;
const dark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
root.classList.toggle("dark-mode", dark);
