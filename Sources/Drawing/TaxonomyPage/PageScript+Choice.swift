extension PageScript {
  /// Choosing mechanisms and steps, by pointer and by keys.
  static let choice = #"""
    // Choosing: the last two mechanisms chosen are the ends of the way that is shown; the root is one at first.
    function mark(nodes, edges, endNodes) {
      root.classList.toggle("way", nodes.length > 0);
      cards.forEach((card) => {
        card.classList.remove("on", "end");
        card.setAttribute("aria-pressed", "false");
      });
      for (const edge of scene.querySelectorAll(".single.on, .rule.on")) edge.classList.remove("on");
      for (const number of nodes) cards[number].classList.add("on");
      for (const number of endNodes) {
        cards[number].classList.add("end");
        cards[number].setAttribute("aria-pressed", "true");
      }
      for (const number of edges) {
        const [edge, label] = [drawnEdges.get(number), labels.get(number)];
        if (!edge) continue;
        edge.classList.add("on");
        label.classList.add("on");
        edge.parentNode.append(edge);
      }
    }

    function present(...content) {
      panel.replaceChildren(...content);
      byId("panel").scrollTop = 0;
    }

    function remember(hash) {
      if (location.hash !== hash) history.replaceState(null, "", hash || location.pathname + location.search);
    }

    function choosePair(from, to) {
      Object.assign(chosen, { from: from, to: to, edge: null });
      setCurrent(to);
      const found = from === to ? null : strongest(from, to);
      const nodes = found ? [from].concat(found.moves.map((move) => move.to)) : [to];
      mark(nodes, found ? found.moves.map((move) => move.step) : [], from === to ? [to] : [from, to]);
      const none = found || from === to ? null : make("p", "claim", "No way leads from one to the other.");
      present(ends(), found ? way(found) : none || "", make("hr", ""), details(to));
      remember(from === to ? "#n" + to : "#n" + from + "-n" + to);
      live.textContent = found
        ? title(from) + " " + data.relations[found.relation].words + " " + title(to) + ", shown by " + found.moves.length + " steps"
        : title(to) + " is chosen";
      return nodes;
    }

    function choose(number) {
      const before = chosen.to === null ? 0 : chosen.to;
      const nodes = choosePair(before, number);
      if (!root.classList.contains("far")) return reveal(number);
      if (nodes.some((other) => !isWholeSeen(other))) fitCards(nodes);
    }

    function isWholeSeen(number) {
      const box = boxes[number];
      const [x, y] = [view.x + box.x * view.scale, view.y + box.y * view.scale];
      return x > -10 && y > -10 && x + box.width * view.scale < viewport.clientWidth + 10
        && y + box.height * view.scale < viewport.clientHeight + 10;
    }

    function chooseEdge(number) {
      const step = data.steps[number];
      Object.assign(chosen, { from: null, to: null, edge: number });
      mark([step.source, step.target], [number], []);
      present(edgeDetails(number));
      remember("");
      live.textContent = title(step.source) + " " + data.relations[step.relation].words + " " + title(step.target) + ", by "
        + data.laws[step.law].name;
    }

    function letGo() {
      Object.assign(chosen, { from: null, to: null, edge: null });
      mark([], [], []);
      present(...introduction);
      remember("");
      live.textContent = "Nothing is chosen";
    }

    scene.addEventListener("click", (event) => {
      const card = event.target.closest(".card"), edge = event.target.closest("[data-edge]");
      if (card) return choose(Number(card.dataset.node));
      if (edge) return chooseEdge(Number(edge.dataset.edge));
    });
    viewport.addEventListener("click", (event) => {
      if (event.target === viewport || event.target === scene) letGo();
    });
    // Keys within the graph: one card is in the order of tabs, arrows lead from it to the nearest in their direction.
    let current = 0;
    cards.forEach((card, number) => { card.tabIndex = number === 0 ? 0 : -1; });

    function setCurrent(number) {
      cards[current].tabIndex = -1;
      current = number;
      cards[current].tabIndex = 0;
    }

    function middle(number) {
      const box = boxes[number];
      return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    }

    // The nearest card in a direction; joined ones count as nearer.
    function neighbour(number, dx, dy) {
      const here = middle(number);
      const joined = new Set(leaving[number].map((move) => move.to));
      let [best, least] = [null, Infinity];
      cards.forEach((_, other) => {
        const there = middle(other);
        const along = (there.x - here.x) * dx + (there.y - here.y) * dy;
        if (other === number || along <= 4) return;
        const aside = Math.abs((there.x - here.x) * dy) + Math.abs((there.y - here.y) * dx);
        const distance = (along + 2 * aside) * (dy !== 0 && joined.has(other) ? 0.3 : 1);
        if (distance < least) [best, least] = [other, distance];
      });
      return best;
    }

    const arrows = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    function goTo(number) {
      setCurrent(number);
      cards[number].focus({ preventScroll: true });
      reveal(number);
    }

    viewport.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const arrow = arrows[event.key];
      if (arrow) {
        const next = neighbour(current, arrow[0], arrow[1]);
        if (next !== null) goTo(next);
      } else if (event.key === "Home") {
        goTo(0);
      } else if (event.key === "End") {
        goTo(cards.length - 1);
      } else {
        return;
      }
      event.preventDefault();
    });
    scene.addEventListener("focusin", (event) => {
      const card = event.target.closest(".card");
      if (!card || !card.matches(":focus-visible")) return;
      setCurrent(Number(card.dataset.node));
      reveal(current);
    });
    """#
}
