/* Theme switch and the choosers of pages. A classic script: it opens from disk. */
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  // Before anything is shown: a frame holds one figure, which charts.js puts there.
  if (/[#&]embed=1(&|$)/.test(location.hash)) { root.classList.add("embed"); }

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

  /* Two choosers lead to the page of a pair, whichever of them stands first. */
  function pairs(form) {
    const pages = JSON.parse(document.getElementById("pair-pages").textContent);
    const chosen = () => [form.elements.first.value, form.elements.second.value];
    const page = () => pages[chosen().join(" ")] || pages[chosen().reverse().join(" ")];
    const said = form.querySelector("output");
    form.hidden = false;
    form.addEventListener("change", () => { said.textContent = page() ? "" : chosen()[0] === chosen()[1] ? "Choose two different ones." : "No source here holds figures of both."; });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!page()) { return; }
      if (window.trendsGo) { window.trendsGo("compare/" + page()); } else { location.href = form.dataset.root + page(); }
    });
  }

  /* Of the claims those that are chosen, and how many; an article without one is hidden. */
  function filter(form) {
    const claims = Array.from(document.querySelectorAll(".claim"));
    form.hidden = false;
    form.addEventListener("change", () => {
      const wanted = ["verdict", "article"].map((name) => [name, form.elements[name].value]);
      claims.forEach((claim) => { claim.hidden = wanted.some(([name, value]) => value && claim.dataset[name] !== value); });
      document.querySelectorAll("[data-filtered]").forEach((section) => { section.hidden = !section.querySelector(".claim:not([hidden])"); });
      form.querySelector("output").textContent = claims.filter((claim) => !claim.hidden).length + " of " + claims.length;
    });
  }

  window.trendsForms = () => {
    document.querySelectorAll("form.pairs").forEach(pairs);
    document.querySelectorAll("form.filter").forEach(filter);
  };

  document.addEventListener("DOMContentLoaded", () => {
    themeButton();
    window.trendsForms();
    const here = document.querySelector(".bar nav [aria-current]");
    if (here) { here.parentNode.scrollLeft = here.offsetLeft - 24; }
  });
})();
