extension PageScript {
  /// The panel that shows what is chosen.
  static let panel = #"""
    // What is chosen, and the panel that shows it.
    const chosen = { from: null, to: null, edge: null };
    const panel = byId("chosen"), live = byId("live");
    const introduction = Array.from(panel.childNodes);
    const title = (number) => data.mechanisms[number].title;

    // An element with a class and content; texts stay texts.
    function make(tag, style, ...content) {
      const element = document.createElement(tag);
      if (style) element.className = style;
      element.append(...content.filter((part) => part !== null));
      return element;
    }

    function button(text, action, label) {
      const element = make("button", "plain", text);
      element.type = "button";
      if (label) element.setAttribute("aria-label", label);
      element.addEventListener("click", action);
      return element;
    }

    function link(number) { return button(title(number), () => choose(number)); }

    const keywords = /(#[^\n]*)|\b(diagram|rule|simd|scan|learn|linear|state|import|per|as|cites)\b/g;
    function source(text) {
      const block = make("pre", "");
      let end = 0;
      for (const match of text.matchAll(keywords)) {
        block.append(text.slice(end, match.index));
        block.append(make("span", match[1] ? "remark" : "word", match[0]));
        end = match.index + match[0].length;
      }
      block.append(text.slice(end));
      block.tabIndex = 0;
      return block;
    }

    function folded(name, content, isOpen) {
      const element = make("details", "", make("summary", "", name), content);
      element.open = Boolean(isOpen);
      return element;
    }

    function choice(label, number, change) {
      const select = make("select", "");
      select.setAttribute("aria-label", label);
      data.mechanisms.forEach((mechanism, place) => {
        const option = make("option", "", [mechanism.title, ...mechanism.others].join(" = "));
        option.value = String(place);
        select.append(option);
      });
      select.value = String(number);
      select.addEventListener("change", () => change(Number(select.value)));
      return select;
    }

    function ends() {
      const [from, to] = [chosen.from, chosen.to];
      const swap = button("\u21c5", () => choosePair(to, from), "Swap the ends of the way");
      return make("div", "ends", "from", choice("From", from, (number) => choosePair(number, to)), swap,
        "to", choice("To", to, (number) => choosePair(from, number)));
    }

    function moveLine(move) {
      const step = data.steps[move.step], law = data.laws[step.law];
      const line = make("p", "by", make("code", "", move.relation), " by ");
      line.append(button(law.name, () => chooseEdge(move.step), "Rule " + law.name));
      line.append(move.from === step.source ? "" : " read from right to left");
      return make("div", "", line, make("p", "by", law.certificate));
    }

    function way(found) {
      const [from, to] = [chosen.from, chosen.to];
      const count = found.moves.length;
      const claim = make("p", "claim", title(from) + " ", make("code", "", found.relation), " " + title(to));
      claim.append(make("small", "", "The first " + data.relations[found.relation].words + " the second: "
        + count + (count === 1 ? " step." : " steps.")));
      const list = make("ol", "steps", make("li", "", link(from), diagram(from)));
      for (const move of found.moves) {
        list.append(make("li", "", moveLine(move), link(move.to), diagram(move.to, data.steps[move.step].step)));
      }
      return make("section", "", make("h2", "", "The way"), claim, list);
    }

    function diagram(number, step) {
      const mechanism = data.mechanisms[number];
      const text = mechanism.drawn || mechanism.text;
      if (!text) return null;
      const content = make("div", "", step ? make("p", "by", step) : null, source(text));
      return folded("diagram", content, false);
    }

    function costs(mechanism) {
      if (mechanism.costs.length === 0) return null;
      const table = make("table", "costs");
      for (const [name, value] of mechanism.costs) {
        const head = make("th", "", name);
        head.scope = "row";
        table.append(make("tr", "", head, make("td", "", value)));
      }
      return make("div", "", make("h3", "", "What evaluating it takes"), table);
    }

    function details(number) {
      const mechanism = data.mechanisms[number];
      const section = make("section", "", make("h2", "", mechanism.title));
      if (mechanism.others.length > 0) section.append(make("p", "by", "also " + mechanism.others.join(", ")));
      if (mechanism.note) section.append(make("p", "note", mechanism.note));
      if (mechanism.sources.length > 0) {
        section.append(make("ul", "works", ...mechanism.sources.map((work) => make("li", "", work))));
      }
      if (mechanism.picture) {
        section.append(picture(address(mechanism.picture), "String diagram of " + mechanism.title));
      }
      if (mechanism.text) section.append(make("h3", "", "Its diagram"), source(mechanism.text));
      const table = costs(mechanism);
      if (table) section.append(table);
      section.append(neighbours(number));
      return section;
    }

    // A picture as wide as the panel, which a click shows in full size.
    function picture(source, text) {
      const image = () => {
        const element = make("img", "drawing");
        [element.src, element.alt] = [source, text];
        return element;
      };
      const larger = button("", () => {
        const close = button("Close", () => box.close());
        const box = make("dialog", "", close, image());
        box.setAttribute("aria-label", text);
        box.addEventListener("close", () => { box.remove(); larger.focus(); });
        document.body.append(box);
        box.showModal();
      }, text + ", larger");
      larger.className = "larger";
      larger.append(image());
      return larger;
    }

    function neighbours(number) {
      const list = make("ul", "near");
      for (const move of leaving[number]) {
        const rule = data.laws[data.steps[move.step].law].name;
        list.append(make("li", "", make("code", "", move.relation), " ", link(move.to), " by " + rule));
      }
      return make("div", "", make("h3", "", "Steps here"), list);
    }

    function edgeDetails(number) {
      const step = data.steps[number], law = data.laws[step.law];
      const claim = make("p", "claim", link(step.source), " ", make("code", "", step.relation), " ", link(step.target));
      const section = make("section", "", make("h2", "", law.name), claim, make("p", "note", law.certificate));
      section.append(make("p", "by", step.step));
      if (law.text) section.append(make("h3", "", "The rule"), source(law.text));
      return section;
    }
    """#
}
