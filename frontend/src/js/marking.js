// Marks over a picture: boxes and arrows are drawn with mouse, finger or pen, words are put where one taps. The page
// sends them as shapes in thousandths; the picture itself stays as it is.
//
// <div data-marking="1000x750"><img><svg>…<g data-new></g></svg></div>
// <form data-marks hidden><input name="shapes"><input name="tool" type="radio">…<input name="text"></form>
// Keys: arrows move a cross over the picture, Space sets where a mark begins and ends.

const SVG = "http://www.w3.org/2000/svg";
const STEP = 20;

function draw(kind, attributes, text) {
  const node = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}

// What was drawn in a form that came back.
function drawnBefore(form) {
  try {
    const found = JSON.parse(form.querySelector("[name=shapes]").value);
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

class Marking {
  constructor(canvas, form) {
    this.form = form;
    this.svg = canvas.querySelector("svg");
    this.fresh = this.svg.querySelector("[data-new]");
    [this.width, this.height] = canvas.dataset.marking.split("x").map(Number);
    this.shapes = drawnBefore(form);
    this.from = null;
    this.cross = null;
    form.hidden = false;
    form.addEventListener("change", () => {
      canvas.classList.toggle("is-marking", Boolean(this.tool)); // a finger scrolls the page until a tool is taken
      this.svg.toggleAttribute("tabindex", Boolean(this.tool));
      if (this.tool) this.svg.tabIndex = 0;
    });
    this.svg.addEventListener("pointerdown", (event) => this.begin(event));
    this.svg.addEventListener("pointermove", (event) => this.from && this.show(this.shape(this.place(event))));
    this.svg.addEventListener("pointerup", (event) => this.from && this.end(this.place(event)));
    this.svg.addEventListener("pointercancel", () => this.drop());
    this.svg.addEventListener("keydown", (event) => this.key(event));
    form.querySelector("[data-marks-back]").addEventListener("click", () => {
      this.shapes.pop();
      this.show();
    });
    form.addEventListener("submit", () => this.fill());
    if (this.shapes.length) this.show();
  }

  get tool() {
    return this.form.querySelector("[name=tool]:checked").value;
  }

  get text() {
    return this.form.querySelector("[name=text]").value.trim();
  }

  place(event) {
    const box = this.svg.getBoundingClientRect();
    const part = (at, start, length) => Math.round(Math.min(1, Math.max(0, (at - start) / length)) * 1000);
    return { x: part(event.clientX, box.left, box.width), y: part(event.clientY, box.top, box.height) };
  }

  begin(event) {
    if (event.button || !this.tool) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.from = this.place(event);
  }

  shape(to) {
    const text = this.text ? { text: this.text } : {};
    if (this.tool === "words") return { kind: "words", ...to, ...text };
    return { kind: this.tool, ...this.from, x2: to.x, y2: to.y, ...text };
  }

  end(to) {
    const shape = this.shape(to);
    const far = shape.kind === "words" ? this.text : Math.hypot(shape.x2 - shape.x, shape.y2 - shape.y) > 12;
    if (shape.kind === "words" && !this.text) this.form.querySelector("[name=text]").focus();
    if (far && this.shapes.length < 30) this.shapes.push(shape);
    this.drop();
  }

  drop() {
    this.from = null;
    this.show();
  }

  key(event) {
    if (!this.tool) return;
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (moves[event.key]) {
      const [x, y] = moves[event.key];
      const at = this.cross || { x: 500, y: 500 };
      this.cross = { x: Math.min(1000, Math.max(0, at.x + x)), y: Math.min(1000, Math.max(0, at.y + y)) };
      this.show(this.from ? this.shape(this.cross) : undefined);
    } else if (event.key === " " && this.cross) {
      if (this.from || this.tool === "words") this.end(this.cross);
      else this.from = { ...this.cross };
    } else return;
    event.preventDefault();
    event.stopPropagation(); // the arrows turn the page elsewhere
  }

  show(extra) {
    const nodes = [...this.shapes, ...(extra ? [extra] : [])].flatMap((one) => this.nodes(one));
    if (this.cross) nodes.push(draw("circle", { cx: this.wide(this.cross.x), cy: this.high(this.cross.y), r: 12 }));
    this.fresh.replaceChildren(...nodes);
    this.fill();
  }

  wide(part) {
    return (part * this.width) / 1000;
  }

  high(part) {
    return (part * this.height) / 1000;
  }

  nodes(one) {
    const x = this.wide(one.x), y = this.high(one.y);
    const found = [];
    if (one.kind === "box") {
      const x2 = this.wide(one.x2), y2 = this.high(one.y2);
      found.push(draw("rect", { x: Math.min(x, x2), y: Math.min(y, y2), width: Math.abs(x2 - x), height: Math.abs(y2 - y) }));
    } else if (one.kind === "arrow") {
      found.push(draw("line", { x1: x, y1: y, x2: this.wide(one.x2), y2: this.high(one.y2), "marker-end": "url(#tip)" }));
    }
    if (one.text) found.push(draw("text", { x, y, dy: -8 }, one.text));
    return found;
  }

  fill() {
    this.form.querySelector("[name=shapes]").value = this.shapes.length ? JSON.stringify(this.shapes) : "";
  }
}

export function startMarking() {
  const canvas = document.querySelector("[data-marking]");
  const form = document.querySelector("[data-marks]");
  if (canvas && form) new Marking(canvas, form);
}
