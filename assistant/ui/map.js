// The map of topics: hover and arrow keys show a title, Enter and a click ask (the click is an event of the page), and the
// legend highlights a topic. Runs once, when the page has loaded. All text is copied as textContent.
() => {
  const tip = document.createElement("div");
  tip.className = "cite-tip map-tip";
  tip.hidden = true;
  (document.querySelector(".gradio-container") || document.body).append(tip);
  let current = null;

  function show(dot) {
    const title = document.createElement("strong"), words = document.createElement("cite");
    title.textContent = dot.dataset.title;
    words.textContent = dot.dataset.words;
    tip.replaceChildren(title, words);
    tip.hidden = false;
    const at = dot.getBoundingClientRect(), box = tip.getBoundingClientRect();
    const room = document.documentElement.clientWidth - box.width - 8;
    tip.style.left = Math.max(8, Math.min(at.left + 14, room)) + "px";
    tip.style.top = (at.top - box.height - 10 > 8 ? at.top - box.height - 10 : at.bottom + 10) + "px";
  }

  function choose(dot) {
    if (current) current.classList.remove("current");
    current = dot;
    dot.classList.add("current");
    const status = dot.closest("#map").querySelector("[data-map-status]");
    if (status) status.textContent = dot.dataset.title;
    show(dot);
  }

  // The nearest paper in the direction of the key; how far it lies to the side counts double.
  function next(map, key) {
    const dots = [...map.querySelectorAll("circle")];
    if (!current || !map.contains(current)) return dots[0];
    const x = +current.getAttribute("cx"), y = +current.getAttribute("cy");
    const across = key === "ArrowLeft" || key === "ArrowRight", sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
    let best = current, least = Infinity;
    for (const dot of dots) {
      const dx = dot.getAttribute("cx") - x, dy = dot.getAttribute("cy") - y;
      const ahead = sign * (across ? dx : dy), aside = Math.abs(across ? dy : dx);
      if (ahead > 0.5 && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = dot; }
    }
    return best;
  }

  document.addEventListener("mouseover", (event) => {
    const dot = event.target.closest && event.target.closest("svg.map circle");
    if (dot) show(dot); else tip.hidden = true;
  });
  document.addEventListener("scroll", () => { tip.hidden = true; }, true);
  document.addEventListener("focusout", (event) => { if (event.target.closest("svg.map")) tip.hidden = true; });
  document.addEventListener("keydown", (event) => {
    const map = event.target.closest && event.target.closest("svg.map");
    if (event.key === "Escape") tip.hidden = true;
    if (!map) return;
    if (event.key.startsWith("Arrow")) { event.preventDefault(); choose(next(map, event.key)); }
    if (event.key === "Enter" && current && map.contains(current)) {
      tip.hidden = true;
      current.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("svg.map circle")) tip.hidden = true;
    const button = event.target.closest("#map .topic");
    if (!button) return;
    const on = button.getAttribute("aria-pressed") !== "true";
    for (const other of document.querySelectorAll("#map .topic")) other.setAttribute("aria-pressed", String(on && other === button));
    for (const dot of document.querySelectorAll("#map circle"))
      dot.classList.toggle("faded", on && dot.dataset.topic !== button.dataset.topic);
  });
}
