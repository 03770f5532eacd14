// The drawing as SVG elements, from what `layout.js` says.

const BODY = 11, MUTED = 9, PAD = 8;

function make(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(key, typeof value === "number" ? round(value) : value);
  }
  made.append(...children.filter(Boolean));
  return made;
}

const round = value => Math.round(value * 10) / 10;

function words(x, y, text, looks, anchor) {
  return text && make("text", { x, y, class: looks, "text-anchor": anchor }, text);
}

function rectangle({ left, top, right, bottom }, radius, looks) {
  const width = right - left, height = bottom - top;
  return make("rect", { x: left, y: top, width, height, rx: radius, class: looks });
}

function badge(text, right, middle) {
  const width = measure(text, BODY, true) + 10;
  const sides = { left: right - width, right, top: middle - 7, bottom: middle + 7 };
  return make("g", { class: "badge" }, rectangle(sides, 5, ""),
    words(right - width / 2, middle + 4, text, "bold", "middle"));
}

// The texts of a line: from the left, and from the right a count and a badge.
function line([bold = "", plain = "", muted = "", right = "", times = ""], left, end, middle) {
  const text = make("text", { x: left, y: middle + (bold || plain ? 4 : 3) });
  const span = (said, looks) => said && text.append(make("tspan", { class: looks }, said));
  span(bold, "bold");
  span(bold && plain ? `\u00a0 ${plain}` : plain, "");
  span(bold && muted ? `\u00a0 ${muted}` : muted, "muted");
  const room = times ? measure(times, BODY, true) + 15 : 0;
  return [text, words(end - room, middle + 3, right, "muted", "end"),
    times && badge(times, end, middle)];
}

const tall = ([bold, plain]) => bold || plain ? 14 : 11.5;

function lines(box, rect) {
  let middle = (rect.top + rect.bottom - box.rows.reduce((sum, row) => sum + tall(row), 0)) / 2;
  return box.rows.flatMap(row => {
    middle += tall(row) / 2;
    const made = box.shape === "pill"
      ? [centred(row, (rect.left + rect.right) / 2, middle)]
      : line(row, rect.left + PAD, rect.right - PAD, middle);
    middle += tall(row) / 2;
    return made;
  });
}

function centred(row, x, middle) {
  const [text] = line(row, x, x, middle);
  text.setAttribute("text-anchor", "middle");
  return text;
}

// A bar: what each branch brings, over its name.
function bar(box, rect, lay) {
  const middle = (rect.top + rect.bottom) / 2;
  const made = [make("path", { d: `M${rect.left} ${middle}H${rect.right}`, class: "cut" })];
  let left = rect.left, edge = box.at[0] - box.at[2] / 2;
  for (const [place, [text, width]] of box.parts.entries()) {
    edge += width;
    const last = place + 1 === box.parts.length, right = last ? rect.right : lay.at(edge, 0)[0];
    made.push(words((left + right) / 2, (rect.top + middle) / 2 + 3, text, "muted", "middle"));
    if (!last) {
      made.push(make("path", { d: `M${right} ${rect.top}V${middle}`, class: "cut" }));
    }
    left = right;
  }
  return [...made, centred(box.rows[0], (rect.left + rect.right) / 2, (middle + rect.bottom) / 2)];
}

function closed(box, rect, lay) {
  const middle = (rect.left + rect.right) / 2, radius = box.shape === "circle" ? 9 : 8;
  const made = [rectangle(rect, radius, `box${box.dashed ? " dashed" : ""}`)];
  if (box.shape === "circle") {
    made.push(words(middle, (rect.top + rect.bottom) / 2 + 5, box.rows[0][0], "sign", "middle"));
  } else made.push(...(box.shape === "bar" ? bar(box, rect, lay) : lines(box, rect)));
  return made;
}

// What opens or closes a box: a sign at the left of it.
function toggle(rect, open) {
  const y = open ? rect.top + 13 : (rect.top + rect.bottom) / 2, x = rect.left;
  const sign = open ? `M${x - 3} ${y}h6` : `M${x - 3} ${y}h6M${x} ${y - 3}v6`;
  return make("g", { class: "toggle" },
    make("circle", { cx: x, cy: y, r: 12, class: "target" }),
    make("circle", { cx: x, cy: y, r: 6.5 }), make("path", { d: sign }));
}

