/// Web pages with pictures: one file each, without network access, whose script is always the same.
public enum PicturePage {
  /// A page with one picture.
  ///
  /// - Parameter picture: an SVG file of this module.
  public static func page(title: String, picture: String) -> String {
    document(title: title, body: "<figure>\n\(picture)</figure>\n")
  }

  /// A page with pictures to step through, each with a caption; one without a caption stands alone.
  ///
  /// - Parameter pictures: SVG files of this module.
  public static func page(
    title: String, pictures: [(caption: String, picture: String)]
  ) -> String {
    if pictures.count == 1, pictures[0].caption.isEmpty {
      return page(title: title, picture: pictures[0].picture)
    }
    let sections = pictures.enumerated().map { number, item in
      "<section aria-label=\"picture \(number + 1)\">\n<h2>\(MarkupText.escaped(item.caption))</h2>\n"
        + "<figure tabindex=\"0\">\n\(item.picture)</figure>\n</section>\n"
    }
    return document(title: title, body: "\(controls)\(sections.joined())\(script)")
  }

  private static func document(title: String, body: String) -> String {
    let title = MarkupText.escaped(title)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(title)</title>
      <style>
      \(style)
      </style>
      </head>
      <body>
      <h1>\(title)</h1>
      \(body)</body>
      </html>

      """
  }

  private static let style = """
    :root { color-scheme: light dark; }
    body { font-family: Helvetica, Arial, sans-serif; margin: 1.5rem; max-width: 100%; }
    h1 { font-size: 1.2rem; } h2 { font-size: 1rem; font-weight: normal; }
    figure { margin: 0; overflow: auto; }
    .pair { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; }
    .pair span { flex: 0 0 3rem; text-align: center; font-weight: bold; }
    svg { max-width: max(100%, min(36rem, 200%)); height: auto; }
    nav { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
    nav[hidden] { display: none; }
    button { font: inherit; padding: 0.3rem 0.8rem; }
    button:focus-visible, figure:focus-visible { outline: 3px solid #1a6fd6; outline-offset: 2px; }
    @page { margin: 1.5cm; }
    @media print {
      body { margin: 0; }
      nav { display: none; }
      section, section[hidden] { display: block; break-inside: avoid; }
      h2 { break-after: avoid; }
      figure { overflow: visible; }
      svg { max-width: 100%; max-height: 24cm; min-width: 0; }
      .pair { flex-wrap: nowrap; }
      .wide { flex-direction: column; }
    }
    """

  private static let controls = """
    <nav hidden="hidden" aria-label="pictures">
    <button type="button" id="previous">Previous</button>
    <output id="place" aria-live="polite"></output>
    <button type="button" id="next">Next</button>
    </nav>

    """

  private static let script = """
    <script>
    (function () {
      var sections = document.querySelectorAll("section");
      var place = 0;
      function show(number) {
        place = Math.max(0, Math.min(sections.length - 1, number));
        for (var i = 0; i !== sections.length; i++) { sections[i].hidden = i !== place; }
        document.getElementById("place").textContent = (place + 1) + " / " + sections.length;
        document.getElementById("previous").disabled = place === 0;
        document.getElementById("next").disabled = place === sections.length - 1;
      }
      if (sections.length === 0) { return; }
      document.querySelector("nav").hidden = false;
      document.getElementById("previous").onclick = function () { show(place - 1); };
      document.getElementById("next").onclick = function () { show(place + 1); };
      document.addEventListener("keydown", function (event) {
        if (event.altKey || event.ctrlKey || event.metaKey) { return; }
        var key = event.key, at = event.target;
        if (at.tagName === "FIGURE" && at.scrollWidth > at.clientWidth) { return; }
        if (key === "ArrowLeft") { show(place - 1); }
        else if (key === "ArrowRight") { show(place + 1); }
        else if (key === "Home") { show(0); }
        else if (key === "End") { show(sections.length - 1); }
        else { return; }
        event.preventDefault();
      });
      show(0);
    })();
    </script>

    """
}
