"""Shared fixtures: a small library of invented papers, made once, with the real encoder and the real indexes."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.llm import retry

pytest_plugins = ["browser", "chroma_run", "scripted_model"]

# A shell starts jobs in the background with Ctrl-C ignored, and so would every command that a test starts and stops.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"

PAPERS = [
    {
        "title": "TideNet: Forecasting Harbour Currents from Buoy Records",
        "year": 2021,
        "abstract": (
            "Harbour pilots need current forecasts hours ahead, yet most ports own only a few buoys. We present TideNet, "
            "a recurrent network that reads eleven years of buoy records and tide tables. TideNet lowers the mean speed "
            "error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours. It trains in 40 minutes on a single laptop "
            "and needs no bathymetry. An ablation shows that the tide tables matter more than the wind."
        ),
    },
    {
        "title": "Counting Barley Ears with Kite Photographs",
        "year": 2019,
        "abstract": (
            "Drones are banned near many farms, so we photograph fields from kites. Our pipeline, BarleyCount, tiles each "
            "picture and counts ears with a small convolutional network trained on 3,400 labelled tiles. On twelve fields "
            "in Scania the count is within 6.5% of hand counts. BarleyCount outperforms the drone baseline of Lindqvist "
            "on windy days. Labels were made by two agronomists."
        ),
    },
    {
        "title": "Quill: A Tokenizer for Medieval Latin Charters",
        "year": 2023,
        "abstract": (
            "Scribes abbreviate freely, and modern tokenizers split their signs at random. Quill learns to merge "
            "abbreviation signs with the word that they belong to from 9,200 transcribed charters. Part-of-speech "
            "accuracy rises from 81.3% to 88.9% on the Cluny test set. Quill is released with its lexicon of 1,150 signs."
        ),
    },
    {
        "title": "Do Language Models Know When Bread Is Done?",
        "year": None,
        "abstract": (
            "We ask four language models to judge the doneness of bread from written descriptions by bakers. The models "
            "agree with the bakers in 58% of cases, no better than a rule on crust colour. Asking for the sound of the "
            "loaf helps little. We conclude that text alone does not carry what bakers know."
        ),
    },
    {
        "title": "Learning to Route Night Buses under Sparse Demand",
        "year": 2022,
        "abstract": (
            "Night buses run nearly empty on fixed lines. We propose OwlRoute, which plans stops on request with a graph "
            "policy trained by reinforcement learning in a simulator of Tampere. Waiting times drop by 31% while the "
            "fleet shrinks from 14 to 9 vehicles. The policy transfers to Turku without retraining."
        ),
    },
    {
        "title": "A Benchmark of Sheet Music Readers for Accordion Scores",
        "year": 2020,
        "abstract": (
            "Optical music recognition is measured on piano scores almost alone. We collect AccordBench, 640 accordion "
            "pages with bass notation, and run five readers on it. The best reader, NoteHound, reaches an error rate of "
            "12.4%, three times its error on piano pages. Bass buttons cause most mistakes."
        ),
    },
]


def write_papers(path: Path, papers: list[dict[str, object]] | None = None) -> Path:
    """The papers as JSON lines."""
    path.write_text("".join(json.dumps(p) + "\n" for p in (papers or PAPERS)), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the developer's environment nor a .env in the working folder decides what a test sees."""
    for name in [n for n in os.environ if n.startswith("ASSISTANT_")] + ["OPENAI_API_KEY", "OPENAI_BASE_URL"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A model's server is asked again as often as ever, only sooner; test_retry_policy.py is about the pauses."""
    monkeypatch.setattr(retry, "POLICY", replace(retry.POLICY, first_pause=0.02))


@pytest.fixture(scope="session")
def untouched_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of PAPERS that no test opens; they have copies."""
    home = tmp_path_factory.mktemp("library")
    source = write_papers(tmp_path_factory.mktemp("source") / "papers.jsonl")
    with Assistant(Settings(home=home, llm="quotes")) as assistant:
        assistant.add([source])
    return home


@pytest.fixture(scope="session")
def library_home(untouched_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that tests share: its papers stay as they are, answers may gather in it."""
    return Path(shutil.copytree(untouched_home, tmp_path_factory.mktemp("shared") / "home"))


@pytest.fixture
def fresh_home(untouched_home: Path, tmp_path: Path) -> Path:
    """A copy that the test may change as it likes."""
    return Path(shutil.copytree(untouched_home, tmp_path / "home"))


@pytest.fixture(scope="session")
def assistant(library_home: Path) -> Iterator[Assistant]:
    """Answers with quotes from PAPERS; for tests that only read."""
    with Assistant(Settings(home=library_home, llm="quotes", log_answers=False, cache=False)) as opened:
        yield opened


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Answers with quotes from the bundled sample; for tests that only read."""
    settings = Settings(home=tmp_path_factory.mktemp("sample") / "home", llm="quotes", log_answers=False, cache=False)
    with Assistant(settings) as opened:
        opened.add()
        yield opened


@pytest.fixture
def fresh(fresh_home: Path) -> Iterator[Assistant]:
    """Answers with quotes from a library of its own, in which answers are logged."""
    with Assistant(Settings(home=fresh_home, llm="quotes")) as opened:
        yield opened


def paper_id(assistant: Assistant, word: str) -> str:
    """The id of the paper with this word in its title."""
    return next(p.paper_id for p in assistant.papers() if word in p.title)
