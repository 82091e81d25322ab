"use strict";
(() => {
  const get = (id) => document.getElementById(id);
  const root = document.documentElement;
  const [form, text, file, fileName, result, inside] =
    ["form", "text", "file", "name", "result", "inside"].map(get);
  const most = Number(text.dataset.most);
  let labelled = null; // what the result shows, and downloads are made of
  const latest = {}; // of each address: a download must not end a labelling

  // Messages stand in the page, so that they are in its language.
  const message = (name) => document.querySelector(`#messages [data-t="${name}"]`);
  function say(place, name, more = "", language = "") {
    const known = message(name) ?? message("failed");
    const part = document.createElement("span");
    part.dataset.t = known.dataset.t;
    part.textContent = known.textContent;
    const rest = document.createElement("bdi");
    rest.textContent = more;
    if (language) rest.lang = language;
    hush();
    get(place).replaceChildren(part, " ", rest);
  }
  function hush() {
    for (const place of ["status", "problem"]) get(place).replaceChildren();
  }
  const whole = (value) => value.toWellFormed?.() ?? value;

  async function post(address, body) {
    latest[address]?.abort();
    latest[address] = new AbortController();
    const answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal: latest[address].signal,
    });
    if (answer.ok) return answer;
    const { error } = await answer.json();
    throw Object.assign(new Error(error.message), { code: error.code });
  }
  function failed(error) {
    if (error.name === "AbortError") return; // another request of its kind took its place
    if (!error.code) say("problem", "unreachable");
    else if (message(error.code)) say("problem", error.code);
    else say("problem", "failed", error.message, "en");
  }

  async function label() {
    const body = { text: whole(text.value) };
    if (fileName.textContent) body.file = whole(fileName.textContent);
    if (!body.text.trim()) return say("problem", "empty");
    if ([...body.text].length > most) return say("problem", "long");
    say("status", "busy");
    result.setAttribute("aria-busy", "true");
    try {
      const html = await (await post("article", body)).text();
      const parsed = new DOMParser().parseFromString(html, "text/html");
      inside.replaceChildren(...parsed.body.childNodes);
      labelled = body;
      result.hidden = false;
      say("status", "done", String(inside.querySelectorAll(".cards > li").length));
      result.focus({ preventScroll: true });
      result.scrollIntoView({ block: "start" });
    } catch (error) {
      if (error.name === "AbortError") return; // the one that took its place is busy still
      failed(error);
    }
    result.removeAttribute("aria-busy");
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    label();
  });
  text.addEventListener("input", () => { if (!text.value) fileName.textContent = ""; });

  get("saves").addEventListener("click", async (event) => {
    const format = event.target.closest("button")?.dataset.format;
    if (!format || !labelled) return;
    const name = (labelled.file ?? "article.txt").replace(/\.[^.]*$/, "") || "article"; // now: the result may change
    try {
      const blob = await (await post("v1/export", { ...labelled, format })).blob();
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = `${name}.${format}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch (error) {
      failed(error);
    }
  });

  // A file: UTF-8 or UTF-16 by its mark, else Windows-1256, in which older Arabic files are written.
  function decode(bytes) {
    const mark = bytes.length > 1 ? bytes[0] * 256 + bytes[1] : 0;
    if (mark === 0xfffe || mark === 0xfeff) return [new TextDecoder(mark === 0xfffe ? "utf-16le" : "utf-16be").decode(bytes), ""];
    if (bytes.includes(0)) return ["", "binary"];
    try {
      return [new TextDecoder("utf-8", { fatal: true }).decode(bytes), ""];
    } catch {
      return [new TextDecoder("windows-1256").decode(bytes), "cp1256"];
    }
  }
  async function open(given) {
    if (given.size > 4 * most) return say("problem", "long"); // no character takes more bytes
    const [content, note] = decode(new Uint8Array(await given.arrayBuffer()));
    if (note === "binary") return say("problem", note);
    text.value = content;
    fileName.textContent = given.name.slice(0, 255);
    hush();
    if (note) say("status", note);
    text.focus();
  }
  file.addEventListener("change", () => {
    if (file.files.length) open(file.files[0]);
    file.value = "";
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    root.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) root.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    root.classList.remove("over");
    const [first] = event.dataTransfer.files;
    if (!first) return; // text dropped into the field
    event.preventDefault();
    open(first);
  });

  // A statement leads to its card, which lies in closed parts.
  inside.addEventListener("click", (event) => {
    const card = get(event.target.closest("[data-card]")?.dataset.card);
    if (!card) return;
    for (let part = card; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
    card.scrollIntoView({ block: "center" });
  });

  // The other language: texts and directions change, what was typed and found stays.
  get("language").addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = event.currentTarget.href;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(address)).text(), "text/html");
      for (const part of document.querySelectorAll("[data-t]")) {
        const other = page.querySelector(`[data-t="${part.dataset.t}"]`);
        if (!part.children.length) part.textContent = other.textContent;
        for (const name of ["aria-label", "href", "hreflang", "lang", "dir"])
          if (other.hasAttribute(name)) part.setAttribute(name, other.getAttribute(name));
      }
      root.lang = page.documentElement.lang;
      root.dir = page.documentElement.dir;
      document.title = page.title;
      history.replaceState(null, "", address);
    } catch {
      location.assign(address);
    }
  });
})();
