// The buttons and keys of the page, its colours, and what is printed.

const press = (id, action) => document.getElementById(id).addEventListener("click", action);
press("collapse", () => turnAll(false));
press("expand", () => turnAll(true));
press("smaller", () => zoom(1 / 1.25));
press("larger", () => zoom(1.25));
press("fit", fit);

const themes = ["auto", "light", "dark"], root = document.documentElement;
press("theme", ({ currentTarget }) => {
  root.dataset.theme = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
  currentTarget.textContent = root.dataset.theme;
});

const shortcuts = {
  "/": () => search.focus(),
  "+": () => zoom(1.25),
  "=": () => zoom(1.25),
  "-": () => zoom(1 / 1.25),
  e: () => turnAll(true),
  c: () => turnAll(false),
  "0": fit,
  Escape: hideTip,
};
document.addEventListener("keydown", event => {
  const action = shortcuts[event.key];
  if (!action || event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key !== "Escape") event.preventDefault();
  action();
});

// On paper the whole drawing, as wide as the page.
addEventListener("beforeprint", () => {
  hideTip();
  const { left, right, height } = current;
  drawing.setAttribute("viewBox", `${left - 8} -4 ${right - left + 16} ${height + 8}`);
  drawing.firstChild.removeAttribute("transform");
});
addEventListener("afterprint", () => {
  drawing.removeAttribute("viewBox");
  place();
});

showSource(0);
draw();
begin();
for (const [path, box] of index) if (box.kind === "error" && !box.opens) choose(path, false);
