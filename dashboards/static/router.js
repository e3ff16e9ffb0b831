/* Pages of the single file: each is a template, shown where the address says. */
(function () {
  "use strict";
  const pages = {};
  document.querySelectorAll("template[data-page]").forEach((template) => { pages[template.dataset.page] = template; });
  if (!Object.keys(pages).length) { return; }
  const main = document.getElementById("content");

  function asked() {
    const page = new URLSearchParams(location.hash.slice(1)).get("p");
    return pages[page] ? page : "index.html";
  }

  function show() {
    const page = asked();
    const place = new URLSearchParams(location.hash.slice(1)).get("at");
    if (window.trendsPage !== page) {
      window.trendsPage = page;
      document.title = pages[page].dataset.title;
      main.replaceChildren(pages[page].content.cloneNode(true));
      document.querySelectorAll(".bar nav a").forEach((link) => {
        const here = link.getAttribute("href").replace(/^#p=/, "");
        if (here === pages[page].dataset.section) { link.setAttribute("aria-current", here === page ? "page" : "true"); } else { link.removeAttribute("aria-current"); }
      });
      window.trendsForms();
      window.trendsCharts();
      window.scrollTo(0, 0);
    }
    const target = place && document.getElementById(place);
    if (target) { target.scrollIntoView(); }
  }

  /* Links between pages become addresses within this file. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || link.hasAttribute("download")) { return; }
    const address = link.getAttribute("href");
    if (/^(https?:|data:|#p=)/.test(address)) { return; }
    const base = "https://site/" + (link.closest("main") || address.startsWith("#") ? window.trendsPage : "index.html");
    const url = new URL(address, base);
    const page = url.pathname.slice(1);
    if (!pages[page]) { return; }
    event.preventDefault();
    const rest = url.hash.slice(1);
    location.hash = "p=" + encodeURIComponent(page) + (rest ? "&" + (rest.includes("=") ? rest : "at=" + rest) : "");
  });

  window.trendsGo = (page) => { location.hash = "p=" + encodeURIComponent(page); };
  window.addEventListener("hashchange", show);
  document.addEventListener("DOMContentLoaded", show);
})();
