// The search box: marks what is found, and goes from one to the next with Enter.

const search = document.getElementById("search"), count = document.getElementById("hits");
const hits = new Set();
let at = -1;

function seek() {
  const wanted = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  hits.clear();
  at = -1;
  if (wanted.length) {
    for (const [path, box] of index) {
      const said = `${box.rows.flat().join(" ")} ${net.tips[box.tip]}`.toLowerCase();
      if (wanted.every(word => said.includes(word))) hits.add(path);
    }
  }
  count.textContent = wanted.length ? `${hits.size}` : "";
  mark();
}

function next(step) {
  const paths = [...hits];
  if (!paths.length) return;
  at = (at + step + paths.length) % paths.length;
  reveal(paths[at]);
  choose(paths[at], false);
  count.textContent = `${at + 1} of ${paths.length}`;
  intoView(found(paths[at]));
}

search.addEventListener("input", seek);
search.addEventListener("keydown", event => {
  if (event.key === "Enter") next(event.shiftKey ? -1 : 1);
  if (event.key === "Escape") {
    search.value = "";
    seek();
    search.blur();
  }
});
