// Shows the sentence behind a number beside the number; without this script the link leads to the sentence. Parts of a
// long page that stand on pages of their own are put into it when they are asked for.
(() => {
  "use strict";

  const DELAY = 250;
  let shown = null;
  let timer = 0;
  let pointed = null;
  const asked = new Map();

  /** Put the part that the link leads to in the place of what stands for it here; false if it cannot be had. */
  function load(link) {
    const address = link.href.split("#")[0];
    if (!asked.has(address)) asked.set(address, fetched(address));
    return asked.get(address);
  }

  async function fetched(address) {
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok) return false;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = page.querySelector("main > article > section[id]");
      const here = part && document.getElementById(part.id);
      if (!here) return false;
      here.replaceWith(document.adoptNode(part));
      return true;
    } catch {
      return false;
    }
  }

  /** The part of the page that names what is not on it: the target of a link, else the section of the part. */
  function go(link, section) {
    const name = decodeURIComponent(link.hash.slice(1));
    const target = (name && document.getElementById(name)) || section;
    if (!target) return false;
    const around = target.closest("details");
    if (around) around.open = true;
    if (target.tagName === "DETAILS") target.open = true;
    if (target.id) location.hash = `#${encodeURIComponent(target.id)}`;
    return true;
  }

  function elsewhere(link) {
    return link.pathname !== location.pathname && link.pathname.startsWith(`${location.pathname}/`);
  }

  /** The text of the sentence that the mark stands in, before the mark, in it, and after it. */
  function sentenceAround(mark) {
    const sentence = mark.closest(".sentence");
    const before = document.createRange();
    before.setStart(sentence, 0);
    before.setEnd(mark, 0);
    const start = before.toString().length;
    const end = start + mark.textContent.length;
    const text = sentence.textContent;
    return { lead: text.slice(0, start), core: text.slice(start, end), rest: text.slice(end) };
  }

  function hide() {
    clearTimeout(timer);
    pointed = null;
    if (shown === null) return;
    shown.box.remove();
    shown.mark.classList.remove("pointed");
    shown.link.removeAttribute("aria-describedby");
    shown = null;
  }

  function paragraphOf(className, ...children) {
    const paragraph = document.createElement("p");
    paragraph.className = className;
    paragraph.append(...children);
    return paragraph;
  }

  async function show(link) {
    const name = decodeURIComponent(link.hash.slice(1));
    if (!document.getElementById(name) && elsewhere(link)) {
      pointed = link;
      await load(link);
      if (pointed !== link) return;
    }
    const mark = document.getElementById(name);
    if (mark === null || mark.closest(".sentence") === null) return;
    hide();
    const sentence = sentenceAround(mark);
    const core = document.createElement("mark");
    core.textContent = sentence.core;
    const box = document.createElement("div");
    box.className = "popover";
    box.id = "popover";
    box.setAttribute("role", "tooltip");
    const quote = paragraphOf("quote", sentence.lead.trimStart(), core, sentence.rest.trimEnd());
    quote.lang = mark.closest("[lang]").lang;
    box.append(quote, paragraphOf("read", `${mark.dataset.confidence} · ${mark.dataset.component}`));
    document.body.append(box);
    const place = link.getBoundingClientRect();
    const left = Math.min(place.left, document.documentElement.clientWidth - box.offsetWidth - 16);
    const above = place.bottom + box.offsetHeight + 16 > window.innerHeight && place.top > box.offsetHeight + 16;
    const top = above ? place.top - box.offsetHeight - 6 : place.bottom + 6;
    box.style.left = `${Math.max(left, 8) + window.scrollX}px`;
    box.style.top = `${top + window.scrollY}px`;
    mark.classList.add("pointed");
    link.setAttribute("aria-describedby", "popover");
    shown = { box, mark, link };
  }

  function linkOf(event) {
    return event.target instanceof Element ? event.target.closest("a.evidence") : null;
  }

  document.addEventListener("pointerover", (event) => {
    const link = linkOf(event);
    if (link === null || event.pointerType !== "mouse") return;
    clearTimeout(timer);
    timer = setTimeout(() => show(link), DELAY);
  });
  document.addEventListener("pointerout", (event) => { if (linkOf(event) !== null) hide(); });
  document.addEventListener("focusin", (event) => {
    const link = linkOf(event);
    if (link !== null && link.matches(":focus-visible")) show(link);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("click", (event) => {
    hide();
    const link = event.target instanceof Element ? event.target.closest("a.evidence, a.part") : null;
    if (link === null || !elsewhere(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const section = link.closest("section[id]");
    const place = section && section.id;
    load(link).then((had) => {
      const part = link.matches(".part") ? document.getElementById(place) : null;
      if (!had || !go(link, part)) location.assign(link.href);
    });
  });
  // An address of a quote that stood on this page before it was on one of its own.
  const texts = document.querySelector("#sources a.part");
  if (texts !== null && /\.\d+-\d+$/.test(location.hash)) {
    load(texts).then(() => {
      const quote = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (quote !== null) quote.scrollIntoView();
    });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
