"""A real, weak model, run by llama.cpp in this process: everything works with it, and nothing unproven is shown."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from invariants import check_answer
from smollm import smollm_file

from assistant import Assistant, Settings
from assistant.llm import LanguageModel, gguf, parse_spec
from assistant.llm.cpu import usable_cores
from assistant.types import Usage

QUESTION = "How much does TideNet lower the speed error?"

pytestmark = pytest.mark.llm


@pytest.fixture(scope="module")
def spec() -> Iterator[str]:
    yield f"gguf:{smollm_file()}"
    gguf.stop()


def ask(home: Path, spec: str, question: str, **values: Any) -> None:
    with Assistant(Settings(home=home, llm=spec, llm_max_tokens=160, cache=False, **values)) as assistant:
        answer = assistant.ask(question)
        check_answer(answer, assistant)
        refused = answer.status == "abstained" and not answer.notes  # before the model was asked
        assert answer.usage.completion_tokens > 0 or refused, f"the model was not reached: {answer.notes}"


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Usage]]:
    """Collects the tokens of each request, as the server counts them."""
    requests: list[Usage] = []
    stream = LanguageModel.stream

    def noted(*args: Any, **options: Any) -> Iterator[Any]:
        for piece in stream(*args, **options):
            if isinstance(piece, Usage):
                requests.append(piece)
            yield piece

    with monkeypatch.context() as patch:
        patch.setattr(LanguageModel, "stream", noted)
        yield requests


@pytest.mark.parametrize(
    "question",
    [
        QUESTION,
        "How many labelled tiles was BarleyCount trained on?",
        "What does OwlRoute do?",
        "Which error rate does NoteHound reach?",
        "What optimizer does TideNet use?",
    ],
)
def test_a_weak_model_shows_nothing_unproven(library_home: Path, spec: str, question: str) -> None:
    ask(library_home, spec, question, llm_citing="inline")


@pytest.mark.parametrize("question", [QUESTION, "How many labelled tiles was BarleyCount trained on?"])
def test_a_weak_model_bound_to_choose(library_home: Path, spec: str, question: str) -> None:
    ask(library_home, spec, question, llm_citing="select")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("form", ["inline", "select"])
def test_what_was_read_for_an_answer_is_not_read_again(
    library_home: Path, spec: str, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judging and second versions continue the conversation of the draft; llama.cpp counts what it has to read."""
    patient = {"llm_timeout": 800.0, "llm_first_token": 400.0, "llm_silence": 200.0}  # where other work takes the cores
    settings = Settings(
        home=library_home, llm=spec, llm_citing=form, llm_max_tokens=80, k=3, judge="llm", cache=False, **patient
    )
    questions = ["What do TideNet, OwlRoute and BarleyCount do?", QUESTION]
    several = 0
    with Assistant(settings) as assistant:
        for question in questions:
            with counted(monkeypatch) as requests:
                assistant.ask(question)
            assert 1 <= len(requests) <= 3
            several += len(requests) > 1
            assert sum(u.prompt_tokens - u.cached_tokens for u in requests) <= 1.3 * requests[0].prompt_tokens
    assert several or form == "select", "no answer needed a second request"


def test_which_form_suits_is_found_out_once(fresh_home: Path, spec: str) -> None:
    ask(fresh_home, spec, QUESTION)
    assert json.loads((fresh_home / "models.json").read_text()) == {
        f"gguf:{smollm_file().stem} {smollm_file().stat().st_size}": "select"
    }


def test_the_context_is_that_of_the_file_and_tokens_are_counted_by_it(library_home: Path, spec: str) -> None:
    model = LanguageModel(parse_spec(spec, library_home), Settings(home=library_home, llm_max_tokens=16))
    list(model.prepare(model.deadline()))
    assert model.context == 8192, "what SmolLM2 was trained with"
    usage = list(model.stream("You tell stories.", "The fox ran over the hill. " * 100 + "What did the fox do?"))[-1]
    assert 700 < usage.prompt_tokens < 800  # type: ignore[union-attr]  # the last item is the usage
    assert model.fits("word " * 7000)
    assert not model.fits("word " * 8200)


def test_a_reply_follows_a_schema(library_home: Path, spec: str) -> None:
    schema = {"type": "object", "properties": {"n": {"enum": [3, 7]}}, "required": ["n"], "additionalProperties": False}
    model = LanguageModel(parse_spec(spec, library_home), Settings(home=library_home, llm_max_tokens=30))
    reply = "".join(p for p in model.stream("Choose.", "Three or seven?", schema=schema) if isinstance(p, str))
    assert "".join(reply.split()) in ('{"n":3}', '{"n":7}')


def test_loopback_only_with_a_key_and_gone_when_stopped(library_home: Path, spec: str) -> None:
    with gguf.lease(smollm_file(), 8192, 1.0) as address:
        assert address.base_url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{address.base_url}/models").status_code == 401
        assert httpx.get(f"{address.base_url}/models", headers={"Authorization": f"Bearer {address.key}"}).is_success
    gguf.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address.base_url}/models")
    ask(library_home, spec, QUESTION, llm_citing="inline")  # and it comes back when it is needed


@pytest.mark.parametrize("content", [b"not a model", None])
def test_a_damaged_file_leaves_the_quotes(library_home: Path, spec: str, tmp_path: Path, content: bytes | None) -> None:
    damaged = tmp_path / "damaged.gguf"
    if content is None:
        shutil.copy(smollm_file(), damaged)
        with damaged.open("r+b") as file:
            file.truncate(5_000_000)
    else:
        damaged.write_bytes(content)
    with Assistant(Settings(home=library_home, llm=f"gguf:{damaged}")) as assistant:
        answer = assistant.ask(QUESTION)
    assert answer.sentences
    assert "download it again" in answer.notes[0]


@pytest.mark.parametrize(("quota", "cores"), [(None, 1), ("max 100000", 1), ("50000 100000", 1)])
def test_threads_that_share_a_core_count_once(tmp_path: Path, quota: str | None, cores: int) -> None:
    system(tmp_path, quota, "0-255\n")
    assert usable_cores(tmp_path) == cores


def test_a_container_may_compute_on_fewer_cores_than_there_are(tmp_path: Path) -> None:
    system(tmp_path, "100000 100000", "{}\n")
    assert usable_cores(tmp_path) == 1
    system(tmp_path, "max 100000", "{}\n")
    assert usable_cores(tmp_path) == len(os.sched_getaffinity(0))


def system(folder: Path, quota: str | None, siblings: str) -> None:
    """Describes the processors that this process runs on as Linux does."""
    for cpu in os.sched_getaffinity(0):
        file = folder / f"devices/system/cpu/cpu{cpu}/topology/thread_siblings_list"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(siblings.format(cpu))
    (folder / "fs/cgroup").mkdir(parents=True, exist_ok=True)
    if quota is not None:
        (folder / "fs/cgroup/cpu.max").write_text(f"{quota}\n")
