"""Trains `assistant/injections/injections.safetensors`, which tells planted sentences from a paper's own.

    python -m eval.training.train_injections --shared FOLDER --out FILE [--without WRITER ...]

It learns from `injections.jsonl`, 8,845 rows by thirteen writers, and from the sentences of abstracts, none of which is planted:
the bundled sample's, PubMedQA's, and those of the papers of the corpus that other supervision is about. It reports on the
writers left out, on the two of `eval/injections.jsonl`, and on the papers of the corpus that nothing is learnt from.
Epochs and a seed bound it, never the clock.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.documents import read
from assistant.embeddings import minilm
from assistant.injections.network import MAX_TOKENS
from assistant.injections.revealed import revealed
from assistant.text import sentences
from assistant.text.words import squeeze
from assistant.types import Paper
from eval import statistics
from eval.training import packing
from eval.training.injection_network import InjectionNetwork

HERE = Path(__file__).parent
SUITE = HERE.parent / "injections.jsonl"
EPOCHS, ROWS, RATE, WARM_UP, DROPOUT, SMOOTHING = 4, 32, 1e-4, 60, 0.1, 0.02
ABSTRACTS_WEIGHT, PARTS_WEIGHT = 0.5, 0.6
PUBMED = 4_000
"""Sentences of PubMedQA's abstracts."""
Row = dict[str, Any]


class Example(NamedTuple):
    """A text, whether it is planted, and what it counts; `row` numbers the planted texts of several sentences."""

    ids: list[int]
    planted: bool
    weight: float
    row: int = -1


def written(without: Sequence[int]) -> tuple[list[Row], list[Row]]:
    """The rows to learn from, and those of the writers left out."""
    rows = [json.loads(line) for line in (HERE / "injections.jsonl").read_text(encoding="utf-8").splitlines()]
    return [r for r in rows if r["writer"] not in without], [r for r in rows if r["writer"] in without]


def parts(text: str) -> list[str]:
    """The sentences of a text."""
    return [text[s.start : s.end] for s in sentences.split(text)]


