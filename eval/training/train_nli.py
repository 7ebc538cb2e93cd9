"""Trains the adapter `assistant/verification/nli.safetensors`, with which the packaged encoder reads a claim and its passage.

    python -m eval.training.train_nli --corpus PATH --out nli.safetensors [--epochs 10] [--seed 0] [--threads 1]

It learns from the written claims of `items.jsonl` and from edited sentences, on the `fit` part of the papers only. Every
linear layer gets a low-rank adapter; the encoder itself stays as it is. The learning rate falls with the steps, so that
a run with the same seed and number of threads can be repeated.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.documents import read
from assistant.embeddings.minilm import WIDTH
from assistant.text.words import stems
from assistant.types import Paper
from assistant.verification.nli import CLASSES, encode
from eval import statistics
from eval.training import edits
from eval.training.encoder import Encoder
from eval.training.fit_support_model import HERE, lines, part
from eval.training.lora import Adapter

RANK, BATCH, RATE, DROP, WARM_UP = 16, 16, 8e-4, 0.1, 40
Row = tuple[str, list[str], int]
"""Claim, passage, class."""


class Claims:
    """The encoder with its adapter, an embedding for each side, and a head over `[CLS]` and the claim's mean."""

    def __init__(self, seed: int) -> None:
        self.adapter = Adapter(RANK, seed)
        self.sides = torch.zeros(2, WIDTH, requires_grad=True)
        self.head = nn.Linear(2 * WIDTH, len(CLASSES))
        self.tuned = [*self.adapter.tensors.values(), self.sides, *self.head.parameters()]

    def logits(self, rows: Sequence[Row], drop: float = 0.0) -> Tensor:
        """One row per claim, one column per class."""
        encoder = self.adapter.encoder(self.sides)
        encoded = encode([(claim, passage) for claim, passage, _ in rows])
        width = max(len(pair.ids) for pair in encoded)
        ids = torch.tensor([[*pair.ids, *[0] * (width - len(pair.ids))] for pair in encoded])
        mine = torch.arange(width) < torch.tensor([[pair.claim_tokens] for pair in encoded])
        found: Tensor = self.head(F.dropout(pool(encoder, ids, mine, drop), drop, drop > 0))
        return found

    def save(self, path: Path) -> None:
        """Writes the trained tensors alone, as half floats."""
        rest = {"head.weight": self.head.weight, "head.bias": self.head.bias, "seg": self.sides}
        save_file(self.adapter.state() | {n: t.detach().half().contiguous() for n, t in rest.items()}, str(path))


def pool(encoder: Encoder, ids: Tensor, mine: Tensor, drop: float) -> Tensor:
    """The state of `[CLS]` beside the mean over the claim's tokens: (rows, 2 * WIDTH)."""
    embedded = F.dropout(encoder.embed(ids, (~mine).long()), drop, drop > 0)
    states = encoder.layers(embedded, ids != 0)
    counted = mine[..., None].float()
    return torch.cat([states[:, 0], (states * counted).sum(1) / counted.sum(1)], dim=-1)


class Examples:
    """Draws the rows of each epoch."""

    def __init__(self, papers: dict[str, str], which: str) -> None:
        self._lines = {t: lines(a) for t, a in sorted(papers.items()) if part(t) == which}
        rows = [json.loads(row) for row in (HERE / "items.jsonl").read_text(encoding="utf-8").splitlines()]
        self.claims = [r for r in rows if r["kind"] == "claim" and r["title"] in self._lines]
        self._edits: dict[int, list[edits.Edit]] = {0: [], 1: [], 2: []}
        chosen = list(self._lines.items())
        for edit in edits.edits(chosen, chosen, seed=77):
            true = edit.kind in edits.TRUE or edit.kind == "untouched"
            self._edits[2 if edit.kind == "other paper" else 0 if true else 1].append(edit)

    def passage(self, claim: str, title: str, size: int, rng: random.Random | None = None) -> list[str]:
        """The `size` sentences that share most with the claim, in their order; `rng` shakes the ranking."""
        own, text = stems(claim), self._lines[title]
        ranked = sorted(
            range(len(text)),
            key=lambda j: -len(own & stems(text[j])) / max(1, len(own)) - (rng.random() * 0.2 if rng else 0),
        )
        return [text[j] for j in sorted(ranked[:size])]

    def epoch(self, seed: int, number: int) -> list[list[Row]]:
        """Shuffled batches of rows of similar length; every epoch has the same number of them."""
        rng = random.Random(1_000 * seed + number)  # noqa: S311 - a repeatable choice, not a secret
        rows: list[Row] = []
        for r in self.claims:
            passage = self.passage(r["text"], r["title"], rng.choice((1, 2, 2, 3)), rng)
            rows.append((r["text"], passage, CLASSES.index(r["label"])))
        for label, made in self._edits.items():
            for edit in rng.sample(made, min(len(made), 90 if label == 2 else 275)):
                text = self._lines[edit.title]
                at = text.index(edit.source)
                around = text[max(0, at - rng.randint(0, 1)) : at + 1 + rng.randint(0, 1)]
                rows.append((edit.claim, [edit.source] if rng.random() < 0.5 else around, label))
        rng.shuffle(rows)
        chunks = [rows[i : i + 24 * BATCH] for i in range(0, len(rows), 24 * BATCH)]
        ordered = [sorted(chunk, key=lambda row: sum(map(len, row[1]))) for chunk in chunks]
        batches = [chunk[i : i + BATCH] for chunk in ordered for i in range(0, len(chunk), BATCH)]
        rng.shuffle(batches)
        return batches


def measure(model: Claims, examples: Examples) -> str:
    """The AUROC of the supported claims against each of the other classes, as text."""
    rows = [(c["text"], examples.passage(c["text"], c["title"], 3), 0) for c in examples.claims]
    with torch.inference_mode():
        found = [F.softmax(model.logits(rows[i : i + 32]), -1)[:, 0] for i in range(0, len(rows), 32)]
    scores = torch.cat(found).double().numpy()
    labels = np.array([c["label"] for c in examples.claims])
    cells = []
    for rest in CLASSES[1:]:
        both = (labels == "supported") | (labels == rest)
        cells.append(f"{rest} {statistics.auroc(scores[both], labels[both] == 'supported'):.3f}")
    return ", ".join(cells)


def main() -> None:
    """Trains for so many epochs, and saves after each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--corpus", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    papers = {p.title: p.abstract for p in read([args.corpus]) if isinstance(p, Paper)}
    fit, dev, model = Examples(papers, "fit"), Examples(papers, "dev"), Claims(args.seed)
    optimiser = torch.optim.AdamW(model.tuned, lr=RATE, weight_decay=0.01)
    step, steps = 0, args.epochs * len(fit.epoch(args.seed, 0))
    for epoch in range(args.epochs):
        for batch in fit.epoch(args.seed, epoch):
            optimiser.param_groups[0]["lr"] = RATE * min(1.0, step / WARM_UP + 0.02) * (1 - step / steps)
            truth = torch.tensor([label for *_, label in batch])
            loss = F.cross_entropy(model.logits(batch, DROP), truth, label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            nn.utils.clip_grad_norm_(model.tuned, 1.0)
            optimiser.step()
            step += 1
        model.save(args.out)
        print(f"epoch {epoch + 1} of {args.epochs}: {measure(model, dev)}", flush=True)


if __name__ == "__main__":
    main()
