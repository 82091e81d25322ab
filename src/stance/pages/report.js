"use strict";
(() => {
  const root = document.documentElement;
  const panel = document.getElementById("panel");
  const inside = document.getElementById("inside");
  const wide = matchMedia("(min-width:75rem)");
  let chosen = null;
  root.classList.add("js");
  for (const s of document.querySelectorAll(".s[title]")) s.removeAttribute("title");

  function show(place) {
    const card = document.getElementById(place.dataset.card);
    if (!card || place === chosen) return;
    const copy = card.cloneNode(true);
    copy.removeAttribute("id");
    if (chosen) chosen.classList.remove("on");
    chosen = place;
    place.classList.add("on");
    inside.replaceChildren(...copy.childNodes);
    panel.hidden = false;
    panel.scrollTop = 0;
    root.classList.add("sheet");
    if (!wide.matches) place.scrollIntoView({ block: "nearest" }); // above the sheet
  }
  function hide() {
    if (chosen) chosen.classList.remove("on");
    if (panel.contains(document.activeElement) && chosen) chosen.focus();
    chosen = null;
    panel.hidden = !wide.matches;
    root.classList.remove("sheet");
  }
  const placeOf = (event) => event.target.closest("[data-card]");
  document.addEventListener("mouseover", (event) => {
    const place = placeOf(event);
    if (place && wide.matches && place.classList.contains("s")) show(place);
  });
  document.addEventListener("focusin", (event) => {
    const place = placeOf(event);
    if (place && place.classList.contains("s")) show(place);
  });
  document.addEventListener("click", (event) => {
    const place = placeOf(event);
    if (!place || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(place);
    if (event.detail === 0) panel.focus(); // chosen by the keyboard: the reader follows
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && chosen) hide();
  });
  document.getElementById("close").addEventListener("click", hide);
  wide.addEventListener("change", () => { panel.hidden = !wide.matches && !chosen; });
  panel.hidden = !wide.matches;

  const table = document.getElementById("rows");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const plain = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f\u0640\u064b-\u065f\u0670]/g, "").toLowerCase();
  const texts = new Map(rows.map((row) => [row, plain(row.textContent)]));
  const find = document.getElementById("find");
  const stance = document.getElementById("by-stance");
  const sentiment = document.getElementById("by-sentiment");
  const shown = document.querySelector("#shown bdi:last-child");
  function filter() {
    const words = plain(find.value).split(/\s+/).filter(Boolean);
    let n = 0;
    for (const row of rows) {
      const fits = words.every((w) => texts.get(row).includes(w))
        && (!stance?.value || row.dataset.s.includes(` ${stance.value} `))
        && (!sentiment.value || row.dataset.m === sentiment.value);
      row.hidden = !fits;
      n += fits;
    }
    shown.textContent = `${n} / ${rows.length}`;
  }
  for (const control of [find, stance, sentiment].filter(Boolean)) { // a model without stances has no choice of them
    control.addEventListener("input", filter);
    control.addEventListener("focus", () => shown.parentNode.setAttribute("aria-live", "polite")); // not while the page loads
  }
  if (find.value || stance?.value || sentiment.value) filter(); // kept by the browser from an earlier visit

  const order = new Intl.Collator("ar", { numeric: true });
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `رتب sort: ${head.textContent}`);
    head.append(" ", button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const value = (row) => row.cells[column].dataset.v ?? row.cells[column].textContent.trim();
      const sorted = [...rows].sort((a, b) => order.compare(value(a), value(b)) * (down ? -1 : 1));
      body.append(...sorted);
    });
  });
})();
