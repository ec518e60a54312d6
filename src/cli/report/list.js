/* The views of the files. Only entries near the window exist as elements. */

/* Cards, and the pairs of the contact sheet: least width, gap, height of the image as a share of the width, height of
   the text, in CSS pixels. */
const CARD = { least: 230, gap: 16, shape: 0.7, text: 60, make: makeCard };
const PAIR = { least: 170, gap: 6, shape: 0.36, text: 18, make: makePair };
const ROW = 52;

/* Returns the URLs of a card's images: thumbnails, or the files themselves if they are small. */
function smallPictures(record) {
  const urls = previews(record);
  if (record.pictures || !(record.pixels <= 2e6) || record.outcome === "failed") return urls;
  return { before: showable(place(record, "input")), after: showable(place(record, "output")) };
}

/* ---- cards ---- */

function cardFrame(record) {
  const frame = make("span", "frame");
  const { before, after } = smallPictures(record);
  if (after) frame.append(picture(after, "after"));
  if (before) frame.append(picture(before, after ? "before" : ""));
  frame.classList.toggle("both", Boolean(before && after && record.outcome !== "failed"));
  if (record.outcome === "failed") frame.append(make("span", "reason", visible(record.reason || "failed")));
  else if (!before && !after) frame.append(make("span", "plain", outcomeWord[record.outcome]));
  return frame;
}

function cardName(record) {
  const name = make("bdi", "name");
  const slash = record.title.lastIndexOf("/") + 1;
  name.append(make("i", "", record.title.slice(0, slash)), record.title.slice(slash));
  name.title = record.title;
  return name;
}

/* Returns size and edge density, or the value that the cards are sorted by. */
function cardLine(record, key) {
  if (record.outcome === "failed") return "failed";
  const column = columns.find((one) => one.key === key && one.text && key !== "pixels");
  const last = column ? column.text(record) + (key === "low" || key === "high" ? " " + key : "") : "";
  const density = known(record.share) ? percent(record.share) + " edges" : "";
  return [size(record), key === "share" || !column ? density : last].filter(Boolean).join(" \u00b7 ") || outcomeWord[record.outcome];
}

function makeCard(record, key, open) {
  const card = make("button", "card");
  const text = make("span", "text");
  card.type = "button";
  text.append(cardName(record), make("span", "line", cardLine(record, key)));
  card.append(cardFrame(record), text);
  card.addEventListener("click", () => open(record));
  card.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse") return;
    const box = card.getBoundingClientRect();
    card.firstChild.style.setProperty("--cut", ((event.clientX - box.left) / box.width) * 100 + "%");
  });
  card.addEventListener("pointerleave", () => card.firstChild.style.removeProperty("--cut"));
  return card;
}

/* Makes an entry of the contact sheet: the thumbnails side by side, with the name below. */
function makePair(record, key, open) {
  const card = make("button", "card pair-card"), frame = make("span", "frame"), text = make("span", "text");
  const { before, after } = smallPictures(record);
  card.type = "button";
  card.setAttribute("aria-label", record.title + (record.outcome === "failed" ? ", failed" : ""));
  for (const url of [before, after]) {
    const half = make("span", "half");
    if (url) half.append(picture(url));
    frame.append(half);
  }
  if (record.outcome === "failed") frame.append(make("span", "reason", "failed"));
  text.append(cardName(record));
  card.append(frame, text);
  card.addEventListener("click", () => open(record));
  return card;
}

class Grid {
  constructor(box, open, shape) {
    this.box = box;
    this.open = open;
    this.shape = shape;
    this.files = [];
    this.cards = new Map();
    box.addEventListener("keydown", (event) => this.walk(event));
  }

  show(files, key) {
    this.files = files;
    this.key = key;
    for (const card of this.cards.values()) card.remove();
    this.cards.clear();
    this.update();
  }

