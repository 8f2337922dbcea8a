extension PageScript {
  /// What is seen of the graph: panning, zooming, fitting.
  static let view = #"""
    "use strict";
    const data = JSON.parse(document.getElementById("data").textContent);
    const byId = (id) => document.getElementById(id);
    const [root, viewport, scene] = [document.documentElement, byId("viewport"), byId("scene")];
    const cards = data.mechanisms.map((_, number) => byId("n" + number));
    const size = { width: scene.offsetWidth, height: scene.offsetHeight };
    const boxes = cards.map((card) => ({
      x: card.offsetLeft, y: card.offsetTop, width: card.offsetWidth, height: card.offsetHeight
    }));
    const drawnEdges = new Map(), labels = new Map();
    for (const edge of scene.querySelectorAll(".single")) drawnEdges.set(Number(edge.dataset.edge), edge);
    for (const label of scene.querySelectorAll(".rule")) labels.set(Number(label.dataset.edge), label);

    // Pictures become images when they are seen, since each is a document of its own: those of a large graph only from near.
    const isSmall = cards.length <= 120;
    const waiting = new Set();
    const address = (svg) => "data:image/svg+xml," + encodeURIComponent(svg);

    function fill(number) {
      const frame = cards[number].querySelector(".picture");
      waiting.delete(number);
      if (!frame || frame.firstChild) return;
      const image = document.createElement("img");
      [image.alt, image.decoding, image.src] = ["", "async", address(data.mechanisms[number].picture)];
      frame.append(image);
    }

    function fillSeen() {
      if (waiting.size === 0 || (!isSmall && view.scale < limits.far)) return;
      for (const number of waiting) if (isSeen(number)) fill(number);
    }

    function isSeen(number) {
      const box = boxes[number];
      const [x, y] = [view.x + box.x * view.scale, view.y + box.y * view.scale];
      return x + box.width * view.scale > 0 && y + box.height * view.scale > 0 && x < viewport.clientWidth
        && y < viewport.clientHeight;
    }

    data.mechanisms.forEach((mechanism, number) => { if (mechanism.picture) waiting.add(number); });

    // The view: where the scene's corner is in the viewport, and how large a pixel of the scene is.
    const view = { x: 0, y: 0, scale: 1 };
    const limits = { least: 0.02, most: 3, far: 0.56 };
    let [isDrawing, restTimer] = [false, 0];

    function draw() {
      isDrawing = false;
      scene.style.transform = "translate(" + view.x + "px," + view.y + "px) scale(" + view.scale + ")";
      root.classList.toggle("far", view.scale < limits.far);
    }

    function show(glides) {
      root.classList.toggle("gliding", Boolean(glides));
      clearTimeout(restTimer);
      restTimer = setTimeout(rest, 320);
      if (isDrawing) return;
      isDrawing = true;
      requestAnimationFrame(draw);
    }

    // While the view moves, what was drawn is moved; once it rests at another scale, it is drawn anew.
    let drawnScale = 0;

    function rest() {
      root.classList.remove("gliding");
      fillSeen();
      if (drawnScale === view.scale) return;
      drawnScale = view.scale;
      scene.style.willChange = "auto";
      requestAnimationFrame(() => requestAnimationFrame(() => { scene.style.willChange = ""; }));
    }

    function zoom(factor, x, y, glides) {
      const scale = Math.min(Math.max(view.scale * factor, limits.least), limits.most);
      const ratio = scale / view.scale;
      view.x = x - (x - view.x) * ratio;
      view.y = y - (y - view.y) * ratio;
      view.scale = scale;
      show(glides);
    }

    function zoomAtMiddle(factor) {
      zoom(factor, viewport.clientWidth / 2, viewport.clientHeight / 2, true);
    }

    // Shows a rectangle of the scene whole, no larger than a scale.
    function fit(box, largest, glides) {
      const [width, height] = [viewport.clientWidth, viewport.clientHeight];
      const scale = Math.min((width - 24) / box.width, (height - 24) / box.height, largest);
      view.scale = Math.min(Math.max(scale, limits.least), limits.most);
      view.x = width / 2 - (box.x + box.width / 2) * view.scale;
      view.y = height / 2 - (box.y + box.height / 2) * view.scale;
      show(glides);
    }

    function fitWhole(glides) {
      fit({ x: 0, y: 0, width: size.width, height: size.height }, 1, glides);
    }

    // The whole graph when its names can be read then, else what is around the root.
    function fitAtFirst() {
      const [width, height] = [viewport.clientWidth, viewport.clientHeight];
      const least = 0.22;
      if (Math.min(width / size.width, height / size.height) >= least) return fitWhole(false);
      view.scale = Math.max(least, Math.min(0.6, width / size.width));
      view.x = width / 2 - (boxes[0].x + boxes[0].width / 2) * view.scale;
      view.y = 16;
      show(false);
    }

    function fitCards(numbers) {
      const [left, top] = [Math.min(...numbers.map((n) => boxes[n].x)), Math.min(...numbers.map((n) => boxes[n].y))];
      const right = Math.max(...numbers.map((n) => boxes[n].x + boxes[n].width));
      const bottom = Math.max(...numbers.map((n) => boxes[n].y + boxes[n].height));
      fit({ x: left - 30, y: top - 40, width: right - left + 60, height: bottom - top + 80 }, 1, true);
    }

    // Moves the view only as far as a card needs to be seen.
    function reveal(number) {
      const [box, margin] = [boxes[number], 20];
      const [width, height] = [viewport.clientWidth, viewport.clientHeight];
      const [left, top] = [view.x + box.x * view.scale, view.y + box.y * view.scale];
      const [right, bottom] = [left + box.width * view.scale, top + box.height * view.scale];
      const x = left < margin ? margin - left : right > width - margin ? width - margin - right : 0;
      const y = top < margin ? margin - top : bottom > height - margin ? height - margin - bottom : 0;
      if (x === 0 && y === 0) return;
      view.x += x;
      view.y += y;
      show(true);
    }

    // Pointers: one drags, two drag and zoom.
    const pointers = new Map();
    let wasDragged = false;

    function place(event) {
      const frame = viewport.getBoundingClientRect();
      return { x: event.clientX - frame.left, y: event.clientY - frame.top };
    }

    function pinch() {
      const [a, b] = Array.from(pointers.values());
      return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, span: Math.hypot(a.x - b.x, a.y - b.y) };
    }

    viewport.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || event.target.closest("#controls")) return;
      pointers.set(event.pointerId, place(event));
      if (pointers.size === 1) wasDragged = false;
    });
    viewport.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before || pointers.size > 2) return;
      const here = place(event);
      if (pointers.size === 2) {
        const old = pinch();
        pointers.set(event.pointerId, here);
        const now = pinch();
        wasDragged = true;
        view.x += now.x - old.x;
        view.y += now.y - old.y;
        return zoom(now.span / Math.max(old.span, 1), now.x, now.y, false);
      }
      if (!wasDragged && Math.hypot(here.x - before.x, here.y - before.y) < 5) return;
      if (!wasDragged) viewport.setPointerCapture(event.pointerId);
      wasDragged = true;
      root.classList.add("dragging");
      pointers.set(event.pointerId, here);
      view.x += here.x - before.x;
      view.y += here.y - before.y;
      show(false);
    });
    for (const name of ["pointerup", "pointercancel"]) {
      window.addEventListener(name, (event) => {
        pointers.delete(event.pointerId);
        if (pointers.size === 0) root.classList.remove("dragging");
      });
    }
    viewport.addEventListener("click", (event) => {
      if (wasDragged) event.stopPropagation();
      wasDragged = false;
    }, true);
    viewport.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { x, y } = place(event);
      const lines = event.deltaMode === 1 ? 16 : 1;
      if (event.shiftKey) {
        view.x -= (event.deltaX + event.deltaY) * lines;
        return show(false);
      }
      const amount = Math.max(Math.min(event.deltaY * lines, 120), -120);
      zoom(Math.exp(-amount * (event.ctrlKey ? 0.01 : 0.0022)), x, y, false);
    }, { passive: false });
    viewport.addEventListener("scroll", () => { viewport.scrollTo(0, 0); });
    byId("closer").addEventListener("click", () => zoomAtMiddle(1.4));
    byId("farther").addEventListener("click", () => zoomAtMiddle(1 / 1.4));
    byId("whole").addEventListener("click", () => fitWhole(true));

    // Paper: the graph as large as a page, by its layout, since what is only moved would be cut at pages.
    let isPrinting = false;
    window.addEventListener("beforeprint", () => {
      isPrinting = true;
      const scale = Math.min(1030 / size.width, 640 / size.height, 1);
      Object.assign(scene.style, { transform: "none", zoom: String(scale), willChange: "auto" });
      root.classList.toggle("far", scale < limits.far);
    });
    window.addEventListener("afterprint", () => {
      isPrinting = false;
      Object.assign(scene.style, { zoom: "", willChange: "" });
      draw();
    });
    """#
}