class Abstracts:
    """Sentences of real abstracts."""

    def __init__(self, shared: Path) -> None:
        sample = [
            json.loads(x) for x in (HERE.parents[1] / "assistant/sample.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        taught = {
            squeeze(json.loads(line)["title"])
            for file in ("items.jsonl", "by_hand/items.jsonl")
            for line in (shared / "training" / file).read_text(encoding="utf-8").splitlines()
        }
        corpus = [p for p in read(sorted((shared / "corpus").iterdir())) if isinstance(p, Paper)]
        pubmed = (shared / "bench/beir/pubmedqa/corpus.jsonl").read_text(encoding="utf-8").splitlines()
        medical = [s for line in pubmed for s in parts(json.loads(line)["text"])]
        random.Random(0).shuffle(medical)  # noqa: S311 - a choice that must be the same each time
        self.learnt = [s for p in sample for s in parts(p["abstract"])] + medical[:PUBMED]
        self.learnt += [s for p in corpus if squeeze(p.title) in taught for s in parts(p.abstract)]
        self.unseen = [s for p in corpus if squeeze(p.title) not in taught for s in parts(p.abstract)]


def examples(rows: Sequence[Row], abstracts: Sequence[str]) -> list[Example]:
    """What is learnt from. A text of several sentences counts as a whole and in parts, as sentences are read later."""
    found: list[tuple[str, bool, float, int]] = [(s, False, ABSTRACTS_WEIGHT, -1) for s in abstracts]
    for number, row in enumerate(rows):
        split = parts(row["text"])
        found.append((row["text"], row["planted"], 1.0 if len(split) < 2 else PARTS_WEIGHT, -1))
        if len(split) > 1:
            found += [(s, row["planted"], PARTS_WEIGHT, number if row["planted"] else -1) for s in split]
    ids = tokenized([text for text, *_ in found])
    return [Example(i, planted, weight, row) for i, (_, planted, weight, row) in zip(ids, found, strict=True)]


def tokenized(texts: Sequence[str]) -> list[list[int]]:
    """As the product does it."""
    return [t.ids for t in minilm.tokenize([revealed(t) for t in texts], [MAX_TOKENS] * len(texts))]


def train(network: InjectionNetwork, given: Sequence[Example], epochs: int, seed: int) -> None:
    """Of a planted text of several sentences, those count as planted that the network already takes for it; the first epoch
    leaves them out, and so teaches it what is planted from whole texts."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.01)
    chosen = random.Random(seed)  # noqa: S311 - a choice that must be the same each time
    done, total = 0, epochs * -(-len(given) // ROWS)
    for epoch in range(epochs):
        used = [e for e in given if e.row < 0] + (planted_parts(network, given) if epoch else [])
        losses = []
        for batch in batches(used, chosen):
            optimiser.param_groups[0]["lr"] = RATE * min(1.0, (done + 1) / WARM_UP) * max(0.02, 1 - done / total)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                odds = network(padded([e.ids for e in batch]), DROPOUT)
            wanted = torch.tensor([e.planted * (1 - 2 * SMOOTHING) + SMOOTHING for e in batch])
            each = F.binary_cross_entropy_with_logits(odds, wanted, reduction="none")
            loss = (each * torch.tensor([e.weight for e in batch])).mean()
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.item())
            done += 1
        print(f"epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.3f}", flush=True)


def planted_parts(network: InjectionNetwork, given: Sequence[Example]) -> list[Example]:
    """The sentences of planted texts that look planted, and the one of each that does so most."""
    split = [e for e in given if e.row >= 0]
    found = scores(network, [e.ids for e in split])
    best: dict[int, float] = {}
    for e, score in zip(split, found, strict=True):
        best[e.row] = max(best.get(e.row, -np.inf), score)
    return [e for e, score in zip(split, found, strict=True) if score > 0 or score == best[e.row]]


def batches(given: Sequence[Example], chosen: random.Random) -> Iterator[list[Example]]:
    """Batches of texts of similar length, in random order."""
    ordered = sorted(given, key=lambda e: (len(e.ids) // 16, chosen.random()))
    packs = [list(ordered[at : at + ROWS]) for at in range(0, len(ordered), ROWS)]
    chosen.shuffle(packs)
    yield from packs


def padded(ids: Sequence[Sequence[int]]) -> Tensor:
    """Shape (rows, tokens), filled up with 0 to a multiple of 16, since each new shape compiles kernels."""
    width = -(-max(map(len, ids)) // 16) * 16
    return torch.tensor([[*row, *[0] * (width - len(row))] for row in ids])


def scores(network: InjectionNetwork, ids: Sequence[Sequence[int]]) -> npt.NDArray[np.float64]:
    """The log odds of texts."""
    found = np.zeros(len(ids))
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), 64):
            rows = order[at : at + 64]
            found[rows] = network(padded([ids[i] for i in rows])).numpy()
    return found


def report(network: InjectionNetwork, rows: Sequence[Row], unseen: Sequence[str]) -> Iterator[str]:
    """By writer: AUROC, and what each threshold misses and accuses; a text is planted if one of its sentences is."""

    def highest(row: Row) -> float:
        return float(scores(network, tokenized(parts(row["text"]) or [row["text"]])).max())

    plain = scores(network, tokenized(unseen))
    for writer in sorted({r["writer"] for r in rows}):
        own = [r for r in rows if r["writer"] == writer]
        found, planted = np.array([highest(r) for r in own]), np.array([r["planted"] for r in own])
        yield f"writer {writer}: AUROC {statistics.auroc(found, planted):.4f}"
        for least in (-1, 0, 1, 2, 3):
            missed, accused = (found[planted] < least).mean(), (found[~planted] >= least).mean()
            yield f"  from {least}: missed {missed:.3f}, accused {accused:.3f}"
    for least in (-1, 0, 1, 2, 3):
        yield f"sentences of unseen abstracts accused from {least}: {(plain >= least).mean():.4f} of {len(plain)}"


def main() -> None:
    """Trains, saves and reports."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--without", type=int, nargs="*", default=[], help="writers to leave out")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    rows, left_out = written(args.without)
    abstracts = Abstracts(args.shared)
    network = InjectionNetwork()
    train(network, examples(rows, abstracts.learnt), args.epochs, args.seed)
    packing.save(network.tensors(), args.out)
    packing.load(network.tensors(), args.out)
    suite = [json.loads(line) for line in SUITE.read_text(encoding="utf-8").splitlines()] if SUITE.exists() else []
    for line in report(network, [*left_out, *suite], abstracts.unseen):
        print(line)


if __name__ == "__main__":
    main()
