/* Embedded: one figure alone in a frame of another page, and the way to its own page. */

const isEmbedded = () => new URLSearchParams(location.hash.slice(1)).get("embed") === "1";

/* The frame holds the figure that is asked for, whatever its page puts around it; or one line where it is gone. */
function embedded(figure) {
  const main = document.getElementById("content");
  const line = document.createElement("p");
  const anchor = document.createElement("a");
  figures.splice(0, figures.length, ...(figure ? [figure] : []));
  line.className = "back";
  anchor.target = "_blank";
  anchor.rel = "noopener";
  if (figure) {
    anchor.href = link(figure);
    anchor.textContent = "Notes, table and data: Framework Trends";
    line.append(anchor);
    figure.element.classList.add("asked");
    main.replaceChildren(figure.element, sure(figure), line);
    fitHeight(figure);
  } else {
    anchor.href = location.href.split("#")[0];
    anchor.textContent = "Framework Trends";
    line.append("This figure is not published any more. ", anchor);
    main.replaceChildren(line);
  }
}

/* The newest figures with their intervals: a frame has neither the note nor the table that tell them. */
function sure(figure) {
  const line = document.createElement("p");
  line.className = "sure";
  line.textContent = figure.data.shape === "lines" && current(figure).panels.length === 1 ? figuresOf(figure) : "";
  return line;
}

/* Charts over time fill the height that the frame leaves them; a narrow frame has no room for events and their list. */
function fitHeight(figure) {
  const plots = figure.element.querySelectorAll(".plot");
  if (plots.length !== 1 || !["lines", "substitution"].includes(figure.data.shape)) { return; }
  if (plots[0].clientWidth < NUMBERED && find(figure, ".events")) {
    figure.events = [];
    find(figure, ".events").remove();
  }
  plots[0].style.minHeight = "0";
  plots[0].replaceChildren();
  // Above and below the plot the picture has words and years of its own.
  const left = window.innerHeight - document.body.scrollHeight - 50 - 15 * figure.events.length;
  plots[0].dataset.height = String(Math.max(140, Math.min(340, left)));
}
