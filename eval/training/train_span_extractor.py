"""Trains `assistant/answerability/span_extractor.xml`, which points at the answer to a question, or at nothing.

    python -m eval.training.train_span_extractor --corpus FOLDER --out span_extractor.xml [--hold-out FILE] [--epochs 4]

The encoder is frozen, so its states are computed once and training takes about ten minutes per network on one core.
Questions about the papers listed in `--hold-out` (a JSON object or list of titles) are left out. The number of epochs
and the seed determine a run.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from assistant.answerability.encoder import EncodedText, Encoder
from assistant.answerability.model import QUESTION_TOKENS, SENTENCE_TOKENS, TITLE_TOKENS
from assistant.answerability.span_extractor import batch
from eval.training import span_extractor_network as network
from eval.training.examples import Group, Text, context, groups, load, places, read_corpus

ROWS, NEVER = 24, -1e4


@dataclass(frozen=True)
class Row:
    """A question against some sentences; `starts` and `ends` mark tokens of the paper (title first)."""

    parts: tuple[EncodedText, EncodedText, list[EncodedText]]
    starts: list[int]
    ends: list[int]
    answered: bool


class RowMaker:
    """Makes rows from groups."""

    def __init__(self, corpus: dict[str, Text], made: Sequence[Group], rng: random.Random) -> None:
        self._encoder = Encoder(cache_size=1_000_000)
        self._corpus, self._rng = corpus, rng
        self._titles = sorted({g.title for g in made})
        self._encoder.encode([(s, SENTENCE_TOKENS) for t in self._titles for s in corpus[t].sentences])
        self._encoder.encode([(q, QUESTION_TOKENS) for g in made for q in (g.question, g.unanswered, *g.swapped) if q])

    def rows(self, group: Group) -> list[Row]:
        """The answered question first, then similar questions that are not answered."""
        rng, text, question = self._rng, self._corpus[group.title], group.question
        gold = [j for j, found in enumerate(places(text, group.answer)) if found]
        if not gold:
            return []
        size = rng.choice((1, 2, 2, 3, 3, 5))
        others = context(text, f"{question} {group.unanswered or ''}", gold, size + 1, rng)
        shown = sorted(others[:size] + gold)
        rows = [self._row(question, text, shown, group.answer)]
        if group.unanswered:
            rows.append(self._row(group.unanswered, text, shown, None))
        if group.kind != "open" and len(gold) <= 2 and others and group.answer.lower() not in text.title.lower():
            rows.append(self._row(question, text, sorted(others), None))
        if group.swapped and rng.random() < 0.6:
            rows.append(self._row(rng.choice(group.swapped), text, shown, None))
        if rng.random() < (1.0 if group.kind == "open" else 0.15):
            other = self._corpus[rng.choice(self._titles)]
            if other.title != text.title:
                rows.append(self._row(question, other, sorted(context(other, question, [], size + 1, rng)), None))
        return rows

    def _row(self, question: str, text: Text, shown: Sequence[int], answer: str | None) -> Row:
        asked, title, *parts = self._encoder.encode(
            [
                (question, QUESTION_TOKENS),
                (text.title, TITLE_TOKENS),
                *((text.sentences[j], SENTENCE_TOKENS) for j in shown),
            ]
        )
        starts, ends = [0] * len(title.weights), [0] * len(title.weights)
        found = places(text, answer) if answer else [[] for _ in text.sentences]
        for j, part in zip(shown, parts, strict=True):
            base = len(starts) + 1
            starts += [0] * len(part.weights)
            ends += [0] * len(part.weights)
            for begin, end in found[j]:
                inside = [i for i, (x, y) in enumerate(part.offsets) if y > begin and x < end]
                if inside:
                    starts[base + inside[0]] = ends[base + inside[-1]] = 1
        return Row((asked, title, parts), starts, ends, answer is not None)


def batches(made: Sequence[list[Row]], rng: random.Random) -> Iterator[tuple[list[Row], list[int]]]:
    """Yields about `ROWS` rows of similar length, with the group of each; groups stay together."""
    packs: list[list[list[Row]]] = [[]]
    for rows in sorted((r for r in made if r), key=lambda r: max(len(x.starts) for x in r)):
        if sum(map(len, packs[-1])) + len(rows) > ROWS:
            packs.append([])
        packs[-1].append(rows)
    rng.shuffle(packs)
    for pack in packs:
        yield [r for group in pack for r in group], [i for i, group in enumerate(pack) for _ in group]


def loss_of(weights: network.Weights, rows: Sequence[Row], of: Sequence[int], drop: float) -> Tensor:
    """Sums the losses of where the answer starts and ends (or that there is none), of the margin within each group, and of
    the odds."""
    inputs = network.tensors(batch([r.parts for r in rows]))
    inside = inputs[-1].amax(2)
    logits = network.logits(weights, inputs, drop)
    odds = network.paper_odds(logits, inputs[-1])
    length = inside.shape[1]
    gold = torch.tensor(
        [
            [(not r.answered,) * 2, *zip(r.starts, r.ends, strict=True), *[(0, 0)] * (length - len(r.starts))]
            for r in rows
        ]
    ).bool()
    possible = F.pad(inside > 0, (1, 0), value=True)[..., None]
    likely = logits.masked_fill(~possible, NEVER).log_softmax(1)
    loss = -likely.masked_fill(~gold, NEVER).logsumexp(1).mean()
    first = {g: i for i, g in enumerate(of) if rows[i].answered}
    no = [i for i, r in enumerate(rows) if not r.answered]
    if no:
        loss = loss + F.softplus(1 - odds[[first[of[i]] for i in no]] + odds[no]).mean()
    answered = torch.tensor([float(r.answered) for r in rows])
    return loss + 0.3 * F.binary_cross_entropy_with_logits(odds, answered)


def train(corpus: dict[str, Text], made: list[Group], seed: int, options: argparse.Namespace) -> network.Weights:
    """Trains with AdamW; the learning rate rises over the first 600 rows and then falls to nearly zero."""
    torch.manual_seed(seed)
    rng = random.Random(seed)  # noqa: S311 - shuffles training data
    maker, weights = RowMaker(corpus, made, rng), network.initial(seed)
    values = [v.requires_grad_() for v in weights.values()]
    adam = torch.optim.AdamW(values, lr=options.rate, weight_decay=options.decay)
    seen = 0
    for epoch in range(options.epochs):
        rng.shuffle(made)
        losses: list[float] = []
        for at in range(0, len(made), 128):
            for rows, of in batches([maker.rows(g) for g in made[at : at + 128]], rng):
                done = (epoch + at / len(made)) / options.epochs
                adam.param_groups[0]["lr"] = options.rate * min(1.0, seen / 600) * (1 - done) + 1e-6
                adam.zero_grad()
                loss = loss_of(weights, rows, of, options.drop)
                loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
                torch.nn.utils.clip_grad_norm_(values, 1.0)
                adam.step()
                losses.append(float(loss.detach()))
                seen += len(rows)
        print(f"epoch {epoch + 1} of {options.epochs}: loss {sum(losses) / len(losses):.3f}, {seen} rows", flush=True)
    return {k: v.detach() for k, v in weights.items()}


def main() -> None:
    """Reads the options, trains, writes the networks."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--hold-out", type=Path)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--decay", type=float, default=0.02)
    parser.add_argument("--drop", type=float, default=0.25)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1], help="one network per seed")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    corpus = read_corpus(options.corpus)
    held_out = set(json.loads(options.hold_out.read_text(encoding="utf-8"))) if options.hold_out else set()
    wanted = {row["title"] for row in load("items")} - held_out
    trained = []
    for seed in options.seeds:
        made = groups(corpus, wanted, random.Random(seed))  # noqa: S311 - shuffles training data
        print(f"seed {seed}: {len(made)} groups over {len(wanted & corpus.keys())} papers", flush=True)
        trained.append(train(corpus, made, seed, options))
    network.export(trained, options.out)


if __name__ == "__main__":
    main()
