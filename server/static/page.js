// Shows the sentence behind a number beside the number; without this script the link leads to the sentence.
(() => {
  "use strict";

  const DELAY = 250;
  let shown = null;
  let timer = 0;

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

  function show(link) {
    const mark = document.getElementById(decodeURIComponent(link.hash.slice(1)));
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
  document.addEventListener("click", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
})();