function opened(frame, rect, level) {
  const row = frame.box.rows.find(row => row[0]) ?? [], inner = frame.inner;
  const [bold, plain, , right, times] = row;
  const middle = rect.top + 13;
  const within = make("g", {
    role: "group", transform: `translate(${round(rect.middle)} ${round(rect.top + HEAD)})`,
  }, ...scene(inner, level + 1));
  return [rectangle(rect, 8, "frame"),
    ...line([bold, plain, frame.box.label ?? "", right, times], rect.left + 12, rect.right - PAD, middle),
    ...entries(inner, rect), within];
}

// From the border of a frame to the ends of the wires in it.
function entries({ part, at }, rect) {
  return part.boxes.filter(box => box.shape === "tap").map(({ at: [x, y, , height], id }) => {
    const enters = part.wires.some(wire => wire.ends[0] === id);
    const [px, py] = at(x, y + (enters ? height : -height) / 2), from = rect.top + HEAD + py;
    const d = `M${round(rect.middle + px)} ${round(from)}V${round(enters ? rect.top : rect.bottom)}`;
    return make("path", { d, class: "wire flow" });
  });
}

function wired(wire, lay) {
  const { points, tip } = routed(wire, lay), ends = lay.part.boxes.find(b => b.id === wire.ends[1]);
  const stops = ends?.shape === "tap";
  const text = points.map(point => point.map(round).join(" "));
  let d = `M${text[0]}${text.length === 2 ? `L${text[1]}` : ""}`;
  for (let place = 1; place + 2 < text.length; place += 3) {
    d += `C${text[place]} ${text[place + 1]} ${text[place + 2]}`;
  }
  if (tip && stops) d += `L${tip.map(round).join(" ")}`;
  const made = [make("path", { d, class: `wire ${wire.line}` })];
  if (tip && !stops) made.push(head(points.at(-1), tip, wire.line));
  if (wire.label) {
    const [said, x, y] = wire.label, [px, py] = lay.at(x, y);
    made.push(words(px, py + 3, said, "muted shape", "start"));
  }
  return made;
}

function head([x, y], [tipX, tipY], looks) {
  const length = Math.hypot(tipX - x, tipY - y) || 1;
  const dx = (tipX - x) / length * 2.6, dy = (tipY - y) / length * 2.6;
  const corners = [[tipX, tipY], [x - dy, y + dx], [x + dy, y - dx]];
  return make("path", { d: `M${corners.map(c => c.map(round).join(" ")).join("L")}Z`,
    class: `head ${looks}` });
}

// All of a part: frames of repeats, wires, boxes.
function scene(lay, level) {
  const frames = lay.part.frames.flatMap(({ at: [left, top, right, bottom], row }) => {
    const [low, high] = [lay.at(left, top), lay.at(right, bottom)];
    const rect = { left: low[0], top: low[1], right: high[0], bottom: high[1] };
    return [rectangle(rect, 8, "frame"), ...line(row, rect.left + PAD, rect.right - PAD, rect.top + 10)];
  });
  const wires = make("g", { "aria-hidden": "true" }, ...frames, ...lay.part.wires.flatMap(
    wire => wired(wire, lay)));
  const boxes = lay.part.boxes.filter(box => box.shape !== "tap");
  return [wires, ...boxes.map((box, place) => node(box, lay, level, place + 1, boxes.length))];
}

function node(box, lay, level, place, count) {
  const path = `${lay.path}/${box.id}`, frame = lay.open.get(box.id), rect = lay.rects.get(box.id);
  return make("g", {
    role: "treeitem", class: `node ${box.kind}`, "data-path": path, tabindex: -1,
    "aria-level": level, "aria-posinset": place, "aria-setsize": count,
    "aria-label": box.rows.map(row => row.filter(Boolean).join(" ")).join(", "),
    "aria-expanded": box.opens ? String(Boolean(frame)) : undefined,
  }, ...(frame ? opened(frame, rect, level) : closed(box, rect, lay)),
    box.opens && toggle(rect, Boolean(frame)));
}
