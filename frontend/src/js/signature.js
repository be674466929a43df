// Signing on the screen with finger, pen or mouse. What is sent are the strokes, as text, in units of a field of
// 1000 by 400; the server draws the picture. Without scripts, in browsers without pointer events, and for those who use the keyboard, the name is typed.
//
// <div data-sign><input type="hidden" data-sign-strokes>
//   <div data-sign-pad hidden><canvas width="1000" height="400"></canvas><button data-sign-clear></div></div>

const MOST = 7000;

class Pad {
  constructor(box) {
    this.input = box.querySelector("[data-sign-strokes]");
    this.canvas = box.querySelector("canvas");
    this.pen = this.canvas.getContext("2d");
    this.strokes = this.known();
    this.stroke = null;
    box.querySelector("[data-sign-pad]").hidden = false;
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.stroke && this.move(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.end());
    box.querySelector("[data-sign-clear]").addEventListener("click", () => {
      this.strokes = [];
      this.keep();
    });
    this.draw();
  }

  known() {
    try {
      const found = JSON.parse(this.input.value || "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const at = (value, start, length, full) => Math.round(Math.min(1, Math.max(0, (value - start) / length)) * full);
    return [at(event.clientX, box.left, box.width, 1000), at(event.clientY, box.top, box.height, 400)];
  }

  begin(event) {
    if (event.button) return;
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.stroke = [this.place(event)];
  }

  move(event) {
    const to = this.place(event);
    const last = this.stroke[this.stroke.length - 1];
    if (Math.hypot(to[0] - last[0], to[1] - last[1]) < 3 || this.points() > MOST) return;
    this.stroke.push(to);
    this.draw();
  }

  points() {
    return this.strokes.reduce((sum, one) => sum + one.length, this.stroke ? this.stroke.length : 0);
  }

  end() {
    if (!this.stroke) return;
    if (this.points() <= MOST) this.strokes.push(this.stroke);
    this.stroke = null;
    this.keep();
  }

  keep() {
    this.input.value = this.strokes.length ? JSON.stringify(this.strokes) : "";
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.draw();
  }

  draw() {
    this.pen.clearRect(0, 0, 1000, 400);
    this.pen.lineWidth = 9;
    this.pen.lineCap = this.pen.lineJoin = "round";
    this.pen.strokeStyle = "#16202b";
    for (const stroke of this.strokes.concat(this.stroke ? [this.stroke] : [])) {
      this.pen.beginPath();
      this.pen.moveTo(stroke[0][0], stroke[0][1]);
      for (const point of stroke.length > 1 ? stroke.slice(1) : stroke) this.pen.lineTo(point[0], point[1]);
      this.pen.stroke();
    }
  }
}

export function startSignatures() {
  for (const box of document.querySelectorAll("[data-sign]")) if (window.PointerEvent) new Pad(box);
}
