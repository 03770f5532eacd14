// The spec beside the drawing: the lines of the chosen box, and the boxes of a chosen line.

const file = document.getElementById("file"), tabs = [...document.querySelectorAll("[role=tab]")];
const TOKENS = /(#.*$)|("(?:[^"\\]|\\.)*")|(?<![\w.])(and|as|block|def|else|expect|extern|false|for|if|in|input|let|losses|net|none|not|or|output|repeat|require|set|shared|splice|training|true|use|when)\b|(?<!\w)(\d+(?:x\d+)+|\d[\d_.]*)/g;
const LOOKS = ["", "comment", "string", "keyword", "number"];
let source = -1, wantedLine = "";

// The paths of the boxes of each line.
const byLine = new Map();
for (const [path, box] of index) {
  for (const place of box.lines ?? []) {
    const key = place.join(":");
    if (!byLine.has(key)) byLine.set(key, []);
    byLine.get(key).push(path);
  }
}

function highlit(text) {
  const made = document.createElement("code");
  let done = 0;
  for (const match of text.matchAll(TOKENS)) {
    const token = document.createElement("span");
    token.className = LOOKS[match.slice(1).findIndex(Boolean) + 1];
    token.textContent = match[0];
    made.append(text.slice(done, match.index), token);
    done = match.index + match[0].length;
  }
  made.append(text.slice(done));
  return made;
}

function showSource(number) {
  if (number === source || !net.sources[number]) return;
  source = number;
  tabs.forEach((tab, place) => tab.setAttribute("aria-selected", place === number));
  file.setAttribute("aria-labelledby", `tab${number}`);
  file.replaceChildren(...net.sources[number].map((text, place) => {
    const row = document.createElement("li"), linked = byLine.has(`${number}:${place + 1}`);
    row.append(highlit(text || " "));
    row.dataset.line = place + 1;
    if (linked) {
      row.className = "linked";
      row.tabIndex = 0;
      row.setAttribute("role", "button");
    }
    return row;
  }));
}

// Shows some lines; the first says in which file.
function showLines(places) {
  wantedLine = "";
  if (places.length) showSource(places[0][0]);
  const numbers = new Set(places.filter(([number]) => number === source).map(([, at]) => at));
  let first = null;
  for (const row of file.children) {
    const here = numbers.has(Number(row.dataset.line));
    row.classList.toggle("here", here);
    if (here) first ??= row;
  }
  if (!first) return;
  const top = first.offsetTop - file.offsetTop;
  if (top < file.scrollTop + 40 || top > file.scrollTop + file.clientHeight - 60) {
    file.scrollTop = top - file.clientHeight / 3;
  }
}

const isOfLine = box => (box.lines ?? []).some(place => place.join(":") === wantedLine);

// The boxes of a line; those that are shut in are brought out, one with each click.
function chooseLine(row) {
  const key = `${source}:${row.dataset.line}`, paths = byLine.get(key);
  if (!paths) return;
  const again = wantedLine === key ? paths.indexOf(chosen) + 1 : 0;
  const open = paths.filter(path => found(path));
  const next = again ? paths[again % paths.length] : open[0] ?? paths[0];
  reveal(next);
  choose(next, false);
  for (const each of file.children) each.classList.toggle("here", each === row);
  wantedLine = key;
  mark();
  const node = found(next);
  if (node) intoView(node);
}

file.addEventListener("click", event => {
  const row = event.target.closest("li.linked");
  if (row && !String(getSelection())) chooseLine(row);
});
file.addEventListener("keydown", event => {
  const row = event.target.closest("li.linked");
  if (!row || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  chooseLine(row);
});
tabs.forEach((tab, place) => tab.addEventListener("click", () => showSource(place)));