  measure() {
    const width = this.box.clientWidth, { least, gap, shape, text } = this.shape;
    this.columns = Math.max(width < 520 ? 2 : 1, Math.floor((width + gap) / (least + gap)));
    this.width = (width - gap * (this.columns - 1)) / this.columns;
    this.height = Math.round(this.width * shape) + text;
    this.step = this.height + gap;
    this.box.style.height = Math.max(0, Math.ceil(this.files.length / this.columns) * this.step - gap) + "px";
  }

  update(all) {
    this.measure();
    const top = -this.box.getBoundingClientRect().top, margin = innerHeight / 2;
    const first = all ? 0 : Math.max(0, Math.floor((top - margin) / this.step)) * this.columns;
    const end = all ? this.files.length : Math.ceil((top + innerHeight + margin) / this.step) * this.columns;
    for (const [index, card] of this.cards)
      if ((index < first || index >= end) && card !== document.activeElement) {
        card.remove();
        this.cards.delete(index);
      }
    for (let i = first; i < Math.min(end, this.files.length); i++) this.put(i);
  }

  put(index) {
    let card = this.cards.get(index);
    if (!card) {
      card = this.shape.make(this.files[index], this.key, this.open);
      card.dataset.index = index;
      this.cards.set(index, card);
      const after = [...this.box.children].find((other) => Number(other.dataset.index) > index);
      this.box.insertBefore(card, after || null);
    }
    const x = (index % this.columns) * (this.width + this.shape.gap), y = Math.floor(index / this.columns) * this.step;
    card.style.cssText = `width:${this.width}px;height:${this.height}px;transform:translate(${x}px,${y}px)`;
  }

  /* Moves the focus between cards with the arrow keys. */
  walk(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns, ArrowDown: this.columns,
      Home: -Infinity, End: Infinity }[event.key];
    const index = Number(event.target.dataset.index);
    if (!step || !(index >= 0) || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.focus(Math.min(this.files.length - 1, Math.max(0, index + step)));
  }

  focus(index) {
    if (!this.files[index]) return;
    const y = this.box.getBoundingClientRect().top + Math.floor(index / this.columns) * this.step;
    if (y < 80 || y + this.height > innerHeight - 8) scrollBy(0, y - Math.max(80, (innerHeight - this.height) / 2));
    this.update();
    this.put(index);
    this.cards.get(index).focus({ preventScroll: true });
  }
}

/* ---- the table ---- */

/* `value` returns the sort key: text, a number, or undefined, which sorts last. */
const columns = [
  { key: "name", head: "Name", value: (r) => r.name },
  { key: "outcome", head: "Outcome", value: (r) => r.outcome, width: 122, from: "middle" },
  { key: "pixels", head: "Pixels", value: (r) => r.pixels, text: size, width: 128, number: true, from: "middle" },
  { key: "input", head: "Input", value: (r) => r.inputBytes || undefined, text: (r) => bytes(r.inputBytes), width: 94, number: true, from: "wide" },
  { key: "output", head: "Output", value: (r) => r.outputBytes || undefined, text: (r) => bytes(r.outputBytes), width: 94, number: true, from: "wide" },
  { key: "seconds", head: "Time", value: (r) => r.seconds, text: (r) => duration(r.seconds), width: 96, number: true },
  { key: "low", head: "Low", value: (r) => r.low, text: (r) => level(r.low), width: 84, number: true, from: "wide" },
  { key: "high", head: "High", value: (r) => r.high, text: (r) => level(r.high), width: 84, number: true, from: "wide" },
  { key: "share", head: "Edges", value: (r) => r.share, text: (r) => percent(r.share), width: 90, number: true, from: "middle" },
];

const collator = new Intl.Collator("en", { numeric: true });

function sorted(files, key, down) {
  const value = columns.find((column) => column.key === key).value;
  const keyed = files.map((file) => [value(file), file]);
  keyed.sort(([a, x], [b, y]) => {
    if (a === undefined || b === undefined) return (a === undefined) - (b === undefined) || collator.compare(x.name, y.name);
    const order = typeof a === "number" ? a - b : collator.compare(a, b);
    return (down ? -order : order) || collator.compare(x.name, y.name);
  });
  return keyed.map(([, file]) => file);
}

