"use strict";
(() => {
  const root = document.documentElement;
  const themeKey = "healthlint-theme";
  const stored = () => { try { return localStorage.getItem(themeKey); } catch { return null; } };
  const store = (theme) => { try { localStorage.setItem(themeKey, theme); } catch { /* private windows */ } };
  if (stored()) root.dataset.theme = stored();

  document.addEventListener("DOMContentLoaded", () => {
    const byId = (id) => document.getElementById(id);
    const form = byId("filter");
    const fields = form.elements;
    const articles = [...document.querySelectorAll(".article")];
    const notes = [...document.querySelectorAll(".note")];
    const idOf = (note) => note.lastElementChild.id;
    const toneOf = ({ dataset }) => (dataset.state === "new" ? dataset.severity : dataset.state);

    // --- theme ----------------------------------------------------------------------------------

    const dark = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : dark.matches);
    const showTheme = () => byId("theme").setAttribute("aria-pressed", isDark());
    const switchTheme = () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      store(root.dataset.theme);
      showTheme();
    };
    byId("theme").hidden = false;
    byId("theme").addEventListener("click", switchTheme);
    dark.addEventListener("change", showTheme);
    showTheme();

    // --- filter and search ----------------------------------------------------------------------

    const spaced = (text) => text.trim().replace(/\s+/g, " ").toLowerCase();
    const texts = new WeakMap();
    const textOf = (element) => {
      if (!texts.has(element)) texts.set(element, spaced(element.textContent));
      return texts.get(element);
    };
    const boxes = (name) => [...form.querySelectorAll(`[name=${name}]`)];
    const ticked = (name) => new Set(boxes(name).filter((box) => box.checked).map((box) => box.value));
    const isNarrowed = (name) => boxes(name).some((box) => !box.checked);
    const within = (folder, chosen) => !chosen || folder === chosen || folder.startsWith(`${chosen}/`);
    const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

    function filter() {
      const severities = ticked("severity");
      const states = ticked("state");
      const rule = fields.rule.value;
      const family = fields.family.value;
      const words = spaced(fields.query.value);
      const narrowed = Boolean(rule || family) || isNarrowed("severity") || isNarrowed("state");
      const says = (element) => textOf(element).includes(words);
      const fits = ({ dataset }) =>
        severities.has(dataset.severity) && (!states.size || states.has(dataset.state)) &&
        (!rule || rule === dataset.rule) && (!family || family === dataset.family);
      let found = 0;
      let shown = 0;
      for (const article of articles) {
        const here = within(article.dataset.folder, fields.folder.value) &&
          (!fields.article.value || fields.article.value === article.id);
        const isNamed = says(article.firstElementChild);
        let matching = 0;
        const seen = new Map();
        for (const note of article.querySelectorAll(".note")) {
          note.hidden = !(here && fits(note) && (isNamed || says(note.closest(".noted") ?? note)));
          if (!note.hidden) {
            matching += 1;
            seen.set(idOf(note), toneOf(note));
          }
        }
        for (const mark of article.querySelectorAll("mark")) {
          const first = mark.dataset.notes.split(" ").find((id) => seen.has(id));
          mark.className = first ? seen.get(first) : "off";
          if (first) mark.firstChild.href = `#${first}`;
          else mark.firstChild.removeAttribute("href");
        }
        article.hidden = !(here && (matching || (!narrowed && says(article))));
        found += matching;
        shown += !article.hidden;
      }
      for (const folder of document.querySelectorAll(".folder")) {
        folder.hidden = !folder.querySelector(".article:not([hidden])");
      }
      byId("matches").textContent = `${counted(found, "finding")} in ${counted(shown, "article")}`;
    }

    let waiting;
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(filter, 150);
    });
    form.addEventListener("reset", () => setTimeout(filter));
    filter();

    for (const button of document.querySelectorAll("button[data-field]")) {
      button.disabled = false;
      button.addEventListener("click", () => {
        form.reset();
        fields[button.dataset.field].value = button.dataset.value;
        filter();
        byId("articles-title").focus();
      });
    }

    // --- opening --------------------------------------------------------------------------------

    const setTexts = (open) => {
      for (const article of articles) {
        const reading = article.querySelector(".reading");
        if (reading && !article.hidden) reading.open = open;
      }
    };
    byId("open").addEventListener("click", () => setTexts(true));
    byId("close").addEventListener("click", () => setTexts(false));

    function reveal(element) {
      for (let at = element; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    }

    function visit(note) {
      reveal(note.parentElement);
      note.firstElementChild.focus({ preventScroll: true });
      (note.closest(".noted") ?? note).scrollIntoView({ block: "center" });
    }

    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href^='#f']");
      const target = link && byId(link.hash.slice(1));
      if (!target?.parentElement.matches(".note")) return;
      event.preventDefault();
      target.parentElement.open = true;
      visit(target.parentElement);
    });

    // The reason stands once on the page; a note that is opened gets a copy.
    document.addEventListener("toggle", ({ target: note }) => {
      if (!note.open || !note.matches(".note") || note.querySelector(".reason")) return;
      const reason = byId(`rule-${note.dataset.rule}`)?.querySelector(".reason");
      if (reason) note.lastElementChild.querySelector(".more").before(reason.cloneNode(true));
    }, true);

    const light = (event, on) => {
      const note = event.target.closest?.(".note");
      if (!note) return;
      for (const mark of document.querySelectorAll(`mark[data-notes~="${idOf(note)}"]`)) mark.classList.toggle("current", on);
    };
    for (const [kind, on] of [["focusin", true], ["focusout", false], ["mouseover", true], ["mouseout", false]]) {
      document.addEventListener(kind, (event) => light(event, on));
    }

    // --- keys -----------------------------------------------------------------------------------

    for (const element of document.querySelectorAll(".js")) element.hidden = false;

    let last;
    function step(by) {
      const seen = notes.filter((note) => !note.hidden);
      const here = seen.indexOf(document.activeElement.closest(".note") ?? last);
      last = seen[here < 0 ? 0 : here + by];
      if (last) visit(last);
    }

    const keys = {
      "/": () => fields.query.focus(),
      n: () => step(1),
      p: () => step(-1),
      t: switchTheme,
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.key === "Escape" && form.contains(event.target)) form.reset();
      if (!byId("keys").checked || event.target.closest("input:not([type=checkbox]), select, textarea")) return;
      if (keys[event.key]) {
        event.preventDefault();
        keys[event.key]();
      }
    });
  });
})();
