// The table of papers: selects rows, and asks before they are deleted. Runs once, when the page has loaded.
// All text is copied as textContent; nothing here turns a string into markup.
() => {
  const LISTED = 8;
  const chosen = (root) => [...root.querySelectorAll("input[data-paper]:checked")];

  function ask(root) {
    const boxes = chosen(root), dialog = root.querySelector("dialog.confirm");
    dialog.querySelector("p").textContent =
      "Delete " + (boxes.length === 1 ? "this paper" : "these " + boxes.length + " papers") +
      " from the library? Other users of this library lose " + (boxes.length === 1 ? "it" : "them") + " too.";
    const titles = boxes.map((box) => box.getAttribute("aria-label").replace(/^Select /, ""));
    const rows = titles.slice(0, LISTED).map((title) => Object.assign(document.createElement("li"), { textContent: title }));
    if (titles.length > LISTED)
      rows.push(Object.assign(document.createElement("li"), { textContent: "and " + (titles.length - LISTED) + " more" }));
    dialog.querySelector("ul").replaceChildren(...rows);
    dialog.querySelector("[data-do=delete]").dataset.papers = boxes.map((box) => box.dataset.paper).join("\n");
    dialog.showModal();
  }

  document.addEventListener("change", (event) => {
    const root = event.target.closest("#papers");
    if (!root || !event.target.matches("input[data-paper]")) return;
    root.querySelector("[data-remove]").disabled = chosen(root).length === 0;
  });
  document.addEventListener("click", (event) => {
    const root = event.target.closest("#papers");
    if (!root) return;
    if (event.target.closest("[data-remove]")) ask(root);
    if (event.target.closest("dialog button")) root.querySelector("dialog.confirm").close();
  });
}
