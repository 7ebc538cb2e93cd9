// Remembers, for this browser tab alone, which conversation is open and which question has no answer yet, so that both are
// there again after a reload, after the back button and after the server was started again. Runs once.
() => {
  const text = (selector, of) => { const found = document.querySelector(selector); return found ? of(found) : ""; };

  function remember() {
    const current = text("#history [data-current]", (element) => element.dataset.current);
    if (!current) return; // the page has not yet said which conversation it shows
    const asked = text("#live .turn.running .question", (element) => element.textContent);
    const typed = text("#question textarea", (element) => element.value);
    sessionStorage.setItem("abstract-assistant-conversation", current);
    sessionStorage.setItem("abstract-assistant-question", [asked, typed].filter(Boolean).join("\n"));
  }

  addEventListener("pagehide", remember);
}
