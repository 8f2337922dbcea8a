/// How a page looks: on screens light and dark, wide and narrow, and on paper.
enum PageStyle {
  static let text = """

    :root {
      --paper: #f6f5f1; --sheet: #ffffff; --ink: #1c2230; --soft: #5d6677; --faint: #c9ccd4; --hair: #e2e1db;
      --equal: #1f4e8c; --equivalent: #2e7d4f; --expresses: #5a6272; --expressed: #a3521a; --connected: #777777;
      --mark: #d9480f; --glow: #fff1e6; --cool: #e4f3ea; --cool-ink: #1d6b3f; --warm: #fbe9e2; --warm-ink: #94401f;
      color-scheme: light;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14171d; --sheet: #1f242d; --ink: #e8ebf1; --soft: #a1aaba; --faint: #49515f; --hair: #2d343f;
        --equal: #7fb2f0; --equivalent: #74c795; --expresses: #98a2b3; --expressed: #e79a5e; --connected: #999999;
        --mark: #ff9b57; --glow: #3a2a1e; --cool: #1d3528; --cool-ink: #8fd6ab; --warm: #3b2620; --warm-ink: #f0a98c;
        color-scheme: dark;
      }
    }
    * { box-sizing: border-box; }
    html, body { height: 100%; margin: 0; }
    body {
      background: var(--paper); color: var(--ink);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif;
    }
    code, pre, kbd { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    header {
      display: flex; align-items: baseline; flex-wrap: wrap; gap: 4px 18px; padding: 10px 18px; height: 60px;
      align-content: center; border-bottom: 1px solid var(--hair); background: var(--sheet);
    }
    h1 { font-size: 20px; margin: 0; letter-spacing: -0.01em; }
    h2 { font-size: 16px; margin: 0 0 8px; overflow-wrap: anywhere; }
    h3 { font-size: 12px; margin: 20px 0 6px; color: var(--soft); font-weight: 600; }
    p { margin: 0 0 10px; }
    .summary { margin: 0; color: var(--soft); font-size: 14px; }
    .skip { color: var(--soft); font-size: 14px; }
    a { color: var(--equal); }
    main { display: flex; height: calc(100vh - 60px); height: calc(100dvh - 60px); }
    #viewport {
      position: relative; flex: 1 1 auto; overflow: auto; outline: none;
      background-image: radial-gradient(var(--hair) 1px, transparent 1px); background-size: 22px 22px;
    }
    .live #viewport { overflow: hidden; touch-action: none; cursor: grab; user-select: none; -webkit-user-select: none; }
    .live.dragging #viewport { cursor: grabbing; }
    #scene { position: relative; transform-origin: 0 0; }
    /* What will change is drawn at full size at least: from far away that would be twenty times the pixels. */
    .live:not(.far) #scene { will-change: transform; }
    .edges { position: absolute; left: 0; top: 0; display: block; }
    .edge path { fill: none; stroke: currentColor; stroke-width: 1.5; }
    .edge .touch { stroke: none; stroke-width: 14; pointer-events: stroke; cursor: pointer; }
    .edge .head { fill: currentColor; stroke: none; }
    .single .line, .single .core, .single .head { display: none; }
    .single.on .line, .single.on .core, .single.on .head { display: inline; }
    .web.equal path, .web.expresses path { stroke-linecap: square; }
    .equal { color: var(--equal); }
    .equivalent { color: var(--equivalent); }
    .expresses { color: var(--expresses); }
    .expressed { color: var(--expressed); }
    .connected { color: var(--connected); }
    .edge.equal .line { stroke-width: 4.6; }
    .edge .core { stroke: var(--paper); stroke-width: 1.8; pointer-events: none; }
    #panel .edge .core { stroke: var(--sheet); }
    .edge.equivalent .line { stroke-width: 2.2; stroke-dasharray: 7 4; }
    .edge.expressed .line { stroke-dasharray: 2 3; }
    .edge.connected .line { stroke-dasharray: 1 4; }
    .rule {
      position: absolute; height: 15px; text-align: center; font-size: 10.5px; line-height: 15px; pointer-events: none;
      white-space: nowrap;
    }
    .rule span {
      display: inline-block; max-width: 100%; overflow: hidden; text-overflow: ellipsis; padding: 0 5px;
      border-radius: 7px; background: var(--paper); pointer-events: auto; cursor: pointer;
    }
    .rule b { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    .card {
      position: absolute; display: block; padding: 0; text-align: left; font: inherit; color: var(--ink);
      background: var(--sheet); border: 1px solid var(--faint); border-radius: 9px; cursor: pointer;
      box-shadow: 0 1px 2px rgba(20, 25, 40, 0.08); -webkit-tap-highlight-color: transparent;
    }
    .card.unnamed { border-style: dashed; background: var(--paper); color: var(--soft); box-shadow: none; }
    .card.root { background: var(--ink); color: var(--paper); border-color: var(--ink); }
    .card:hover { border-color: var(--ink); }
    .full { position: absolute; inset: 7px 11px; display: flex; flex-direction: column; justify-content: center; }
    .full > span { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; flex: none; }
    .name { font-weight: 650; font-size: 13.5px; line-height: 17px; height: 17px; letter-spacing: -0.01em; }
    .unnamed .name { font-weight: 500; }
    .more { font-size: 12.5px; line-height: 17px; height: 17px; }
    .source, .growth { font-size: 11px; line-height: 15px; height: 15px; color: var(--soft); }
    .root .source, .root .growth { color: inherit; opacity: 0.8; }
    .growth b { font-weight: 600; font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    .d1 b { color: var(--cool-ink); }
    .d2 b, .d3 b { color: var(--warm-ink); }
    .root .growth b { color: inherit; }
    .full .picture { height: 90px; margin: 3px 0; border-radius: 5px; background: #ffffff; }
    .picture img { display: block; width: 100%; height: 100%; object-fit: contain; }
    .big {
      position: absolute; inset: 0; display: none; align-items: center; justify-content: center; text-align: center;
      padding: 0 5px; font-weight: 650; line-height: 1.02; letter-spacing: -0.02em;
    }
    .far .big { display: flex; }
    .pictured .big { bottom: 103px; }
    .far .full, .far .rule { visibility: hidden; }
    .far .picture { visibility: visible; position: absolute; bottom: 0; width: 100%; }
    .far .picture:empty { display: none; }
    .far .card { box-shadow: none; border-style: solid; border-radius: 0; }
    .far .edge path { stroke-width: 2.6; }
    .far .edge.equal .line { stroke-width: 7; }
    .far .edge .core { stroke-width: 2.6; }
    .card:focus-visible, #controls button:focus-visible, #panel button:focus-visible, input:focus-visible,
    select:focus-visible, summary:focus-visible, a:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
    .way .card:not(.on), .seeking .card:not(.hit) {
      background: var(--paper); color: var(--faint); border-color: var(--hair); box-shadow: none;
    }
    .way .rule:not(.on), .way .web, .seeking .web, .seeking .rule { color: var(--faint); }
    .way .card:not(.on) .full *, .seeking .card:not(.hit) .full * { color: inherit; }
    .way .card:not(.on) img, .seeking .card:not(.hit) img { opacity: 0.3; }
    .card.on { border-color: var(--mark); }
    .card.end, .card.hit { box-shadow: 0 0 0 3px var(--mark); border-color: var(--mark); }
    .edges .edge.on, .rule.on { color: var(--mark); }
    .edge.on .line { stroke-width: 3.4; }
    .edge.on.equal .line { stroke-width: 6; }
    .rule.on { z-index: 1; }
    #controls {
      position: absolute; right: 14px; bottom: 14px; display: none; border-radius: 9px; overflow: hidden;
      border: 1px solid var(--faint); background: var(--sheet);
    }
    .live #controls { display: flex; }
    #controls button {
      width: 40px; height: 36px; border: 0; border-left: 1px solid var(--hair); background: none; color: var(--ink);
      font: 18px/1 inherit; font-size: 18px; cursor: pointer;
    }
    #controls button:first-child { border-left: 0; }
    #controls button:hover { background: var(--paper); }
    #panel {
      flex: 0 0 400px; overflow: auto; padding: 18px; background: var(--sheet); border-left: 1px solid var(--hair);
    }
    .legend { list-style: none; margin: 0 0 12px; padding: 0; }
    .legend li { display: flex; gap: 9px; align-items: center; font-size: 13.5px; margin: 3px 0; }
    .legend svg { flex: none; }
    .keys { font-size: 13px; color: var(--soft); }
    .keys td { padding: 1px 14px 1px 0; border: 0; }
    kbd { font-size: 12px; border: 1px solid var(--faint); border-radius: 4px; padding: 0 4px; }
    .ends { display: grid; grid-template-columns: auto 1fr auto; gap: 6px 8px; align-items: center; margin-bottom: 14px; font-size: 13px; }
    .ends select {
      min-width: 0; width: 100%; font: inherit; padding: 4px 6px; border: 1px solid var(--faint); border-radius: 6px;
      background: var(--sheet); color: inherit;
    }
    .plain {
      font: inherit; font-size: 13px; color: inherit; background: none; border: 1px solid var(--faint); border-radius: 6px;
      padding: 3px 9px; cursor: pointer; text-align: left; max-width: 100%; overflow-wrap: anywhere;
    }
    .plain:hover { border-color: var(--ink); }
    .claim { font-size: 15px; padding: 10px 12px; border-radius: 8px; background: var(--glow); margin: 0 0 12px; overflow-wrap: anywhere; }
    .claim code { font-weight: 700; }
    .claim small { display: block; color: var(--soft); font-size: 13px; margin-top: 2px; }
    .steps { list-style: none; margin: 0 0 0 6px; padding: 0 0 0 14px; border-left: 2px solid var(--faint); }
    .steps li { position: relative; margin: 0 0 14px; }
    .steps li::before {
      content: ""; position: absolute; left: -20px; top: 7px; width: 10px; height: 10px; border-radius: 5px;
      background: var(--mark);
    }
    .by { font-size: 13px; color: var(--soft); margin: 0 0 3px; overflow-wrap: anywhere; }
    .by code { font-weight: 700; color: var(--ink); }
    details { font-size: 13px; margin: 4px 0; }
    summary { cursor: pointer; color: var(--soft); }
    pre {
      font-size: 12px; line-height: 1.45; margin: 6px 0; padding: 9px 11px; overflow: auto; background: var(--paper);
      border: 1px solid var(--hair); border-radius: 7px; max-height: 26em;
    }
    .word { color: var(--equal); font-weight: 600; }
    .remark { color: var(--soft); }
    .note, .works li { font-size: 13.5px; }
    .works { margin: 0 0 8px; padding-left: 18px; }
    .costs { border-collapse: collapse; font-size: 13px; width: 100%; }
    .costs th { text-align: left; font-weight: 500; color: var(--soft); padding: 2px 12px 2px 0; vertical-align: top; white-space: nowrap; }
    .costs td { padding: 2px 0; overflow-wrap: anywhere; font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12px; }
    .drawing { display: block; max-width: 100%; max-height: 420px; margin: 6px auto; background: #ffffff; border-radius: 7px; }
    .larger { display: block; width: 100%; padding: 0; border: 0; background: none; cursor: zoom-in; }
    dialog { max-width: 96vw; max-height: 96vh; padding: 14px; overflow: auto; border: 1px solid var(--faint); border-radius: 10px; background: var(--sheet); color: inherit; }
    dialog::backdrop { background: rgba(10, 14, 22, 0.6); }
    dialog .drawing { max-width: none; max-height: none; }
    .near { list-style: none; margin: 0; padding: 0; font-size: 13px; }
    .near li { margin: 3px 0; }
    #search { position: relative; margin-left: auto; flex: 0 1 300px; min-width: 150px; }
    #words { width: 100%; font: inherit; font-size: 14px; padding: 6px 12px; border-radius: 18px; border: 1px solid var(--faint); background: var(--paper); color: inherit; }
    #found {
      position: absolute; z-index: 5; right: 0; left: 0; top: 100%; margin: 4px 0 0; padding: 5px; max-height: 60vh; overflow: auto;
      list-style: none; background: var(--sheet); border: 1px solid var(--faint); border-radius: 9px;
      box-shadow: 0 8px 30px rgba(10, 15, 30, 0.18);
    }
    #found[hidden] { display: none; }
    #found li { padding: 5px 9px; border-radius: 6px; cursor: pointer; font-size: 14px; overflow-wrap: anywhere; }
    #found li small { display: block; color: var(--soft); font-size: 12px; }
    #found li[aria-selected="true"] { background: var(--glow); }
    #tables { content-visibility: auto; contain-intrinsic-size: auto 2000px; padding: 24px 18px 60px; max-width: 1200px; margin: 0 auto; }
    #tables h2 { margin-top: 24px; }
    .wide { overflow-x: auto; }
    #tables table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
    #tables th, #tables td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--hair); vertical-align: top; }
    #tables th { color: var(--soft); font-weight: 600; white-space: nowrap; }
    #tables td code { font-size: 12.5px; overflow-wrap: anywhere; }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
    @media (max-width: 860px) {
      header { height: auto; padding: 10px 14px; }
      #search { flex: 1 1 100%; }
      main { display: block; height: auto; }
      #viewport { height: 62vh; height: 62dvh; border-bottom: 1px solid var(--hair); }
      #panel { border-left: 0; }
      .skip { margin-left: auto; order: 1; }
      #search { order: 2; }
    }
    @media (prefers-reduced-motion: no-preference) {
      .gliding #scene { transition: transform 0.28s ease-out; }
    }
    @media print {
      :root {
        --paper: #ffffff; --sheet: #ffffff; --ink: #000000; --soft: #444444; --faint: #888888; --hair: #cccccc;
        --equal: #1f4e8c; --equivalent: #2e7d4f; --expresses: #444444; --expressed: #a3521a; --mark: #d9480f; --glow: #ffffff;
        color-scheme: light;
      }
      @page { size: A4 landscape; margin: 10mm; }
      html, body { height: auto; }
      #search, #controls, .skip, .ends, .keys, #live { display: none !important; }
      main { display: block; height: auto; }
      #viewport { overflow: visible !important; height: auto; background: none; border: 0; break-after: page; }
      #scene { break-inside: avoid; margin: 0 auto; }
      #panel { overflow: visible; border: 0; padding: 0; break-after: page; }
      .card { box-shadow: none; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      pre { max-height: none; white-space: pre-wrap; break-inside: avoid; }
      tr, .steps li { break-inside: avoid; }
      #tables { max-width: none; padding: 0; content-visibility: visible; }
      a { color: inherit; text-decoration: none; }
    }

    """
}
