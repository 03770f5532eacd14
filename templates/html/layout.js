// Where things stand. Each part was laid out by the compiler; where boxes are open, the axes of the
// part around them are pushed apart. An axis keeps its order, so what did not overlap or cross
// before does not now.

const HEAD = 14, SIDE = 14, FOOT = 12, NEAR = 0.5;

class Axis {
  gaps = [];

  at(place) {
    return this.gaps.reduce((moved, gap) => moved + (place > gap.place ? gap.size : 0), place);
  }

  // Room of some size between two places; what lies beyond `place` moves for it.
  need(low, high, size, place) {
    const lacking = size - (this.at(high) - this.at(low));
    if (lacking > 0) this.gaps.push({ place, size: lacking });
  }
}

const pen = document.createElement("canvas").getContext("2d");

function measure(text, size, bold) {
  pen.font = `${bold ? "bold " : ""}${size}px Arial, "Liberation Sans", Helvetica, sans-serif`;
  return pen.measureText(text).width;
}

// An open box: a frame around its part, with room for its title beside the wire that enters.
function framed(box, path) {
  const inner = laid(box.opens, path);
  const [bold = "", plain = "", , right = "", badge = ""] = box.rows.find(row => row[0]) ?? [];
  const said = plain ? ` ${plain}` : "";
  const label = box.label ? `\u00a0 ${box.label}` : "";
  const title = 26 + measure(bold, 11, true) + measure(said, 11, false) + measure(label, 9, false);
  const counts = 22 + measure(right, 9, false) + (badge ? measure(badge, 11, true) + 16 : 0);
  return {
    box, inner, path,
    left: Math.max(SIDE - inner.left, title),
    right: Math.max(SIDE + inner.right, counts),
    height: HEAD + inner.height + (leaves(inner.part) ? FOOT - 18 : FOOT),
  };
}

// Whether a wire goes out of a part, which then ends in room for it.
const leaves = ({ boxes, wires }) =>
  boxes.some(({ id, shape }) => shape === "tap" && wires.some(wire => wire.ends[1] === id));

// A part with its open boxes: its size, and where each box and each point of it is.
function laid(key, path) {
  const part = net.parts[key];
  const open = new Map();
  for (const box of part.boxes) {
    const own = `${path}/${box.id}`;
    if (box.opens && isOpen(own, box)) open.set(box.id, framed(box, own));
  }
  const x = new Axis(), y = new Axis(), frames = [...open.values()];
  const sides = ({ box: { at: [x, y, width, height] } }) =>
    ({ left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2, x });
  for (const each of frames.toSorted((a, b) => sides(a).right - sides(b).right)) {
    const { x: middle, right } = sides(each);
    x.need(middle, right + 1, each.right + 1, right + NEAR);
  }
  for (const each of frames.toSorted((a, b) => sides(b).left - sides(a).left)) {
    const { x: middle, left } = sides(each);
    x.need(left - 1, middle, each.left + 1, left - NEAR);
  }
  for (const each of frames.toSorted((a, b) => sides(a).bottom - sides(b).bottom)) {
    const { top, bottom } = sides(each);
    y.need(top, bottom + 1, each.height + 1, bottom + NEAR);
  }
  const [left, right, height] = part.size, spine = x.at(0);
  const at = (px, py) => [x.at(px) - spine, y.at(py)];
  const rect = box => {
    const own = sides({ box }), frame = open.get(box.id);
    const [low, top] = at(own.left, own.top), [high, bottom] = at(own.right, own.bottom);
    const middle = x.at(own.x) - spine;
    if (frame) return {
      left: middle - frame.left, right: middle + frame.right, middle,
      top, bottom: top + frame.height,
    };
    const [, , width, height] = box.at, here = ends.filter(([id]) => id === box.id);
    const tall = bottom - top > height + 1
      && !here.some(([, , y]) => y > own.top + 1 && y < own.bottom - 1);
    const broad = high - low > width + 1 && box.shape !== "bar"
      && here.every(([, px]) => Math.abs(x.at(px) - x.at(own.x)) < width / 2 - 1);
    if (tall) held.add(box.id);
    return {
      left: broad ? middle - width / 2 : low, right: broad ? middle + width / 2 : high,
      top, bottom: tall ? top + height : bottom,
    };
  };
  // Where wires touch boxes. A box keeps its size where all of them still do.
  const ends = part.wires.flatMap(({ ends: [tail, head], points, tip }) =>
    [[tail, ...points.slice(0, 2)], [head, ...(tip ?? points.slice(-2))]]);
  const held = new Set(open.keys());
  const rects = new Map(part.boxes.map(box => [box.id, rect(box)]));
  return {
    part, path, open, held, rects, at, sides,
    left: at(left - 1, 0)[0] + 1, right: at(right + 1, 0)[0] - 1, height: at(0, height + 1)[1] - 1,
  };
}

// The points of a wire. Its ends lie on its boxes.
function routed(wire, lay) {
  const points = [];
  for (let place = 0; place < wire.points.length; place += 2) {
    points.push(lay.at(wire.points[place], wire.points[place + 1]));
  }
  const [tail, head] = wire.ends, start = wire.points.slice(0, 2);
  if (lay.held.has(tail)) points[0] = onBorder(tail, start, lay);
  if (!wire.tip) return { points };
  const tip = lay.held.has(head) ? onBorder(head, wire.tip, lay) : lay.at(...wire.tip);
  const last = wire.points.slice(-2); // an arrow keeps its length
  points[points.length - 1] = [0, 1].map(axis => tip[axis] + last[axis] - wire.tip[axis]);
  return { points, tip };
}

function onBorder(id, [px, py], lay) {
  const rect = lay.rects.get(id), box = lay.part.boxes.find(box => box.id === id);
  const own = lay.sides({ box });
  let [x, y] = lay.at(px, py);
  if (px < own.left + NEAR) x = rect.left;
  if (px > own.right - NEAR) x = rect.right;
  if (py > own.bottom - NEAR) y = rect.bottom;
  return [x, y];
}
