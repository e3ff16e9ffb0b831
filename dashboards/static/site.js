/* Theme switch, tabs, measures and the drawing of charts. A classic script: it opens from disk. */
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");

  // Storage can be switched off, and then even reading it throws.
  function remembered() {
    try { return localStorage.getItem("theme") || "auto"; } catch (error) { return "auto"; }
  }
  function remember(theme) {
    try { localStorage.setItem("theme", theme); } catch (error) { /* the choice holds for this page */ }
  }
  function apply(theme) {
    if (theme === "auto") { root.removeAttribute("data-theme"); } else { root.setAttribute("data-theme", theme); }
  }
  let theme = remembered();
  apply(theme);

  function themeButton() {
    const button = document.getElementById("theme");
    const next = { auto: "dark", dark: "light", light: "auto" };
    const show = () => { button.textContent = "Theme: " + theme; };
    button.hidden = false;
    show();
    button.addEventListener("click", () => {
      theme = next[theme] || "auto";
      apply(theme);
      remember(theme);
      show();
    });
  }

  function tabs(list) {
    const all = Array.from(list.querySelectorAll("[role=tab]"));
    function choose(chosen) {
      all.forEach((tab) => {
        const on = tab === chosen;
        tab.setAttribute("aria-selected", String(on));
        tab.tabIndex = on ? 0 : -1;
        document.getElementById(tab.getAttribute("aria-controls")).classList.toggle("off", !on);
      });
      window.dispatchEvent(new Event("resize"));
    }
    all.forEach((tab, place) => {
      tab.addEventListener("click", () => choose(tab));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) { return; }
        const other = all[(place + step + all.length) % all.length];
        choose(other);
        other.focus();
        event.preventDefault();
      });
    });
    choose(all[0]);
  }

  function padding(spec, narrow, small) {
    return {
      top: spec.padding.top,
      bottom: spec.padding.bottom,
      left: narrow || small ? 38 : spec.padding.left,
      right: small ? 78 : narrow ? 92 : spec.padding.right,
    };
  }

  function draw(plot) {
    const spec = JSON.parse(document.getElementById(plot.dataset.spec).textContent);
    const small = plot.classList.contains("small");
    const room = () => padding(spec, window.innerWidth < 1024, small);
    const width = (pad) => Math.max(60, plot.clientWidth - pad.left - pad.right);
    const first = room();
    const options = { actions: false, renderer: "svg", tooltip: { theme: "custom" } };
    return window.vegaEmbed(plot, Object.assign({}, spec, { padding: first, width: width(first) }), options).then((shown) => {
      plot.querySelector("svg").setAttribute("aria-hidden", "true");
      window.addEventListener("resize", () => {
        if (!plot.clientWidth) { return; }
        const pad = room();
        shown.view.padding(pad).width(width(pad)).runAsync();
      });
      plot.closest("figure").querySelectorAll(".measures input").forEach((input) => {
        const set = () => { if (input.checked) { shown.view.signal("measure", input.value).runAsync(); } };
        input.addEventListener("change", set);
        // A browser may restore the reader's choice when the page is opened again.
        set();
      });
      plot.classList.add("drawn");
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    themeButton();
    document.querySelectorAll(".measures input").forEach((input) => {
      const say = () => { if (input.checked) { input.closest("figure").querySelector(".subtitle").textContent = input.dataset.subtitle; } };
      input.addEventListener("change", say);
      say();
    });
    document.querySelectorAll("[role=tablist]").forEach(tabs);
    Promise.all(Array.from(document.querySelectorAll(".plot"), draw)).then(() => root.classList.add("all-drawn"));
  });
})();
