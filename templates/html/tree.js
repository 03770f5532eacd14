// The net as a tree of boxes: which are open, which one is chosen, and the keys that move it.

const drawing = document.getElementById("drawing");
const net = JSON.parse(document.getElementById("data").textContent);
const turned = new Map(); // what somebody opened or closed
let chosen = "", current = null;

const isOpen = (path, box) => turned.get(path) ?? Boolean(box.open);

// Every box under its path, the inner behind the outer.
const index = new Map();
function list(key, path) {
  for (const box of net.parts[key].boxes) {
    if (box.shape === "tap" || index.size > 20000) continue;
    const own = `${path}/${box.id}`;
    index.set(own, box);
    if (box.opens) list(box.opens, own);
  }
}
list(0, "");

const outer = path => path.slice(0, path.lastIndexOf("/"));
const found = path => drawing.querySelector(`[data-path="${CSS.escape(path)}"]`);
const shown = () => [...drawing.querySelectorAll(".node")];

function draw() {
  current = laid(0, "");
  const root = make("g", { id: "root" }, ...scene(current, 1));
  drawing.replaceChildren(root);
  place();
  mark();
}

// Where a box has its middle and its top on the screen.
function whereabouts(path) {
  const node = found(path), inner = node.querySelector(":scope > [role=group]");
  const rect = node.querySelector(":scope > rect").getBoundingClientRect();
  return [inner ? inner.getScreenCTM().e : rect.left + rect.width / 2, rect.top];
}

// Opens or closes a box, which stays where it is on the screen.
function turn(path, open = !isOpen(path, index.get(path))) {
  if (!index.get(path)?.opens) return;
  const [x, y] = whereabouts(path);
  const focused = drawing.contains(document.activeElement);
  turned.set(path, open);
  draw();
  const [movedX, movedY] = whereabouts(path);
  pan(x - movedX, y - movedY);
  intoView(found(path));
  if (focused) choose(path, true);
}

function reveal(path) {
  const around = [];
  for (let up = outer(path); up; up = outer(up)) around.push(up);
  const shut = around.filter(up => !isOpen(up, index.get(up)));
  for (const up of shut) turned.set(up, true);
  if (shut.length) draw();
}

function turnAll(open) {
  const paths = open ? shown().map(node => node.dataset.path) : [...index.keys()];
  const moved = paths.filter(path => index.get(path).opens && isOpen(path, index.get(path)) !== open);
  for (const path of moved) turned.set(path, open);
  draw();
  begin();
}

// The chosen box is the one that takes the keys; its lines are shown in the spec.
function choose(path, focus) {
  chosen = path;
  mark();
  if (focus) found(path)?.focus({ preventScroll: true });
  showLines(index.get(path)?.lines ?? []);
}

function mark() {
  const nodes = shown();
  const stop = nodes.find(node => node.dataset.path === chosen) ?? nodes[0];
  for (const node of nodes) {
    const path = node.dataset.path;
    node.setAttribute("tabindex", node === stop ? 0 : -1);
    node.setAttribute("aria-selected", path === chosen);
    node.classList.toggle("chosen", path === chosen);
    node.classList.toggle("hit", hits.has(path));
    node.classList.toggle("linked", isOfLine(index.get(path)));
  }
}

const keys = {
  ArrowDown: (nodes, at) => nodes[at + 1],
  ArrowUp: (nodes, at) => nodes[at - 1],
  Home: nodes => nodes[0],
  End: nodes => nodes.at(-1),
  ArrowRight(nodes, at, path, box) {
    if (box.opens && !isOpen(path, box)) return turn(path, true);
    return box.opens && nodes[at + 1];
  },
  ArrowLeft(nodes, at, path, box) {
    if (box.opens && isOpen(path, box)) return turn(path, false);
    return found(outer(path));
  },
};
keys.Enter = keys[" "] = (nodes, at, path) => turn(path);

drawing.addEventListener("keydown", event => {
  const node = event.target.closest(".node"), key = keys[event.key];
  if (!node || !key || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const nodes = shown(), path = node.dataset.path;
  const next = key(nodes, nodes.indexOf(node), path, index.get(path));
  if (!next) return;
  choose(next.dataset.path, true);
  intoView(next);
});

drawing.addEventListener("click", event => {
  const node = event.target.closest(".node");
  if (!node || dragged) return;
  choose(node.dataset.path, true);
  if (!event.target.closest(".toggle")) return;
  turn(node.dataset.path);
  hideTip();
});

drawing.addEventListener("dblclick", event => {
  const node = event.target.closest(".node");
  if (node && !event.target.closest(".toggle")) turn(node.dataset.path);
});
