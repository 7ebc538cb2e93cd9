// Says when the server no longer answers, and loads the page again once another start of it does: that one knows nothing of
// this page, and would begin a new conversation with the next question. `place.js` keeps what was open and typed. Runs once.
() => {
  const { root, api_prefix, app_id } = window.gradio_config;
  const notice = document.createElement("p");
  notice.id = "lost";
  notice.setAttribute("role", "alert");
  (document.querySelector(".gradio-container") || document.body).append(notice);

  async function check() {
    let now;
    try {
      now = (await (await fetch(root + api_prefix + "/app_id", { cache: "no-store" })).json()).app_id;
    } catch {
      notice.textContent = "The server does not answer. This page goes on by itself as soon as it does; your conversation and your question are kept.";
      return;
    }
    notice.textContent = "";
    if (now !== app_id) location.reload();
  }

  setInterval(check, 2000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) check(); }); // timers of hidden tabs sleep
}
