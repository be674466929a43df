// Measures the page that is open. Returns what a person would trip over; the caller decides what counts.
(options) => {
  const words = (node) => (node.innerText || node.getAttribute("aria-label") || node.value || node.name || "").trim().replace(/\s+/g, " ").slice(0, 40);
  const named = (node) => node.tagName.toLowerCase() + (node.id ? "#" + node.id : "") + [...node.classList].map((name) => "." + name).join("");
  const said = (node) => `${named(node)} “${words(node)}”`;
  const seen = (node) => {
    if (!node.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true })) return false;
    const box = node.getBoundingClientRect();
    return box.width > 1 && box.height > 1 && box.right + window.scrollX > 0 && box.bottom + window.scrollY > 0;
  };
  const ownText = (node) => [...node.childNodes].some((part) => part.nodeType === Node.TEXT_NODE && part.data.trim());
  const all = [...document.body.querySelectorAll("*")].filter((node) => !node.closest("svg, template, script, [inert]"));

  const overflow = () => Math.max(0, document.documentElement.scrollWidth - options.width, document.body.scrollWidth - options.width);

  const overhanging = () => all.filter((node) => seen(node) && node.getBoundingClientRect().right > options.width + 1
    && !node.parentElement.closest("[data-measured-scroll]")).slice(0, 3).map(said);

  const clipped = () => all.filter((node) => {
    const style = getComputedStyle(node);
    const hides = (axis) => ["hidden", "clip"].includes(style["overflow" + axis]);
    if (!seen(node) || (!ownText(node) && ![...node.children].some(ownText))) return false;
    const isMeant = style.textOverflow === "ellipsis" || node.title || node.matches("input, select, textarea");
    const wide = hides("X") && node.scrollWidth > node.clientWidth + 1;
    const high = hides("Y") && node.scrollHeight > node.clientHeight + 3 && style.webkitLineClamp === "none";
    return !isMeant && (wide || high);
  }).map(said);

  const isRunningText = (node) => node.tagName === "A" && getComputedStyle(node).display.startsWith("inline")
    && [...node.parentElement.childNodes].some((part) => part !== node && part.nodeType === Node.TEXT_NODE && part.data.trim().length > 1);
  const target = (node) => (node.matches("input[type=radio], input[type=checkbox], input[type=file]") && node.closest("label")) || node;
  const answers = (node, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return hit !== null && (node.contains(hit) || (hit.closest("label") !== null && hit.closest("label").control === node));
  };
  const isLarge = (node) => {
    const box = node.getBoundingClientRect();
    if (box.width >= options.tap - 0.5 && box.height >= options.tap - 0.5) return true;
    node.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const now = node.getBoundingClientRect();
    const [x, y, reach] = [now.left + now.width / 2, now.top + now.height / 2, options.tap / 2 - 1];
    const across = now.width >= options.tap - 0.5 || (answers(node, x - reach, y) && answers(node, x + reach, y));
    const down = now.height >= options.tap - 0.5 || (answers(node, x, y - reach) && answers(node, x, y + reach));
    return across && down;
  };
  const taps = () => {
    const pressed = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]";
    const at = [window.scrollX, window.scrollY];
    const nodes = [...new Set([...document.querySelectorAll(pressed)].map(target))].filter((node) => seen(node) && !node.disabled);
    const small = nodes.filter((node) => !node.matches(options.clauses) && !isRunningText(node) && !isLarge(node));
    window.scrollTo(...at);
    return small.map((node) => {
      const box = node.getBoundingClientRect();
      return `${said(node)} ${Math.round(box.width)}×${Math.round(box.height)}`;
    });
  };

  // A character that no font has is drawn like one that no font can have.
  const glyphs = () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 28;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const drawn = (family, character) => {
      pen.clearRect(0, 0, 28, 28);
      pen.font = `20px ${family}`;
      pen.fillText(character, 3, 22);
      return pen.getImageData(0, 0, 28, 28).data.join("");
    };
    const used = new Map();
    for (const node of all.filter((node) => ownText(node) && seen(node))) {
      const family = getComputedStyle(node).fontFamily;
      if (!used.has(family)) used.set(family, new Set());
      for (const part of node.childNodes) if (part.nodeType === Node.TEXT_NODE) for (const character of part.data) used.get(family).add(character);
    }
    const missing = [];
    for (const [family, characters] of used) {
      const nothing = ["\u{0378}", "\u{10fffd}"].map((character) => drawn(family, character));
      for (const character of characters) {
        if (/[\s\p{Cc}\p{Cf}]/u.test(character)) continue;
        if (nothing.includes(drawn(family, character))) missing.push(`${character} U+${character.codePointAt(0).toString(16)}`);
      }
    }
    return [...new Set(missing)];
  };

  const rows = () => {
    const table = document.querySelector(options.rows);
    if (!table) return null;
    return [...table.querySelectorAll("tbody tr")].filter((row) => {
      const box = row.getBoundingClientRect();
      const middle = document.elementFromPoint(box.left + box.width / 2, box.bottom - 2);
      return box.top >= 0 && box.bottom <= window.innerHeight && middle !== null && row.contains(middle);
    }).length;
  };

  for (const node of all) if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowX)) node.dataset.measuredScroll = "";
  const wide = overflow();
  const found = { rows: rows(), overflow: wide, overhanging: wide ? overhanging() : [], clipped: clipped(), taps: options.tap ? taps() : [], glyphs: glyphs() };
  for (const node of all) delete node.dataset.measuredScroll;
  return found;
}
