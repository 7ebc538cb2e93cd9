"""The dialects of the OpenAI protocol that hosted models and their proxies speak, each with what a reader gets from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant import Assistant
from eval.dialect_server import Dialect, Error, speak


def _fastapi_error(name: str) -> Error:
    return 422, {
        "detail": [{"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted"}]
    }


def _plain_error(name: str) -> Error:
    return 400, {"error": f"{name} is not supported"}


def _listed_error(name: str) -> Error:
    role = "Developer instruction is not enabled for models/small-1" if name == "system" else f"Unknown name “{name}”"
    return 400, [{"error": {"code": 400, "message": role, "status": "INVALID_ARGUMENT"}}]


def _mute_error(name: str) -> Error:
    return 400, {"error": {"message": "Bad request"}}


def _template_error(name: str) -> Error:
    return 500 if name != "system" else 400, {"object": "error", "message": "System role not supported", "code": 400}


_FILTERED = {
    "error": {
        "message": "The response was filtered due to the prompt triggering the content management policy.",
        "code": "content_filter",
        "status": 400,
        "innererror": {"code": "ResponsibleAIPolicyViolation"},
    }
}


def _value_error(name: str) -> Error:
    subject = "'messages[0].role' does not support 'system'" if name == "system" else f"'{name}' is not supported"
    parameter = "messages[0].role" if name == "system" else name
    return 400, {"error": {"message": f"Unsupported value: {subject} with this model.", "param": parameter}}


def _proxy_error(name: str) -> Error:
    return 400, {
        "error": {"message": f"this model does not support parameters: ['{name}']", "param": "None", "code": "400"}
    }


def _deserializing_error(name: str) -> Error:
    return 422, f"Failed to deserialize the JSON body into the target type: unknown field `{name}` at line 1"


def _crash(name: str) -> Error:
    return 500, {"error": {"message": f"{name} has to be a strictly positive float, but is 0.0"}}


ANSWERING: dict[str, Dialect] = {
    "thinks in a field, and renamed the limit": Dialect(
        ("max_tokens", "temperature", "seed"), thinks="reasoning_content", room=1100
    ),
    "thinks in another field": Dialect(thinks="reasoning"),
    "thinks in parts of the content": Dialect(thinks="parts"),
    "thinks in the text": Dialect(thinks="tags"),
    "thinks in the text, opened by its template": Dialect(thinks="unopened"),
    "thinks in the text, does not stream": Dialect(thinks="tags", streams=False),
    "no system role": Dialect(("system",), error=_template_error),
    "no system role, errors in a list": Dialect(("system",), error=_listed_error),
    "no temperature, no seed": Dialect(("temperature", "seed")),
    "unknown options are errors of FastAPI": Dialect(("seed", "stream_options"), error=_fastapi_error),
    "refuses options without naming them": Dialect(("seed", "stream_options"), error=_mute_error),
    "refuses role, temperature and limit one by one": Dialect(
        ("system", "temperature", "max_tokens"), error=_value_error
    ),
    "a proxy that names the parameter in its text": Dialect(("temperature",), error=_proxy_error),
    "an error in plain text": Dialect(("stream_options",), error=_deserializing_error),
    "crashes at a temperature of 0": Dialect(("temperature",), error=_crash),
    "roles must alternate": Dialect(
        ("system",), error=lambda _: (400, {"message": "Conversation roles must alternate"})
    ),
    "takes no limit of the reply": Dialect(("max_tokens", "max_completion_tokens"), error=_plain_error),
    "may not stream": Dialect(("stream",), error=_plain_error),
    "does not stream": Dialect(streams=False),
    "never counts tokens": Dialect(usage="never"),
    "counts tokens in each chunk": Dialect(usage="each"),
    "answers in a call of a tool": Dialect(calls="answer"),
}
"""Those that end in a cited answer."""

STRUCTURED: dict[str, Dialect] = {
    "obeys the schema": Dialect(),
    "takes JSON without a schema": Dialect(
        ("json_schema",), error=lambda _: _plain_error("response_format json_schema")
    ),
    "takes no response format": Dialect(("response_format",), schema="ignores"),
    "ignores the schema": Dialect(schema="ignores"),
    "puts JSON into a fence": Dialect(schema="fences"),
    "thinks before the JSON": Dialect(thinks="tags"),
    "calls a tool with the JSON": Dialect(calls="answer"),
}
"""Those that end in a cited answer when it is asked for in a schema."""

REFUSING: dict[str, tuple[Dialect, str]] = {
    "thinks until its tokens are used up": (Dialect(thinks="unclosed"), "used up its tokens thinking"),
    "a filter refuses the prompt": (Dialect(always=(400, _FILTERED)), "content filter"),
    "a filter cuts the answer off": (Dialect(finish="content_filter"), "content filter"),
    "the model declines in a field": (Dialect(refusal="I’m sorry, I can’t assist with that."), "can’t assist"),
    "a moderated proxy": (
        Dialect(
            always=(403, {"error": {"code": 403, "message": "Your chosen model requires moderation", "metadata": {}}})
        ),
        "requires moderation",
    ),
    "a prompt that is too long": (
        Dialect(always=(422, {"error": "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000"})),
        "ASSISTANT_LLM_CONTEXT",
    ),
    "no body at all": (Dialect(always=(400, "")), "Bad Request"),
    "only the Responses API": (
        Dialect(always=(404, {"error": {"message": "This model is only supported in v1/responses", "code": None}})),
        "Responses API",
    ),
    "a web page": (
        Dialect(always=(502, "<!doctype html><html><title>502 Bad Gateway</title><body>x</body></html>")),
        "502 Bad Gateway",
    ),
    "an error in plain words": (Dialect(always=(400, {"detail": "model is warming up"})), "model is warming up"),
    "no credit": (
        Dialect(always=(429, {"error": {"message": "You exceeded your quota", "code": "insufficient_quota"}})),
        "no credit",
    ),
}
"""Those that end in one line, with what that line says."""

_QUESTION = "How many trainable parameters were enough to bring RoBERTa to 90% of its full performance on MRPC?"
_REPLY = "Optimizing just 200 trainable parameters lets RoBERTa reach 90% of its fully tuned performance on MRPC [1]."


def report(assistant: Assistant) -> Iterator[str]:
    """A Markdown table of all dialects, asked twice; the assistant's library holds the sample."""
    yield from ("| dialect | requests, then again | shown | note |", "|---|---|---|---|")
    for name, dialect in ANSWERING.items():
        yield _row(name, dialect, assistant, llm_citing="inline")
    for name, dialect in STRUCTURED.items():
        yield _row(f"in a schema: {name}", dialect, assistant, llm_citing="select")
    for name, (dialect, _) in REFUSING.items():
        yield _row(name, dialect, assistant, llm_citing="inline")


def _row(name: str, dialect: Dialect, assistant: Assistant, **values: Any) -> str:
    with speak(dialect, _REPLY) as server:
        view = assistant.using(llm=server.spec, cache=False, **values)
        answer = view.ask(_QUESTION)
        first = len(server.requests)
        view.ask(_QUESTION)
    quotes = sum(any(s.text in c.quote for c in answer.citations) for s in answer.sentences)
    shown = f"{quotes} quotes" if quotes == len(answer.sentences) else f"{len(answer.sentences)} of the model"
    note = answer.notes[0].replace(server.spec, "MODEL") if answer.notes else ""
    return f"| {name} | {first}, {len(server.requests) - first} | {shown} | {note} |"
