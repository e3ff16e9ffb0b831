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
    const names = ["verdict", "article"];
    form.hidden = false;
    const show = () => {
      const wanted = names.map((name) => [name, form.elements[name].value]);
      claims.forEach((claim) => { claim.hidden = wanted.some(([name, value]) => value && claim.dataset[name] !== value); });
      document.querySelectorAll("[data-filtered]").forEach((section) => { section.hidden = !section.querySelector(".claim:not([hidden])"); });
      form.querySelector("output").textContent = claims.filter((claim) => !claim.hidden).length + " of " + claims.length;
    };
    // The address has what is chosen, so that a link shows the same.
    const read = () => {
      const asked = new URLSearchParams(location.hash.slice(1));
      if (!form.isConnected || !names.some((name) => asked.has(name))) { return; }
      names.forEach((name) => { form.elements[name].value = Array.from(form.elements[name].options).some((one) => one.value === asked.get(name)) ? asked.get(name) : ""; });
      show();
      form.scrollIntoView();
    };
    form.addEventListener("change", () => {
      const held = new URLSearchParams(window.trendsPage ? { p: window.trendsPage } : {});
      names.forEach((name) => { if (form.elements[name].value) { held.set(name, form.elements[name].value); } });
      show();
      location.replace("#" + held.toString());
    });
    window.addEventListener("hashchange", read);
    read();
  }

  /* Where the columns do not fit, as many as do fill the room: none stands half below the first, which stays in place. Of
     years the newest are seen first. */
  function columns(table) {
    const box = table.parentNode;
    const [first, ...others] = Array.from(table.rows[0].cells, (cell) => cell.offsetWidth);
    if (box.scrollWidth <= box.clientWidth || !others.length) { return; }
    const room = box.clientWidth - first;
    table.style.setProperty("--column", room / Math.max(1, Math.floor(room / Math.max(...others))) + "px");
    box.style.scrollPaddingLeft = first + "px";
    if (table.classList.contains("years")) { box.scrollLeft = box.scrollWidth; }
  }

  window.trendsForms = () => {
    document.querySelectorAll("form.pairs").forEach(pairs);
    document.querySelectorAll("form.filter").forEach(filter);
    document.querySelectorAll(".scroll > :is(.years, .matrix)").forEach(columns);
  };

  document.addEventListener("DOMContentLoaded", () => {
    themeButton();
    window.trendsForms();
    const here = document.querySelector(".bar nav [aria-current]");
    if (here) { here.parentNode.scrollLeft = here.offsetLeft - 24; }
  });
})();
