// SPDX-License-Identifier: GPL-3.0-or-later

extension ReportSite {
  /// The style sheet of all pages: screens wide and narrow, light and dark, and paper.
  static let stylesheet = """
    :root {
      --paper: #ffffff; --ground: #f5f6f8; --ink: #1b2330; --soft: #5a6474; --line: #dce1e8;
      --accent: #1f5fbf; --lecture: #2459b5; --lecture-ground: #edf3fd;
      --practice: #0b6b57; --practice-ground: #e9f6f1; --lab: #9a4a05; --lab-ground: #fdf2e6;
      --bad: #b3261e; --bad-ground: #fdecea; --good: #17663a; --good-ground: #e8f5ec;
      --odd: #5b3fa6; --odd-ground: #efeafb; --even: #8a2163; --even-ground: #fbe9f3;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #171c24; --ground: #10141a; --ink: #e6eaf0; --soft: #a3adbb; --line: #303945;
        --accent: #8ab4f8; --lecture: #8fb6f5; --lecture-ground: #1b2a44;
        --practice: #7fd1b9; --practice-ground: #14312a; --lab: #f0b27a; --lab-ground: #3a2814;
        --bad: #f2a59f; --bad-ground: #401c19; --good: #8fd6a9; --good-ground: #16321f;
        --odd: #c3b2f5; --odd-ground: #2c2446; --even: #f0a8cf; --even-ground: #421d33;
      }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body {
      margin: 0; background: var(--ground); color: var(--ink);
      font: 16px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans",
        Arial, sans-serif;
    }
    a { color: var(--accent); text-decoration: none; }
    a:hover { text-decoration: underline; }
    a:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    abbr { text-decoration: none; }
    .skip { position: absolute; left: -999px; }
    .skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 8px; z-index: 1; }
    .bar {
      display: flex; flex-wrap: wrap; justify-content: space-between; gap: 4px 24px;
      padding: 10px 24px; background: var(--paper); border-bottom: 1px solid var(--line);
      font-size: 14px;
    }
    .bar nav { display: flex; flex-wrap: wrap; gap: 4px 20px; }
    .bar a { padding: 4px 0; color: var(--soft); }
    .bar a[aria-current] { color: var(--ink); box-shadow: 0 2px 0 var(--accent); }
    main { margin: 0 auto; padding: 20px 24px 8px; }
    .narrow { max-width: 1040px; }
    .wide { max-width: 1500px; }
    h1 { font-size: 28px; line-height: 1.2; margin: 4px 0 12px; font-weight: 650; }
    h2 { font-size: 18px; margin: 32px 0 10px; font-weight: 650; }
    h3 { font-size: 14px; margin: 0 0 8px; font-weight: 600; color: var(--soft); }
    .scroll + h3 { margin-top: 22px; }
    .eyebrow {
      display: block; font-size: 13px; font-weight: 500; color: var(--soft); margin-bottom: 4px;
    }
    .aside { color: var(--soft); font-weight: 400; font-size: .85em; }
    .heading { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 8px 24px;
      align-items: end; margin-bottom: 12px; }
    .heading h1 { margin-bottom: 0; }
    .facts { display: flex; flex-wrap: wrap; gap: 6px 24px; align-items: center; font-size: 14px; }
    .facts .label { color: var(--soft); }
    .button {
      border: 1px solid var(--line); border-radius: 6px; padding: 5px 12px;
      background: var(--paper); font-size: 14px; white-space: nowrap;
    }
    .note {
      padding: 16px; background: var(--paper); border: 1px solid var(--line); border-radius: 8px;
    }
    .vacant { color: var(--bad); }
    .online { color: var(--soft); font-style: italic; }
    .name { white-space: nowrap; }
    code { font-size: .8em; color: var(--soft); }
    footer { max-width: 1500px; margin: 24px auto 0; padding: 0 24px 24px; font-size: 13px;
      color: var(--soft); }
    footer p { margin: 4px 0; }

    table { border-collapse: collapse; background: var(--paper); width: 100%; }
    .scroll, .grid-holder {
      overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--paper);
    }
    .data { font-size: 14px; }
    .data th, .data td, .list th, .list td {
      padding: 6px 10px; text-align: left; vertical-align: top;
      border-bottom: 1px solid var(--line);
    }
    .data thead th, .list thead th { color: var(--soft); font-weight: 600; font-size: 13px;
      vertical-align: bottom; }
    .data tbody th { font-weight: 500; }
    .data tr:last-child > th, .data tr:last-child > td { border-bottom: 0; }
    .data thead tr:last-child > th { border-bottom: 1px solid var(--line); }
    .data tfoot th, .data tfoot td { font-weight: 650; border-top: 2px solid var(--line); }
    .data .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
    .data thead .number { white-space: normal; }
    .data [scope="colgroup"] { text-align: center; }
    .dense { font-size: 13px; }
    .over td:last-child { color: var(--bad); }
    .zero { color: var(--soft); }
    .depth1 > th:first-child { padding-left: 34px; }
    .depth2 > th:first-child { padding-left: 58px; }
    .depth0 > * { background: var(--ground); }
    .meter {
      display: inline-block; width: 60px; height: 6px; margin-right: 8px; border-radius: 3px;
      vertical-align: middle;
      background: linear-gradient(to right, var(--accent) var(--share), var(--line) 0);
    }

    .grid { table-layout: fixed; min-width: 940px; font-size: 13px; line-height: 1.3; }
    .grid caption { position: absolute; left: -999px; }
    .grid-holder { margin-top: 16px; position: relative; }
    .grid th, .grid td { border: 1px solid var(--line); vertical-align: top; }
    .grid tr > :first-child { border-left: 0; }
    .grid tr > :last-child { border-right: 0; }
    .grid thead th { border-top: 0; padding: 8px; font-weight: 600; font-size: 13px; }
    .grid tbody tr:last-child > * { border-bottom: 0; }
    .grid tbody tr { height: max(44px, calc(var(--lines, 0) * 1.3em + 8px)); }
    .grid .hours { width: 86px; padding: 6px 2px; font-weight: 400; text-align: center;
      color: var(--soft); }
    .grid .hours b { display: block; font-size: 14px; color: var(--ink); font-weight: 600; }
    .grid .hours span { display: block; font-size: 11px; white-space: nowrap; }
    .grid td { padding: 3px; height: 1px; }
    .cards { display: flex; flex-direction: column; gap: 3px; height: 100%; }
    .card {
      flex: 1 1 auto; padding: 5px 7px 6px; border-left: 4px solid var(--soft); border-radius: 4px;
      background: var(--ground); overflow-wrap: anywhere;
    }
    .card.lecture { border-left-color: var(--lecture); background: var(--lecture-ground); }
    .card.practice {
      border-left-color: var(--practice); background: var(--practice-ground);
      border-left-style: double;
    }
    .card.lab {
      border-left-color: var(--lab); background: var(--lab-ground); border-left-style: dashed;
    }
    .card.faint { opacity: .8; }
    .card .meta { display: flex; flex-wrap: wrap; gap: 2px 6px; align-items: center; }
    .card .what { font-weight: 600; overflow-wrap: break-word; hyphens: auto; }
    .card .who, .card .where { color: var(--soft); }
    .card a { color: inherit; text-decoration: underline; text-decoration-color: var(--line);
      text-underline-offset: 2px; }
    .card .where .name { color: var(--ink); font-weight: 500; }
    .card .time, td.time { font-variant-numeric: tabular-nums; white-space: nowrap; }
    .badge {
      display: inline-block; min-width: 20px; padding: 0 5px; border-radius: 4px;
      text-align: center; font-size: 12px; line-height: 18px; font-weight: 650;
      color: var(--paper); background: var(--soft);
    }
    .badge.lecture { background: var(--lecture); }
    .badge.practice { background: var(--practice); }
    .badge.lab { background: var(--lab); }
    .weeks {
      display: inline-block; padding: 0 6px; border-radius: 9px; font-size: 11px;
      line-height: 17px; font-weight: 600; border: 1px solid currentColor;
    }
    .weeks.odd { color: var(--odd); background: var(--odd-ground); }
    .weeks.even { color: var(--even); background: var(--even-ground); border-style: dashed; }
    .weeks.some { color: var(--soft); border-radius: 4px; }
    .legend { font-size: 13px; color: var(--soft); margin: 10px 0; }
    .legend span { white-space: nowrap; }
    .legend > span { margin-right: 14px; }
    .list { font-size: 14px; border: 1px solid var(--line); }
    .list .day { font-weight: 650; border-right: 1px solid var(--line); }
    .list tbody { border-top: 2px solid var(--line); }
    .list .what { font-weight: 500; }

    .search { position: relative; max-width: 620px; margin: 16px 0; }
    .search label { position: absolute; left: -999px; }
    .search input {
      width: 100%; padding: 12px 16px; font: inherit; font-size: 17px; color: var(--ink);
      background: var(--paper); border: 1px solid var(--line); border-radius: 10px;
    }
    #results {
      list-style: none; margin: 6px 0 0; padding: 0; border-radius: 10px; background: var(--paper);
      max-height: 70vh; overflow-y: auto;
    }
    #results:not(:empty) { border: 1px solid var(--line); }
    #results a, #results .none { display: block; padding: 8px 16px; color: var(--ink); }
    #results a:hover, #results a:focus { background: var(--ground); text-decoration: none; }
    #results small { color: var(--soft); margin-left: 8px; }
    .figures { display: flex; flex-wrap: wrap; gap: 10px; margin: 16px 0; }
    .figures div {
      background: var(--paper); border: 1px solid var(--line); border-radius: 8px;
      padding: 8px 14px; min-width: 110px;
    }
    .figures dt { font-size: 12px; color: var(--soft); }
    .figures dd { margin: 0; font-size: 18px; font-weight: 600;
      font-variant-numeric: tabular-nums; }
    .verdict { padding: 10px 14px; border-radius: 8px; font-size: 15px; }
    .verdict a { color: inherit; }
    .good { color: var(--good); background: var(--good-ground); }
    .bad { color: var(--bad); background: var(--bad-ground); }
    .blocks { columns: 320px 3; column-gap: 16px; }
    .block {
      break-inside: avoid; background: var(--paper); border: 1px solid var(--line);
      border-radius: 8px; padding: 12px 14px; margin: 0 0 16px;
    }
    .block ul { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap;
      gap: 4px 16px; font-size: 15px; }

    @media screen and (max-width: 760px) {
      .bar { padding: 6px 16px; }
      .bar nav { gap: 0 16px; }
      main { padding: 14px 16px; }
      h1 { font-size: 23px; }
      .grid-holder, .by-day h2 { display: none; }
      .list, .list tbody, .list tr, .list th.day, .list td { display: block; }
      .list { border: 0; background: none; }
      .list thead, .list .mode { display: none; }
      .list tbody { border: 0; margin-bottom: 18px; }
      .list th.day { padding: 6px 2px; border: 0; font-size: 17px; }
      .list tr {
        display: grid; grid-template-columns: auto 1fr auto; gap: 0 8px; align-items: center;
        background: var(--paper); border-bottom: 8px solid var(--ground);
        grid-template-areas: "day day day" "time week kind" "what what what" "who who who"
          "teacher teacher teacher" "where where where";
      }
      .list th.day { grid-area: day; background: var(--ground); }
      .list td { padding: 0 12px; border: 0; }
      .list td.time { grid-area: time; padding: 10px 0 4px 12px; font-weight: 600; }
      .list td.week { grid-area: week; padding: 10px 0 4px; }
      .list td.kind { grid-area: kind; padding: 10px 12px 4px 0; }
      .list td.what { grid-area: what; font-size: 16px; }
      .list td.who { grid-area: who; }
      .list td.teacher { grid-area: teacher; }
      .list td.where { grid-area: where; padding-bottom: 10px; }
      .list td.who, .list td.teacher, .list td.where { color: var(--soft); }
      .figures div { flex: 1 1 90px; }
    }

    @media print {
      @page { size: A4 landscape; margin: 9mm; }
      :root {
        --paper: #fff; --ground: #fff; --ink: #000; --soft: #333; --line: #999;
        --accent: #000; --lecture: #000; --lecture-ground: #fff; --practice: #333;
        --practice-ground: #fff; --lab: #555; --lab-ground: #fff; --odd: #000; --even: #000;
        --odd-ground: #fff; --even-ground: #fff; --bad: #000; --bad-ground: #fff; --good: #000;
        --good-ground: #fff;
      }
      body { font-size: 9pt; background: #fff; }
      .bar, .skip, .button, .search, .by-day { display: none; }
      main { max-width: none; padding: 0; }
      h1 { font-size: 14pt; margin: 0 0 4pt; }
      h1 .eyebrow { display: inline; font-size: 9pt; }
      h2 { font-size: 11pt; margin: 10pt 0 4pt; break-after: avoid; }
      .facts { font-size: 8pt; }
      .scroll, .grid-holder { overflow: visible; border: 0; }
      .grid-holder { margin-top: 4pt; }
      .grid { min-width: 0; width: calc(100% - 1px); font-size: 7.5pt; line-height: 1.15;
        border: 1px solid var(--line); }
      .grid thead th { padding: 2pt; font-size: 8pt; }
      .grid tbody tr { height: max(20pt, calc(var(--lines, 0) * .95em)); break-inside: avoid; }
      .grid .hours { width: 48pt; padding: 1pt; }
      .grid .hours b { font-size: 8pt; }
      .grid .hours span { font-size: 6.5pt; }
      .grid td { padding: 1pt; }
      .card { padding: 1pt 3pt; border: 0.5pt solid var(--line); border-left-width: 3pt;
        border-radius: 2pt; break-inside: avoid; }
      .card.faint { opacity: 1; }
      .card a, .data a { text-decoration: none; color: #000; }
      .badge, .badge.lecture, .badge.practice, .badge.lab { color: #000; background: none; border: 0.7pt solid #000; font-size: 6.5pt;
        line-height: 8pt; min-width: 10pt; padding: 0 2pt; }
      .weeks { font-size: 6.5pt; line-height: 8pt; padding: 0 3pt; }
      .legend { font-size: 7pt; margin: 3pt 0; }
      .data, .dense { font-size: 7.5pt; }
      .data th, .data td { padding: 1.5pt 4pt; }
      .data thead th { font-size: 7.5pt; }
      .data tr { break-inside: avoid; }
      .name { white-space: normal; }
      .meter, .crumbs { display: none; }
      .figures { gap: 4pt; margin: 4pt 0; }
      .figures div { padding: 2pt 6pt; min-width: 0; }
      .figures dt { font-size: 7pt; }
      .figures dd { font-size: 9pt; }
      footer { margin: 6pt 0 0; padding: 0; font-size: 7pt; max-width: none; }
    }
    """

