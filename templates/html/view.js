// What of the drawing is seen: zoom, pan, and the tooltip of a box.

const stage = document.getElementById("stage"), tip = document.getElementById("tip");
const MARGIN = 28, LEGEND = 60, LARGEST = 6;
const seen = { x: 0, y: 0, scale: 1 };
const fingers = new Map();
let dragged = false, free = false; // whether somebody moved the view

function place() {
  const { x, y, scale } = seen;
  drawing.firstChild?.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
}

function pan(dx, dy) {
  seen.x += dx;
  seen.y += dy;
  free = true;
  place();
}

// Zoom about a point of the stage, which stays where it is.
function zoom(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  const scale = Math.min(LARGEST, Math.max(0.02, seen.scale * factor)), by = scale / seen.scale;
  seen.scale = scale;
  pan((x - seen.x) * (1 - by), (y - seen.y) * (1 - by));
}

function fit() {
  const { clientWidth: width, clientHeight: height } = stage;
  const whole = current.right - current.left;
  const across = (width - 2 * MARGIN) / whole, down = (height - MARGIN - LEGEND) / current.height;
  seen.scale = Math.min(1.25, across, Math.max(down, 0.02));
  seen.x = (width - whole * seen.scale) / 2 - current.left * seen.scale;
  seen.y = Math.max(MARGIN, (height - LEGEND + MARGIN - current.height * seen.scale) / 2);
  free = false;
  place();
}

// The first view: as wide as the stage allows, from the top, where the whole would be too small.
function begin() {
  fit();
  if (seen.scale < 0.6) {
    seen.scale = Math.min(0.9, (stage.clientWidth - 2 * MARGIN) / (current.right - current.left));
    seen.x = stage.clientWidth / 2 - (current.left + current.right) / 2 * seen.scale;
    seen.y = MARGIN;
    place();
  }
}

function intoView(node) {
  const own = node.getBoundingClientRect(), all = stage.getBoundingClientRect();
  const over = (low, high, from, to) =>
    low < from + 20 ? from + 20 - low : high > to - 20 ? Math.max(to - 20 - high, from + 20 - low) : 0;
  pan(over(own.left, own.right, all.left, all.right), over(own.top, own.bottom, all.top, all.bottom));
}

const onStage = ({ clientX, clientY }) => {
  const { left, top } = stage.getBoundingClientRect();
  return [clientX - left, clientY - top];
};

stage.addEventListener("wheel", event => {
  event.preventDefault();
  hideTip();
  if (event.shiftKey) pan(-event.deltaX - event.deltaY, 0);
  else zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), ...onStage(event));
}, { passive: false });

stage.addEventListener("pointerdown", event => {
  if (event.target.closest("button, input")) return;
  fingers.set(event.pointerId, onStage(event));
  dragged = false;
});

stage.addEventListener("pointermove", event => {
  const before = fingers.get(event.pointerId), now = onStage(event);
  if (!before) return;
  const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
  if (!dragged && Math.hypot(dx, dy) < 4) return;
  if (!dragged) stage.setPointerCapture(event.pointerId);
  dragged = true;
  hideTip();
  const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
  if (other) pinch(before, now, other);
  else pan(dx, dy);
  fingers.set(event.pointerId, now);
});

for (const end of ["pointerup", "pointercancel"]) {
  stage.addEventListener(end, event => {
    fingers.delete(event.pointerId);
    setTimeout(() => { dragged = false; });
  });
}

function pinch(before, now, other) {
  const apart = point => Math.hypot(point[0] - other[0], point[1] - other[1]);
  zoom(apart(now) / (apart(before) || 1), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
  pan((now[0] - before[0]) / 2, (now[1] - before[1]) / 2);
}

let broad = stage.clientWidth;
new ResizeObserver(() => {
  const grown = stage.clientWidth - broad;
  broad = stage.clientWidth;
  if (free) pan(grown / 2, 0);
  else if (current) begin();
}).observe(stage);

// The tooltip: all that is known of the box under the pointer, or of the one that has the keys.

function showTip(node) {
  const lines = net.tips[index.get(node.dataset.path).tip].split("\n");
  tip.replaceChildren(...lines.map((said, place) => {
    const made = document.createElement("div");
    made.textContent = said.replace(" -> ", " → ");
    made.className = /^\w+\(.*\)$/s.test(said) ? "call" : place ? "fact" : "path";
    return made;
  }));
  tip.hidden = false;
  const sign = node.querySelector(":scope > rect").getBoundingClientRect(), own = tip.getBoundingClientRect();
  const right = sign.right + 12 + own.width < innerWidth - 8;
  tip.style.left = `${right ? sign.right + 12 : Math.max(8, sign.left - own.width - 12)}px`;
  tip.style.top = `${Math.max(8, Math.min(sign.top, innerHeight - own.height - 8))}px`;
  node.setAttribute("aria-describedby", "tip");
}

function hideTip() {
  tip.hidden = true;
}

drawing.addEventListener("pointerover", event => {
  const node = event.target.closest(".node");
  if (node && event.pointerType !== "touch" && !fingers.size) showTip(node);
  else hideTip();
});
drawing.addEventListener("pointerleave", hideTip);
drawing.addEventListener("focusin", event => {
  const node = event.target.closest(".node");
  if (node) showTip(node);
});
drawing.addEventListener("focusout", hideTip);
