"""Groups the written questions into training examples, and derives further ones by rule.

A group is one question that its abstract answers, with counterexamples: the paired question that it does not answer, the
same question without the sentence that answers it, the question with another requested attribute, and the question with
another abstract.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant import documents
from assistant.answerability import word_features
from assistant.text import sentences
from assistant.types import Paper

HERE = Path(__file__).parent

_NAMED = (
    "How does {} work?", "What is {}?", "What does {} propose?", "What is {} about?", "What is the main idea of {}?",
    "Explain {}.", "Tell me about {}", "what problem does {} solve?", "How does {} do it", "summarise {}",
    "What are the main findings of {}?", "Describe the approach of {}", "give me an overview of {}",
)  # fmt: skip
_TOPIC = (
    "What does the paper on {} propose?", "What is known about {}?", "{}", "how does {} work",
    "Which paper deals with {}?", "is there work on {}?", "What are the findings on {}?",
    "What approach is taken to {}?", "papers about {}", "What do the authors say about {}?",
)  # fmt: skip
_PROPOSES = re.compile(
    r"\b(we (?:\w+ )?(?:propose|present|introduce|develop|show|find|study|investigate|design|explore|demonstrate|describe)|"
    r"this (?:paper|work|study|article|survey|thesis) |in this (?:paper|work|study|article)|called|termed|dubbed|named)",
    re.IGNORECASE,
)
_NAME = r"[A-Z][A-Za-z0-9-]*[A-Z][A-Za-z0-9-]*"


@dataclass(frozen=True)
class Text:
    """An abstract as the answerability model sees it."""

    title: str
    abstract: str
    sentences: tuple[str, ...]
    terms: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Group:
    """A question that `title` answers in `answer`, and questions that it does not answer."""

    kind: str
    title: str
    question: str
    answer: str
    unanswered: str | None = None
    swapped: tuple[str, ...] = field(default=())


def load(name: str) -> list[dict[str, Any]]:
    """The rows of `items` or `pairs`."""
    with (HERE / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_corpus(folder: Path) -> dict[str, Text]:
    """Maps the title of every paper in `folder` to its abstract, the longest among duplicates."""
    found: dict[str, str] = {}
    for paper in documents.read([folder]):
        if isinstance(paper, Paper) and len(paper.abstract) > len(found.get(paper.title, "")):
            found[paper.title] = paper.abstract
    return {title: text_of(title, abstract) for title, abstract in found.items()}


def text_of(title: str, abstract: str) -> Text:
    """Splits one abstract into sentences with their terms."""
    parts = tuple(abstract[s.start : s.end] for s in sentences.split(abstract))
    return Text(title, abstract, parts, tuple(frozenset(word_features.weighted_terms(p)) for p in parts))


def places(text: Text, answer: str) -> list[list[tuple[int, int]]]:
    """For every sentence, the character ranges in which `answer` occurs."""
    exact = re.compile(r"(?<!\w)" + re.escape(answer) + r"(?!\w)", re.IGNORECASE)
    loose = re.compile(re.escape(answer), re.IGNORECASE)
    found = [[m.span() for m in exact.finditer(s)] for s in text.sentences]
    return found if any(found) else [[m.span() for m in loose.finditer(s)] for s in text.sentences]


def groups(corpus: dict[str, Text], titles: Iterable[str], rng: random.Random) -> list[Group]:
    """All groups over `titles`."""
    wanted = sorted(t for t in set(titles) if t in corpus)
    titled = set(wanted)
    paired = [r for r in load("pairs") if r["title"] in titled]
    loose = [r for r in load("items") if r["title"] in titled and r["kind"] == "question"]
    out = _swapped(_groups("pair", paired, "pair"), corpus, rng) + _groups("loose", loose, "title")
    return out + [g for t in wanted for g in _open_questions(corpus[t], rng)]


def _groups(kind: str, rows: list[dict[str, Any]], key: str) -> list[Group]:
    together: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for row in rows:
        together.setdefault(row[key], {"answerable": [], "not_stated": []})[row["label"]].append(row)
    return [
        Group(kind, yes["title"], yes["text"], yes["answer"], no["text"])
        for both in together.values()
        for yes, no in zip(both["answerable"], both["not_stated"], strict=False)
    ]


def _swapped(pairs: list[Group], corpus: dict[str, Text], rng: random.Random) -> list[Group]:
    """Adds to each pair the answered question with an attribute that another paper's answered question asks for.

    Attributes that are answered elsewhere keep the network from learning that some attributes are never stated.
    """
    cut = {g.question: _difference(g.question, g.unanswered or "") for g in pairs}
    pool: dict[str, list[tuple[list[str], str]]] = {}
    for g in pairs:
        before, attribute, _ = cut[g.question]
        if before and 1 <= len(attribute) <= 4:
            pool.setdefault(before[-1].lower(), []).append((attribute, g.title))
    out = []
    for g in pairs:
        before, attribute, after = cut[g.question]
        made = []
        for other, title in rng.choices(pool.get(before[-1].lower() if before else "", []) or [([], g.title)], k=16):
            here = frozenset().union(*corpus[g.title].terms)
            new = set(word_features.weighted_terms(" ".join(other))) - here
            if new and title != g.title and attribute and other[-1][-1:] == attribute[-1][-1:]:
                made.append(" ".join([*before, *other, *after]))
        out.append(Group(g.kind, g.title, g.question, g.answer, g.unanswered, tuple(made[:4])))
    return out


def _difference(a: str, b: str) -> tuple[list[str], list[str], list[str]]:
    """The common beginning, what only `a` has, and the common end, in words."""
    x, y = a.split(), b.split()
    i = 0
    while i < min(len(x), len(y)) and x[i] == y[i]:
        i += 1
    j = 0
    while j < min(len(x), len(y)) - i and x[-1 - j] == y[-1 - j]:
        j += 1
    return x[:i], x[i : len(x) - j], x[len(x) - j :]


def _open_questions(text: Text, rng: random.Random) -> list[Group]:
    """Open questions such as "How does X work?", which any abstract of the right paper answers."""
    if not text.sentences:
        return []
    title, whole = text.title, " ".join(text.sentences)
    head = re.match(r"^([A-Za-z0-9+\-. ^]{2,25}):\s+(.*)$", title)
    topic = head[2] if head else title
    name = head[1] if head and re.search(r"[A-Z].*[A-Z0-9]", head[1]) and len(head[1].split()) <= 3 else None
    if name is None:
        named = re.search(
            rf"\(({_NAME})\)|\b(?:called|dubbed|termed|named|propose|present|introduce) ({_NAME})\b", whole
        )
        name = (named[1] or named[2]) if named else None
    proposes = next((s for s in text.sentences if _PROPOSES.search(s)), None) or _closest(title, text)
    lowered = topic if rng.random() < 0.4 else topic[:1].lower() + topic[1:]
    out = [Group("open", title, rng.choice(_TOPIC).format(lowered.rstrip("?.")), _closest(topic, text))]
    if name:
        out.append(Group("open", title, rng.choice(_NAMED).format(name), proposes))
    return out


def _closest(query: str, text: Text) -> str:
    asked = word_features.weighted_terms(query)
    covered = [word_features.coverage(asked, t) for t in text.terms]
    return text.sentences[covered.index(max(covered))]


def context(text: Text, question: str, exclude: Sequence[int], size: int, rng: random.Random) -> list[int]:
    """The `size` sentences that cover most of the question, somewhat randomised, without `exclude`."""
    asked = word_features.weighted_terms(question)
    rest = [j for j in range(len(text.sentences)) if j not in set(exclude)]
    rest.sort(key=lambda j: -word_features.coverage(asked, text.terms[j]) - 0.3 * rng.random())
    return rest[:size]
