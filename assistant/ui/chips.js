// Citation chips: hover shows the quote, a click opens the abstract at its span. Runs once, when the page has loaded.
// All text is copied as nodes or textContent; nothing here turns a string into markup.
() => {
  const shown = { turn: null, label: null };
  let newestSeen = "", last = "";
  const $ = (selector, root = document) => root.querySelector(selector);
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  const stacked = () => matchMedia("(max-width: 860px)").matches;

  const empty = $(".panel-body").cloneNode(true);

  const tip = document.createElement("div");
  tip.className = "cite-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  ($(".gradio-container") || document.body).append(tip);

  function showTip(chip) {
    const quote = document.createElement("q"), title = document.createElement("cite");
    quote.textContent = chip.dataset.quote;
    title.textContent = chip.dataset.title;
    tip.replaceChildren(quote, title);
    tip.hidden = false;
    const at = chip.getBoundingClientRect(), box = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left - 24, document.documentElement.clientWidth - box.width - 8));
    const above = at.top - box.height - 8;
    tip.style.left = left + "px";
    tip.style.top = (above > 8 ? above : at.bottom + 8) + "px";
  }

  function fillPanel(turnId) {
    const body = $(".panel-body"), store = $("#" + turnId + " .evidence-store");
    if (!body || !store) return;
    body.replaceChildren(...store.cloneNode(true).childNodes);
    shown.turn = turnId;
  }

  function activate(label, jump) {
    shown.label = label;
    const body = $(".panel-body");
    for (const chip of document.querySelectorAll(".turn :is(.chip, tr, .opens).active")) chip.classList.remove("active");
    for (const opener of document.querySelectorAll("#" + shown.turn + " :is(.chip, tr, .opens)[data-n]"))
      opener.classList.toggle("active", opener.dataset.n === label);
    for (const card of body.querySelectorAll("details.paper"))
      if (card.dataset.labels.split(" ").includes(label)) card.open = true;
      else if (jump) card.open = false;
    let first = null;
    for (const mark of body.querySelectorAll("mark")) {
      const on = mark.dataset.n.split(" ").includes(label);
      mark.classList.toggle("active", on);
      if (on && !first) first = mark;
    }
    if (jump && first) scrollTo(first);
  }

  function scrollTo(mark) {
    const panel = $("#panel");
    if (stacked()) { mark.scrollIntoView({ block: "center", behavior: calm() }); return; }
    const offset = mark.getBoundingClientRect().top - panel.getBoundingClientRect().top;
    panel.scrollTo({ top: panel.scrollTop + offset - panel.clientHeight / 3, behavior: calm() });
  }

  function follow() {
    const turns = document.querySelectorAll("#past .turn, #live .turn");
    const newest = turns[turns.length - 1];
    if (!newest) {
      if (shown.turn) $(".panel-body").replaceChildren(...empty.cloneNode(true).childNodes);
      shown.turn = shown.label = null;
      newestSeen = last = "";
      return;
    }
    if (newest.id !== newestSeen) {
      newestSeen = newest.id;
      shown.label = null;
      fillPanel(newest.id);
      newest.scrollIntoView({ block: "start", behavior: calm() });
    } else if (shown.turn === newest.id && stale(newest)) {
      const label = shown.label;
      fillPanel(newest.id);
      if (label) activate(label, false);
      else openFirst();
    }
  }

  function stale(turn) {
    const now = $(".evidence-store", turn).innerHTML;
    const changed = now !== last;
    last = now;
    return changed;
  }

  function openFirst() {
    const card = $(".panel-body details.paper");
    if (card) card.open = true;
  }

  async function copy(button) {
    let done = true;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const area = document.createElement("textarea");
      area.value = button.dataset.copy;
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
    }
    button.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  }

  document.addEventListener("click", (event) => {
    const opener = event.target.closest(".turn :is(.chip, tr, .opens)[data-n]");
    if (opener && !event.target.closest("[data-do]")) {
      tip.hidden = true;
      fillPanel(opener.closest(".turn").id);
      activate(opener.dataset.n, true);
    }
    const button = event.target.closest(".copy");
    if (button) copy(button);
    if (event.target.closest(".back") && shown.turn)
      $("#" + shown.turn).scrollIntoView({ block: "start", behavior: calm() });
  });
  for (const on of ["mouseover", "focusin"])
    document.addEventListener(on, (event) => {
      const chip = event.target.closest && event.target.closest(".turn .chip[data-n]");
      if (chip) showTip(chip); else tip.hidden = true;
    });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
  document.addEventListener("scroll", () => { tip.hidden = true; }, true);
  new MutationObserver(follow).observe($("#chat") || document.body, { childList: true, subtree: true, characterData: true });
}
