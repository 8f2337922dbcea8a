extension PageScript {
  /// Searching, and how the page begins.
  static let search = #"""
    // Searching, keys of the whole page, and addresses.
    const input = byId("words"), found = byId("found");
    const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
    const haystacks = data.mechanisms.map((mechanism, number) => {
      const rules = leaving[number].filter((move) => data.steps[move.step].target === number)
        .map((move) => data.laws[data.steps[move.step].law].name);
      return {
        name: fold([mechanism.title, ...mechanism.others].join(" ")),
        all: fold([mechanism.title, ...mechanism.others, mechanism.note, ...mechanism.sources, ...rules].join(" "))
      };
    });
    let [hits, active] = [[], -1];

    function seek() {
      const parts = fold(input.value).split(/[\s_]+/).filter((part) => part.length > 0);
      const rank = (number) => parts.every((part) => haystacks[number].name.includes(part)) ? 0 : 1;
      hits = parts.length === 0 ? [] : haystacks.map((_, number) => number)
        .filter((number) => parts.every((part) => haystacks[number].all.includes(part)));
      hits.sort((a, b) => rank(a) - rank(b) || a - b);
      const marked = new Set(hits);
      cards.forEach((card, number) => card.classList.toggle("hit", marked.has(number)));
      root.classList.toggle("seeking", parts.length > 0);
      list(parts.length > 0);
    }

    function list(isOpen) {
      found.replaceChildren(...hits.slice(0, 50).map((number, place) => {
        const item = make("li", "", title(number));
        const work = data.mechanisms[number].sources[0];
        if (work) item.append(make("small", "", work));
        [item.id, item.role] = ["hit" + place, "option"];
        item.addEventListener("pointerdown", (event) => event.preventDefault());
        item.addEventListener("click", () => take(number));
        return item;
      }));
      if (isOpen && hits.length === 0) found.append(make("li", "", "Nothing found"));
      found.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
      activate(hits.length > 0 ? 0 : -1);
      if (isOpen) live.textContent = hits.length + " found";
    }

    function activate(place) {
      active = place;
      Array.from(found.children).forEach((item, number) => {
        item.setAttribute("aria-selected", String(number === active));
      });
      if (active < 0 || hits.length === 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", "hit" + active);
      found.children[active].scrollIntoView({ block: "nearest" });
    }

    function endSearch() {
      input.value = "";
      seek();
    }

    function take(number) {
      endSearch();
      choose(number);
      cards[number].focus({ preventScroll: true });
      if (root.classList.contains("far")) fitCards([number]);
    }

    input.addEventListener("input", seek);
    input.addEventListener("blur", () => { found.hidden = true; });
    input.addEventListener("focus", () => { if (hits.length > 0) found.hidden = false; });
    input.addEventListener("keydown", (event) => {
      const count = Math.min(hits.length, 50);
      if (event.key === "ArrowDown" && count > 0) activate((active + 1) % count);
      else if (event.key === "ArrowUp" && count > 0) activate((active + count - 1) % count);
      else if (event.key === "Enter" && active >= 0) take(hits[active]);
      else if (event.key === "Escape") {
        if (input.value === "") goTo(current);
        endSearch();
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, dialog")) return;
      if (event.key === "/") input.focus();
      else if (event.key === "Escape") letGo();
      else if (event.key === "+" || event.key === "=") zoomAtMiddle(1.25);
      else if (event.key === "-") zoomAtMiddle(0.8);
      else if (event.key === "0") fitWhole(true);
      else return;
      event.preventDefault();
    });

    // `#n3` chooses a mechanism, `#n3-n8` two.
    function follow() {
      const match = location.hash.match(/^#n(\d+)(?:-n(\d+))?$/);
      const numbers = match ? match.slice(1).filter((text) => text !== undefined).map(Number) : [];
      if (numbers.length === 0 || numbers.some((number) => number >= cards.length)) return false;
      if (numbers.length === 1) chosen.to = null;
      const nodes = numbers.length === 1 ? choosePair(0, numbers[0]) : choosePair(numbers[0], numbers[1]);
      fitCards(nodes);
      return true;
    }

    root.classList.add("live");
    viewport.scrollTo(0, 0);
    fitAtFirst();
    follow();
    // A small graph has all of its pictures after a moment, for printing too.
    function fillSome() {
      for (const number of Array.from(waiting).slice(0, 4)) fill(number);
      if (waiting.size > 0) setTimeout(fillSome, 60);
    }
    if (isSmall) setTimeout(fillSome, 600);
    window.addEventListener("hashchange", () => { if (follow()) window.scrollTo(0, 0); });
    let frame = { width: viewport.clientWidth, height: viewport.clientHeight };
    new ResizeObserver(() => {
      if (isPrinting) return;
      const now = { width: viewport.clientWidth, height: viewport.clientHeight };
      view.x += (now.width - frame.width) / 2;
      view.y += (now.height - frame.height) / 2;
      frame = now;
      show(false);
    }).observe(viewport);
    """#
}
