/* Viewer of one file, before and after. */

class Viewer {
  constructor(closed) {
    this.dialog = byId("viewer");
    this.pair = byId("pair");
    this.handle = byId("handle");
    this.images = { before: byId("before"), after: byId("after") };
    this.files = [];
    this.cut = 50;
    this.dialog.addEventListener("close", () => closed(this.index));
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    byId("close").addEventListener("click", () => this.dialog.close());
    for (const button of this.dialog.querySelectorAll("[data-step]"))
      button.addEventListener("click", () => this.go(this.index + Number(button.dataset.step)));
    this.pair.addEventListener("pointerdown", (event) => this.grab(event));
    this.pair.addEventListener("pointermove", (event) => {
      if (this.pair.hasPointerCapture(event.pointerId)) this.drag(event);
    });
    addEventListener("resize", () => this.dialog.open && this.brighten());
  }

  open(files, record) {
    this.files = files;
    this.setCut(50);
    this.go(files.indexOf(record));
    this.dialog.showModal();
    this.focus();
  }

  focus() {
    (this.pair.classList.contains("both") ? this.handle : byId("close")).focus({ preventScroll: true });
  }

  go(index) {
    if (index < 0 || index >= this.files.length) return;
    const focused = document.activeElement;
    this.index = index;
    const record = (this.record = this.files[index]);
    byId("viewer-name").textContent = record.title;
    byId("viewer-name").title = record.title;
    byId("viewer-place").textContent = grouped.format(index + 1) + " of " + grouped.format(this.files.length);
    for (const button of this.dialog.querySelectorAll("[data-step]"))
      button.disabled = !this.files[index + Number(button.dataset.step)];
    this.showPictures();
    this.showFacts();
    if (this.dialog.open && (focused === this.handle || !focused || focused.disabled)) this.focus();
  }

  /* ---- images: thumbnails first, then the files if they can be loaded ---- */

  showPictures() {
    const record = this.record, small = previews(record), failed = record.outcome === "failed";
    const full = { before: showable(place(record, "input")), after: failed ? undefined : showable(place(record, "output")) };
    this.shown = {};
    this.pair.style.setProperty("--ratio", record.pixels ? record.width / record.height : 4 / 3);
    for (const side of ["before", "after"]) {
      this.images[side].removeAttribute("src");
      this.images[side].style.filter = "";
      if (small[side]) this.set(side, small[side], false);
      if (full[side] && !failed) this.load(side, full[side]);
    }
    this.settle();
  }

  load(side, url) {
    const record = this.record, image = new Image();
    image.decoding = "async";
    image.addEventListener("load", () => {
      if (record !== this.record || !image.naturalWidth) return;
      if (!record.pixels) this.pair.style.setProperty("--ratio", image.naturalWidth / image.naturalHeight);
      this.set(side, url, true);
      this.settle();
    });
    image.src = url; /* if it fails the thumbnail stays */
  }

  set(side, url, full) {
    const image = this.images[side];
    image.src = url;
    this.shown[side] = full ? "full" : "small";
    image.dataset.shown = this.shown[side];
    if (full) image.decode().then(() => this.brighten(), () => {});
  }

  settle() {
    const { before, after } = this.shown, note = byId("nothing"), failed = this.record.outcome === "failed";
    this.pair.classList.toggle("both", Boolean(before && after));
    this.images.before.hidden = !before;
    this.images.after.hidden = !after;
    this.pair.hidden = !before && !after;
    note.hidden = !failed && Boolean(before || after);
    note.classList.toggle("calm", !failed);
    note.textContent = failed ? visible(this.record.reason || "failed") : "There is no picture of this file in the report.";
  }

  /* Brightens a shrunk image, because lines one pixel wide fade. */
  brighten() {
    const image = this.images.after;
    const shrunk = image.naturalWidth / (this.pair.clientWidth * devicePixelRatio || 1);
    const factor = known(this.record.share) && this.shown.after === "full" ? Math.min(5, 0.7 * shrunk) : 1;
    image.style.filter = factor > 1 ? `brightness(${factor.toFixed(2)})` : "";
  }

  /* ---- facts ---- */

  showFacts() {
    const r = this.record, speed = r.pixels && r.seconds > 0 ? figures(r.pixels / 1e6 / r.seconds, 3) + "\u00a0MP/s" : "";
    const facts = [
      ["Outcome", r.outcome === "failed" ? "failed, code " + r.code : outcomeWord[r.outcome]],
      ["Size", size(r)], ["Megapixels", r.pixels ? figures(r.pixels / 1e6, 3) : ""],
      ["Input", bytes(r.inputBytes)], ["Output", bytes(r.outputBytes)],
      ["Time", duration(r.seconds)], ["Speed", speed],
      ["Thresholds", known(r.high) ? [level(r.low), level(r.high)].filter(Boolean).join(" \u2013 ") + (r.automatic ? ", automatic" : "") : ""],
      ["Edge density", percent(r.share)],
    ];
    byId("facts").replaceChildren(...facts.filter(([, value]) => value).map(([name, value]) => {
      const row = make("div", name === "Thresholds" ? "long" : "");
      row.append(make("dt", "", name), make("dd", "", value));
      return row;
    }));
    for (const key of ["input", "output"]) {
      const link = byId("open-" + key), path = place(r, key);
      link.hidden = !path;
      if (path) link.href = path;
      else link.removeAttribute("href");
    }
  }

  /* ---- the slider ---- */

  setCut(cut) {
    this.cut = Math.min(100, Math.max(0, cut));
    this.pair.style.setProperty("--cut", this.cut + "%");
    this.handle.setAttribute("aria-valuenow", Math.round(this.cut));
    this.handle.setAttribute("aria-valuetext", Math.round(this.cut) + " % before");
  }

  grab(event) {
    if (event.button !== 0 || !this.pair.classList.contains("both")) return;
    this.pair.setPointerCapture(event.pointerId);
    this.handle.focus({ preventScroll: true });
    event.preventDefault();
    this.drag(event);
  }

  drag(event) {
    const box = this.pair.getBoundingClientRect();
    this.setCut(((event.clientX - box.left) / box.width) * 100);
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.shiftKey ? 10 : 2;
    const act = {
      ArrowLeft: () => this.setCut(this.cut - step), ArrowRight: () => this.setCut(this.cut + step),
      Home: () => this.setCut(0), End: () => this.setCut(100),
      ArrowUp: () => this.go(this.index - 1), ArrowDown: () => this.go(this.index + 1),
      PageUp: () => this.go(this.index - 1), PageDown: () => this.go(this.index + 1),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }
}
