"""The trust and settings tabs as Gradio components. Hold no state: a visitor's settings live in the session."""

from typing import TYPE_CHECKING, Any

from assistant import Assistant, AssistantError
from assistant.ui import trust, widgets
from assistant.ui.chat import Chat
from assistant.ui.render import model_words
from assistant.ui.session_settings import Choice, Choices
from assistant.ui.text import esc
from assistant.ui.turn import Session

if TYPE_CHECKING:
    import gradio as gr

_LEAST, _MOST_PAPERS = 1, 20
"""Limits of the setting `k`."""


def build_trust_tab(assistant: Assistant, figures: str) -> None:
    """Figures, abilities, and the check-up on demand; to be called within the tab."""
    import gradio as gr

    widgets.block(figures, "trust")
    gr.HTML('<h2 class="section">Health</h2>', apply_default_css=False, js_on_load=None)
    look = gr.Button("Check everything now", size="sm", elem_id="doctor")
    found = widgets.block("", "health")

    def checked() -> str:
        try:
            return trust.health(assistant.doctor())
        except AssistantError as error:
            return f'<p class="failed" role="alert">{esc(error)}</p>'

    look.click(checked, None, found, **widgets.QUIET)


def build_settings_tab(chat: Chat, session: "gr.State", tab: "gr.Tab") -> None:
    """What answers, from how many papers, judged by whom; to be called within the tab."""
    import gradio as gr

    choices = Choices(chat.assistant)
    now = choices.default
    with gr.Column(elem_id="settings"):
        gr.HTML(f'<p class="quiet">{_NOTE}</p>', apply_default_css=False, js_on_load=None)
        known = [(now.llm, now.llm)]
        model = gr.Dropdown(known, value=now.llm, label="What answers", filterable=False, elem_id="model")
        k = gr.Slider(_LEAST, _MOST_PAPERS, value=now.k, step=1, label="Papers that an answer may draw on", elem_id="k")
        sure = gr.Slider(
            0, 1, value=now.min_confidence, step=0.05, label="How sure it has to be to answer", elem_id="sure"
        )
        judge = gr.Radio(choices.judges(), value=now.judge, label="Who judges a model's sentences", elem_id="judge")
        told = widgets.block("", "settings-told")

    def changed(kept: Session | None, llm: str, papers: float, least: float, judged: str) -> tuple[Session, str]:
        current = kept or chat.enter()
        try:
            choices.apply(current, Choice(llm, int(papers), judged, float(least)))
        except AssistantError as error:
            return current, f'<p class="failed" role="alert">{esc(error)}</p>'
        words = esc(f"From your next question on: {model_words(current.assistant.model)}.")
        return current, f'<p class="quiet" role="status">{words}</p>'

    inputs: list[Any] = [session, model, k, sure, judge]
    gr.on([model.input, k.release, sure.release, judge.input], changed, inputs, [session, told], **widgets.NOW)
    tab.select(lambda: gr.update(choices=choices.models()), None, model, **widgets.QUIET)


_NOTE = "These settings are yours alone, and hold until you close or reload the page."