class Sheet {
  constructor(box, open, sort) {
    this.box = box;
    this.open = open;
    this.body = box.querySelector("tbody");
    this.files = [];
    this.rows = new Map();
    this.before = this.space();
    this.after = this.space();
    const row = (this.headRow = box.querySelector("thead tr"));
    const corner = make("td", "middle corner");
    corner.style.width = "64px";
    corner.append(make("span", ""));
    row.append(corner);
    this.heads = columns.map((column) => {
      const head = make("th", [column.number ? "number" : "", column.from || ""].join(" ").trim());
      const button = make("button", "", column.head);
      button.type = "button";
      head.scope = "col";
      if (column.width) head.style.width = column.width + "px";
      button.addEventListener("click", () => sort(column.key));
      head.append(button);
      row.append(head);
      return head;
    });
  }

  show(files, key, down) {
    this.files = files;
    columns.forEach((column, i) => {
      if (column.key === key) this.heads[i].setAttribute("aria-sort", down ? "descending" : "ascending");
      else this.heads[i].removeAttribute("aria-sort");
    });
    byId("table").setAttribute("aria-rowcount", files.length + 1);
    this.first = this.end = -1;
    this.rows.clear();
    this.body.replaceChildren(this.before, this.after);
    this.update();
  }

  /* Reserves the height of rows that are not shown. */
  space() {
    const row = make("tr", "space");
    row.setAttribute("aria-hidden", "true");
    row.append(make("td"));
    return row;
  }

  update(all) {
    const top = -this.body.getBoundingClientRect().top, margin = 10;
    const first = all ? 0 : Math.max(0, Math.min(this.files.length, Math.floor(top / ROW) - margin));
    const end = all ? this.files.length : Math.min(this.files.length, Math.ceil((top + innerHeight) / ROW) + margin);
    const visible = [...this.headRow.children].filter((head) => head.offsetWidth).length;
    if (first === this.first && end === this.end && visible === this.visible) return;
    this.visible = visible;
    this.first = first;
    this.end = Math.max(first, end);
    this.before.firstChild.style.height = this.first * ROW + "px";
    this.after.firstChild.style.height = (this.files.length - this.end) * ROW + "px";
    for (const space of [this.before, this.after]) space.firstChild.colSpan = visible; /* a larger span would add columns */
    for (const [index, row] of this.rows)
      if (index < this.first || index >= this.end) {
        row.remove();
        this.rows.delete(index);
      }
    for (let i = this.first, next = this.before.nextSibling; i < this.end; i++) {
      const old = this.rows.get(i);
      if (old) next = old.nextSibling;
      else this.body.insertBefore(this.row(i), next);
    }
  }

  row(index) {
    const record = this.files[index], row = make("tr");
    this.rows.set(index, row);
    row.dataset.index = index;
    row.setAttribute("aria-rowindex", index + 2);
    const small = make("td", "picture middle"), frame = make("span");
    const urls = smallPictures(record);
    if (urls.after || urls.before) frame.append(picture(urls.after || urls.before));
    small.append(frame);
    row.append(small);
    for (const column of columns) row.append(this.cell(record, column));
    row.addEventListener("click", () => this.open(record));
    return row;
  }

  cell(record, column) {
    const cell = make("td", [column.key, column.number ? "number" : "", column.from || ""].join(" ").trim());
    if (column.key === "name") {
      const button = make("button");
      button.type = "button";
      button.title = record.title;
      button.append(make("bdi", "", record.title));
      cell.append(button);
      if (record.outcome === "failed") cell.append(make("small", "", visible(record.reason || "failed")));
    } else if (column.key === "outcome") {
      cell.append(make("span", "outcome " + record.outcome, outcomeWord[record.outcome]));
    } else {
      cell.textContent = column.text(record);
    }
    return cell;
  }

  focus(index) {
    const y = this.body.getBoundingClientRect().top + index * ROW;
    if (y < 80 || y + ROW > innerHeight) scrollBy(0, y - innerHeight / 2);
    this.update();
    this.body.querySelector(`tr[data-index="${index}"] button`)?.focus({ preventScroll: true });
  }
}
