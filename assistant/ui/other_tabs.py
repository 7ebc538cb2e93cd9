"""Builds the trust and settings tabs of Gradio components; a visitor's settings are part of the session."""

from typing import TYPE_CHECKING, Any

from assistant import Assistant, AssistantError
from assistant.ui import widgets
from assistant.ui.chat import Chat
from assistant.ui.render import describe_model
from assistant.ui.session_settings import OfferedSettings, SessionSettings
from assistant.ui.sessions import Sessions
from assistant.ui.templates import failure, render, status

if TYPE_CHECKING:
    import gradio as gr

_LEAST_PAPERS, _MOST_PAPERS = 1, 20
"""Limits of the setting `k`."""


def build_trust_tab(assistant: Assistant, figures: str) -> None:
    """Builds the figures and a health check on demand; to be called within the tab."""
    import gradio as gr

    widgets.block(figures, "trust")
    widgets.heading("Health")
    button = gr.Button("Check everything now", size="sm", elem_id="doctor")
    health = widgets.block("", "health")

    def check() -> str:
        try:
            return render("health", checks=assistant.doctor())
        except AssistantError as error:
            return failure(error)

    button.click(check, None, health, **widgets.QUIET)


def build_settings_tab(chat: Chat, sessions: Sessions, tab: "gr.Tab") -> None:
    """Builds the controls for the model, its limits and its judge; to be called within the tab."""
    import gradio as gr

    offered = OfferedSettings(chat.assistant)
    now = offered.default
    with gr.Column(elem_id="settings"):
        widgets.note("These settings apply to this browser tab only, until you close or reload it.")
        known = [(now.llm, now.llm)]
        model = gr.Dropdown(known, value=now.llm, label="Answering model", filterable=False, elem_id="model")
        k = gr.Slider(
            _LEAST_PAPERS, _MOST_PAPERS, value=now.k, step=1, label="Papers that an answer may draw on", elem_id="k"
        )
        confidence = gr.Slider(
            0, 1, value=now.min_confidence, step=0.05, label="Confidence required to answer", elem_id="confidence"
        )
        judge = gr.Radio(
            offered.judges(), value=now.judge, label="What checks the sentences of a model", elem_id="judge"
        )
        message = widgets.block("", "settings-message")

    def change(llm: str, papers: float, least: float, chosen_judge: str, request: gr.Request) -> str:
        session = sessions.of(request.session_hash)
        try:
            offered.apply(session, SessionSettings(llm, int(papers), chosen_judge, float(least)))
        except AssistantError as error:
            return failure(error)
        return status(f"From your next question on: {describe_model(session.assistant.model)}.")

    inputs: list[Any] = [model, k, confidence, judge]
    events = [model.input, k.release, confidence.release, judge.input]
    gr.on(events, change, inputs, message, **widgets.NOW)
    tab.select(lambda: gr.update(choices=offered.models()), None, model, **widgets.QUIET)