  /// The search of the first page: every word typed must occur; Kazakh letters are found by their
  /// Russian neighbours too; Enter opens the first hit.
  static let searchScript = """
    "use strict";
    (function () {
      var near = {"ә": "а", "ғ": "г", "қ": "к", "ң": "н", "ө": "о", "ұ": "у", "ү": "у", "һ": "х",
        "і": "и", "ё": "е"};
      function fold(text) {
        return text.toLowerCase().replace(/[әғқңөұүһіё]/g, function (c) { return near[c]; });
      }
      var input = document.getElementById("query");
      var list = document.getElementById("results");
      var rows = (window.kesteSearch || []).map(function (row) {
        return {row: row, name: fold(row[0]), all: fold(row[0] + " " + row[2])};
      });
      function show() {
        var words = fold(input.value).split(/\\s+/).filter(Boolean);
        list.textContent = "";
        if (words.length === 0) { return; }
        var hits = rows.filter(function (entry) {
          return words.every(function (word) { return entry.all.indexOf(word) >= 0; });
        });
        // Names that start with what was typed come first; else the order of the data.
        hits = hits.filter(function (h) { return h.name.indexOf(words[0]) === 0; }).concat(
          hits.filter(function (h) { return h.name.indexOf(words[0]) !== 0; }));
        hits.slice(0, 40).forEach(function (hit) {
          var item = document.createElement("li");
          var link = document.createElement("a");
          var note = document.createElement("small");
          link.href = hit.row[3];
          link.textContent = hit.row[0];
          note.textContent = hit.row[1] + " · " + hit.row[2];
          link.appendChild(note);
          item.appendChild(link);
          list.appendChild(item);
        });
        if (hits.length === 0) {
          var none = document.createElement("li");
          none.className = "none";
          none.textContent = list.dataset.none;
          list.appendChild(none);
        }
      }
      input.addEventListener("input", show);
      input.form.addEventListener("submit", function (event) {
        event.preventDefault();
        var first = list.querySelector("a");
        if (first) { location.href = first.href; }
      });
      show();
    })();

    """
}
