"""Measures how questions in other spellings are answered: `python -m eval.spelling`.

Slips of the keyboard and letter case are put into questions about papers of the bundled sample, and each is compared with
the question as it was. `spelling.jsonl` holds small invented abstracts with questions that spell Greek letters, units,
accents and compounds otherwise.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from assistant import Answer, Assistant, Settings
from eval.questions import load

CASES = Path(__file__).parent / "spelling.jsonl"
_TITLES, _SLIPS = 25, 2
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TEMPLATES = ("What is {} about?", "What does {} propose?", "How does {} work?", "What are the results of {}?")


def misspelt(text: str, slips: int, rng: random.Random) -> str:
    """The text with a letter changed, left out, put in or swapped with the next one, each in another word if it can be."""
    words = text.split(" ")
    places = [i for i, w in enumerate(words) if sum(c.isalpha() for c in w) > 3] or list(range(len(words)))
    chosen = rng.sample(places, min(slips, len(places)))
    for i in (chosen * slips)[:slips]:
        words[i] = _slip(words[i], rng)
    return " ".join(words)


def _slip(word: str, rng: random.Random) -> str:
    at = rng.choice([i for i, c in enumerate(word) if c.isalpha()] or [0])
    letter = rng.choice(_LETTERS.replace(word[at].lower(), ""))
    kinds: tuple[Callable[[], str], ...] = (
        lambda: word[:at] + letter + word[at + 1 :],
        lambda: word[:at] + word[at + 1 :],
        lambda: word[:at] + letter + word[at:],
        lambda: word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :],
    )
    return rng.choice(kinds)()


def _same(one: Answer, other: Answer) -> bool:
    """Whether both are answered, and from the same paper first."""
    first = [a.citations[0].paper_id if a.citations else "" for a in (one, other)]
    return one.status == other.status == "answered" and first[0] == first[1]


def of_titles(assistant: Assistant, seed: int) -> tuple[int, int]:
    """Titles with two slips whose question is answered as without them, of those that are answered without them."""
    rng = random.Random(seed)  # noqa: S311 - the same in every run
    titles = [p.title for p in assistant.papers() if len(p.title.split()) > 1]
    right = asked = 0
    for i, title in enumerate(rng.sample(titles, _TITLES)):
        question = _TEMPLATES[i % len(_TEMPLATES)]
        clean = assistant.ask(question.format(title))
        if clean.status == "answered":
            asked += 1
            right += _same(clean, assistant.ask(question.format(misspelt(title, _SLIPS, rng))))
    return right, asked


def of_case(assistant: Assistant, change: Callable[[str], str]) -> tuple[int, int]:
    """Questions of the evaluation that are answered in another letter case as they were, of those that are answered."""
    right = asked = 0
    for question in load():
        if question.answerable and not question.history:
            clean = assistant.ask(question.question)
            if clean.status == "answered":
                asked += 1
                right += _same(clean, assistant.ask(change(question.question)))
    return right, asked


def of_spellings(folder: Path) -> Iterator[tuple[str, str, bool]]:
    """(kind, question, whether it is answered with what the abstract says) of each question in `spelling.jsonl`."""
    rows = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    papers = folder / "papers.jsonl"
    papers.write_text(
        "".join(json.dumps({k: r[k] for k in ("title", "abstract")}) + "\n" for r in rows), encoding="utf-8"
    )
    with Assistant(Settings(home=folder / "home", llm="quotes", log_answers=False, cache=False)) as assistant:
        assistant.add([papers])
        for row in rows:
            for question in row["questions"]:
                answer = assistant.ask(question)
                title = answer.citations[0].title if answer.citations else ""
                right = answer.status == "answered" and title == row["title"]
                yield row["kind"], question, right and re.search(re.escape(row["says"]), answer.text) is not None


def _print(kind: str, found: tuple[int, int]) -> None:
    print(f"{kind}: {found[0]} of {found[1]}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the share that is answered as without the other spelling, kind by kind."""
    parser = argparse.ArgumentParser(prog="python -m eval.spelling", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], help="seeds of the slips in titles")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        with Assistant(
            Settings(home=Path(folder) / "sample", llm="quotes", log_answers=False, cache=False)
        ) as assistant:
            assistant.add()
            for seed in options.seeds:
                _print(f"titles with two slips, seed {seed}", of_titles(assistant, seed))
            _print("UPPER CASE", of_case(assistant, str.upper))
            _print("lower case", of_case(assistant, str.lower))
        found = list(of_spellings(Path(folder)))
    for kind in dict.fromkeys(kind for kind, _, _ in found):
        print(f"{kind}: {sum(right for k, _, right in found if k == kind)} of {sum(k == kind for k, _, _ in found)}")
    for _, question, right in found:
        if not right:
            print(f"  not answered: {question}")


if __name__ == "__main__":
    main()
