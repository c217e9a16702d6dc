// The query page: an editor with completion, answers without a new page, and a button that stops a query.
// Without this script, or without the editor's file, the form works as it stands.
(() => {
  "use strict";

  const form = document.getElementById("ask");
  const area = document.getElementById("query");
  const stop = document.getElementById("stop");
  const run = form.querySelector("button[type=submit]");
  const status = document.getElementById("status");
  let running = null;
  let editor = null;

  /** The editor over the text area, with the graph's own prefixes, classes and properties to complete. */
  function edit() {
    if (typeof Yasqe === "undefined") return;
    const words = JSON.parse(document.getElementById("words").textContent);
    const lists = { prefixes: words.prefixes, class: words.classes, property: words.properties };
    for (const [name, list] of Object.entries(lists)) {
      Object.assign(Yasqe.Autocompleters[name], { get: () => Promise.resolve(list), bulk: true, persistenceId: null });
    }
    const host = document.createElement("div");
    host.className = "editor";
    area.before(host);
    editor = new Yasqe(host, {
      value: area.value,
      persistenceId: null,
      consumeShareLink: null,
      createShareableLink: null,
      createShortLink: undefined,
      prefixCcApi: null,
      showQueryButton: false,
      resizeable: false,
      collapsePrefixesOnLoad: false,
      editorHeight: "24rem",
      lineWrapping: true,
      screenReaderLabel: form.querySelector("label[for=query]").textContent,
      extraKeys: { "Ctrl-Enter": () => form.requestSubmit(), "Cmd-Enter": () => form.requestSubmit(), Tab: false, "Shift-Tab": false },
    });
    editor.on("change", () => { area.value = editor.getValue(); });
    area.hidden = true;
    form.querySelector("label[for=query]").addEventListener("click", () => editor.focus());
  }

  function busy(controller) {
    running = controller;
    stop.hidden = controller === null;
    run.disabled = controller !== null;
    status.textContent = controller === null ? "" : status.dataset.running;
  }

  /** Ask for the page of the query and put its outcome in the place of this page's. */
  async function ask(address, keep) {
    if (running !== null) running.abort();
    const controller = new AbortController();
    busy(controller);
    try {
      const response = await fetch(address, { signal: controller.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const outcome = page.getElementById("outcome");
      if (outcome === null) {
        location.assign(address);
        return;
      }
      document.getElementById("outcome").replaceWith(document.adoptNode(outcome));
      if (keep) history.pushState(null, "", address);
      for (const link of document.querySelectorAll(".switch a")) {
        const other = page.querySelector(`.switch a[lang="${link.lang}"]`);
        if (other !== null) link.href = other.getAttribute("href");
      }
      if (running === controller) busy(null);
    } catch (error) {
      if (running === controller) busy(null);
      status.textContent = error.name === "AbortError" ? status.dataset.stopped : status.dataset.failed;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`, true);
  });
  stop.addEventListener("click", () => { if (running !== null) running.abort(); });
  addEventListener("popstate", () => location.reload());
  edit();
})();
