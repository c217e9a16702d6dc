// Answers while the question is written; without this script the form's buttons do the same.
(() => {
  "use strict";

  const DELAY = 180;
  const form = document.getElementById("search-form");
  if (form === null) return;
  let timer = 0;
  let running = null;

  /** The address of the question that the form asks, without the fields that are empty. */
  function address() {
    const asked = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value.trim() !== "") asked.append(name, value.trim());
    }
    const text = asked.toString();
    return form.action.split("?")[0] + (text === "" ? "" : `?${text}`);
  }

  /** Put the parts of the answer in their places; the filters stay open, and the keyboard where it was. */
  function show(fetched) {
    const focused = document.activeElement;
    const name = focused.name;
    const value = focused.value;
    const inFilters = focused.closest(".filters") !== null;
    const open = [...document.querySelectorAll(".filters fieldset")]
      .filter((set) => set.querySelector("details[open]") !== null)
      .map((set) => set.querySelector("legend").textContent);
    for (const part of [".outcome", ".filters", ".answers"]) {
      document.querySelector(part).replaceChildren(...fetched.querySelector(part).childNodes);
    }
    for (const set of document.querySelectorAll(".filters fieldset")) {
      const further = set.querySelector("details");
      if (further !== null && open.includes(set.querySelector("legend").textContent)) further.open = true;
    }
    if (inFilters) {
      const again = [...document.querySelectorAll(".filters input")].find(
        (input) => input.name === name && (input.type !== "checkbox" || input.value === value));
      if (again !== undefined) again.focus({ preventScroll: true });
    }
    const switches = document.querySelector(".switch");
    switches.replaceChildren(...fetched.querySelector(".switch").childNodes);
    document.title = fetched.title;
  }

  async function answer() {
    clearTimeout(timer);
    if (running !== null) running.abort();
    running = new AbortController();
    const asked = address();
    try {
      const response = await fetch(asked, { headers: { Accept: "text/html" }, signal: running.signal });
      if (!response.ok) return;
      const fetched = new DOMParser().parseFromString(await response.text(), "text/html");
      show(fetched);
      history.replaceState(null, "", asked + location.hash);
    } catch (error) {
      if (error.name !== "AbortError") form.submit();
    }
  }

  form.elements.namedItem("q").addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(timer);
    timer = setTimeout(answer, DELAY);
  });
  // What an input method has put together arrives here, and nothing before.
  form.elements.namedItem("q").addEventListener("compositionend", answer);
  document.addEventListener("change", (event) => {
    if (event.target.form === form && event.target.name !== "q") answer();
  });
})();
