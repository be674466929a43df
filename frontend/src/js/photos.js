// Picking photos: thumbnails, taking one away again, number and size checked before anything is sent.
//
// <div class="photos" data-photos data-max="9" data-max-mb="20" data-too-many="…" data-too-big="…">
//   <label class="add"><input type="file" name="photos" multiple>…</label>
// </div><p data-photos-error hidden></p>
// Thumbnails are drawn on a canvas: no blob: addresses, so that the content policy stays strict.

const MB = 1024 * 1024;
const EDGE = 240;

async function draw(file, figure) {
  if (!file.type.startsWith("image/") || !window.createImageBitmap) return name(file, figure);
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, EDGE / Math.min(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(bitmap.width * scale);
    canvas.height = Math.round(bitmap.height * scale);
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", file.name);
    figure.prepend(canvas);
    bitmap.close();
  } catch {
    name(file, figure); // a format that this browser cannot show (HEIC): the name stands in its place
  }
}

function name(file, figure) {
  const caption = document.createElement("figcaption");
  caption.textContent = file.name.length > 16 ? `…${file.name.slice(-14)}` : file.name;
  figure.prepend(caption);
}

function fill(text, value) {
  return (text || "").replace("%s", value);
}

class Picker {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector('input[type="file"]');
    this.add = this.input.closest(".add");
    this.error = box.parentElement.querySelector("[data-photos-error]");
    this.files = [];
    this.input.addEventListener("change", () => this.take([...this.input.files]));
  }

  take(picked) {
    const max = Number(this.box.dataset.max || 9);
    const limit = Number(this.box.dataset.maxMb || 20);
    const big = picked.find((file) => file.size > limit * MB);
    const fresh = picked.filter((file) => file.size <= limit * MB && !this.has(file));
    const room = fresh.slice(0, Math.max(0, max - this.files.length));
    this.say(big ? fill(this.box.dataset.tooBig, big.name) : fresh.length > room.length ? fill(this.box.dataset.tooMany, max) : "");
    this.files.push(...room);
    this.show();
  }

  has(file) {
    return this.files.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified);
  }

  say(text) {
    if (!this.error) return;
    this.error.textContent = text;
    this.error.hidden = !text;
  }

  show() {
    const transfer = new DataTransfer();
    for (const file of this.files) transfer.items.add(file);
    this.input.files = transfer.files;
    for (const figure of this.box.querySelectorAll("figure[data-picked]")) figure.remove();
    for (const file of this.files) this.box.insertBefore(this.figure(file), this.add);
  }

  figure(file) {
    const figure = document.createElement("figure");
    figure.dataset.picked = "";
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "drop";
    drop.setAttribute("aria-label", fill(this.box.dataset.dropLabel || "%s", file.name));
    const icon = this.box.querySelector("template[data-drop-icon]");
    if (icon) drop.append(icon.content.cloneNode(true));
    drop.addEventListener("click", () => {
      this.files = this.files.filter((one) => one !== file);
      this.say("");
      this.show();
      this.input.focus();
    });
    figure.append(drop);
    draw(file, figure);
    return figure;
  }
}

export function startPhotos() {
  const begin = (root) => {
    for (const box of root.querySelectorAll("[data-photos]:not([data-ready])")) {
      box.dataset.ready = "";
      if (typeof DataTransfer === "function") new Picker(box);
    }
  };
  begin(document);
  document.addEventListener("htmx:load", (event) => begin(event.target.parentElement || document));
}
