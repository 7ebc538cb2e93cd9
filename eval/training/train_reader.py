"""Trains the reading network `assistant/reading/reader.safetensors`: first on public sets, then on hand-written rows.

    python -m eval.training.train_reader --shared FOLDER --out reader.safetensors [--device cuda] [--steps N]

Steps and a seed bound the run, never the clock: one machine gives the same network twice. `--stage public` and
`--stage written --start FILE` run one half alone.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.embeddings.embedders import PackagedEmbedder
from assistant.reading.layout import lay_out
from assistant.types import Vectors
from assistant.reading.evidence import EvidenceFinder
from eval import statistics
from eval.training import supervision
from eval.training.reading_network import ReadingNetwork, evidence_mask, padded
from eval.training.supervision import STATED, Library, Row

HERE = Path(__file__).parent
HELD_OUT = frozenset({5, 25})
"""Writers of whom nothing is trained on."""
TOKENS, RATE, DROPOUT, WARM_UP, SMOOTHING = 4_096, 1.2e-4, 0.1, 60, 0.02
PUBLIC_QUESTIONS, EPOCHS = 14_000, 3


class Remembering(PackagedEmbedder):
    """The packaged encoder, which stores what it encoded in a file for the next run."""

    def __init__(self, path: Path = Path(tempfile.gettempdir()) / "reader-vectors.npz") -> None:
        super().__init__()
        self._path, self._known = path, dict[str, Vectors]()
        if path.exists():
            with np.load(path) as stored:
                self._known = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))

    def prepare(self, texts: Iterable[str]) -> None:
        """Encodes texts all at once, which is faster than one after the other."""
        fresh = [t for t in dict.fromkeys(texts) if t not in self._known]
        if fresh:
            self._known.update(zip(fresh, super().encode(fresh), strict=True))
            np.savez(self._path, texts=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See Embedder.encode."""
        missing = [t for t in texts if t not in self._known]
        if missing:
            self._known.update(zip(missing, super().encode(missing), strict=True))
        return np.stack([self._known[t] for t in texts])


def texts(library: Library, files: Sequence[Path]) -> Iterator[str]:
    """All texts and all sentences that they are compared with."""
    used = set[str]()
    for row in (r for f in files for r in supervision.lines(f)):
        yield row.get("text") or row.get("question") or row["claim"]
        if "evidence" in row and isinstance(row["evidence"], str) and "id" in row:
            used.add(f"scifact:{row['id'].split(':')[1]}")
        used |= set(row.get("paper_ids") or [row.get("paper_id") or library.by_title.get(row.get("title", ""))])
    for paper in sorted(p for p in used if p in library.texts):
        yield from (library.texts[paper][1][a:b] for a, b in library.parts(paper))


class Batch(NamedTuple):
    """Tensors of some rows; marks are 1, 0 or -1 for unknown."""

    ids: Tensor
    sides: Tensor
    allowed: Tensor
    marks: Tensor
    pairs: Tensor


class Data:
    """Rows with their tokens."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.laid = lay_out([row.reading for row in rows])

    def batches(self, seed: int) -> list[list[int]]:
        """Shuffled batches of rows of similar length; a text and its minimal pairs stay together."""
        rng = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
        units: dict[str, list[int]] = defaultdict(list)
        for i, row in enumerate(self.rows):
            units[row.group or str(i)].append(i)
        order = list(units.values())
        rng.shuffle(order)
        chunks = [order[i : i + 600] for i in range(0, len(order), 600)]
        found: list[list[int]] = []
        for chunk in chunks:
            chunk.sort(key=lambda unit: max(len(self.laid[i].ids) for i in unit))
            at, width = list[int](), 0
            for unit in chunk:
                wide = max(width, *(len(self.laid[i].ids) for i in unit))
                if at and wide * (len(at) + len(unit)) > TOKENS:
                    found.append(at)
                    at, wide = [], max(len(self.laid[i].ids) for i in unit)
                at, width = [*at, *unit], wide
            found.append(at)
        rng.shuffle(found)
        return found

    def batch(self, rows: Sequence[int]) -> Batch:
        """The tensors of some rows."""
        ids, sides = padded([self.laid[i].ids for i in rows]), padded([self.laid[i].sides for i in rows])
        allowed = torch.zeros(len(rows), 3)
        marks = torch.full((*ids.shape, 2), -1.0)
        for n, i in enumerate(rows):
            allowed[n, list(self.rows[i].classes)] = 1.0
            self._mark(i, marks[n])
        groups = [self.rows[i].group for i in rows]
        pairs = [
            (a, b)
            for a, i in enumerate(rows)
            for b, j in enumerate(rows)
            if groups[a] and groups[a] == groups[b] and self._true(i) and STATED not in self.rows[j].classes
        ]
        return Batch(ids, sides, allowed, marks, torch.tensor(pairs, dtype=torch.long).reshape(-1, 2))

    def _true(self, i: int) -> bool:
        return self.rows[i].classes == (STATED,)

    def _mark(self, i: int, marks: Tensor) -> None:
        row, laid = self.rows[i], self.laid[i]
        if row.wrong is not None:
            for at, (a, b) in enumerate(laid.text, start=1):
                marks[at, 0] = float(any(a < e and s < b for s, e in row.wrong))
        if row.stating is not None:
            for number, (first, offsets) in enumerate(laid.evidence):
                for at, (a, b) in enumerate(offsets, start=first):
                    marks[at, 1] = float(any(n == number and a < e and s < b for n, s, e in row.stating))


def loss(network: ReadingNetwork, batch: Batch) -> Tensor:
    """Cross entropy over the allowed classes, the marks, and the order within minimal pairs."""
    logits, marks = network(batch.ids, batch.sides, DROPOUT)
    logs = F.log_softmax(logits, -1)
    right = -torch.logsumexp(logs.masked_fill(batch.allowed == 0, -1e4), -1)
    total = (right * (1 - SMOOTHING) - logs.mean(-1) * SMOOTHING).mean()
    known = batch.marks >= 0
    if known.any():
        heavy = torch.where(batch.marks == 1, 3.0, 1.0)
        each = F.binary_cross_entropy_with_logits(marks, batch.marks.clamp(min=0), reduction="none") * heavy * known
        for side in range(2):
            total = total + 0.5 * each[..., side].sum() / known[..., side].sum().clamp(min=1)
    if len(batch.pairs):
        odds = logits[:, STATED] - torch.logsumexp(logits[:, 1:], -1)
        total = total + 0.3 * F.softplus(odds[batch.pairs[:, 1]] - odds[batch.pairs[:, 0]] + 0.5).mean()
    return total


def predict(network: ReadingNetwork, data: Data, device: str = "cpu") -> np.ndarray:
    """Class probabilities and the greatest wrong mark of each row: shape (rows, 4)."""
    found = np.zeros((len(data.rows), 4))
    order = sorted(range(len(data.rows)), key=lambda i: len(data.laid[i].ids))
    with torch.inference_mode(), torch.autocast(device, dtype=torch.bfloat16):
        for at in range(0, len(order), 24):
            rows = order[at : at + 24]
            batch = data.batch(rows)
            logits, marks = network(batch.ids.to(device), batch.sides.to(device))
            text = (batch.ids != 0) & ~evidence_mask(batch.ids, batch.sides)
            wrong = torch.sigmoid(marks[..., 0].float().cpu()).masked_fill(~text, 0).amax(1)
            found[rows] = torch.cat([torch.softmax(logits.float(), -1).cpu(), wrong[:, None]], 1).numpy()
    return found


def report(network: ReadingNetwork, sets: dict[str, Data], device: str) -> str:
    """AUROC of stated against the rest, and the share of minimal pairs in the right order, for each set."""
    parts = []
    for name, data in sets.items():
        found = predict(network, data, device)
        true = np.array([row.classes == (STATED,) for row in data.rows])
        score = found[:, 0]
        if name.startswith("premise"):
            true, score = np.array([row.classes != (1,) for row in data.rows]), -found[:, 1]
        groups: dict[str, list[int]] = defaultdict(list)
        for i, row in enumerate(data.rows):
            if row.group:
                groups[row.group].append(i)
        pairs = [(score[i], score[j]) for g in groups.values() for i in g for j in g if true[i] and not true[j]]
        within = f" pairs {np.mean([a > b for a, b in pairs]):.3f} of {len(pairs)}" if pairs else ""
        parts.append(f"{name} {statistics.auroc(score, true):.3f}{within}")
        kinds: dict[str, list[int]] = defaultdict(list)
        for i, row in enumerate(data.rows):
            if not true[i]:
                kinds[row.kind].append(i)
        if len(kinds) > 2:
            good = [i for i in range(len(true)) if true[i]]
            parts.append("(" + " ".join(
                f"{k} {statistics.auroc(score[[*good, *v]], np.r_[np.ones(len(good)), np.zeros(len(v))] > 0):.2f}"
                for k, v in sorted(kinds.items())
            ) + ")")  # fmt: skip
    return "; ".join(parts)


def train(network: ReadingNetwork, epochs: Iterator[tuple[Data, int]], steps: int, args: argparse.Namespace, sets: dict[str, Data]) -> None:
    """Runs `steps` steps with a rate that rises, stays and falls, and averages the weights of the last quarter."""
    tuned = list(network.parameters())
    optimiser = torch.optim.AdamW(tuned, lr=args.rate, weight_decay=0.01)
    mean, counted, step, losses = [torch.zeros_like(t) for t in tuned], 0, 0, list[float]()
    for data, seed in epochs:
        for rows in data.batches(seed):
            if step >= steps:
                break
            share = step / steps
            fall = 1.0 if share < args.flat else 0.03 + 0.97 * (1 - share) / (1 - args.flat)
            optimiser.param_groups[0]["lr"] = args.rate * min(1.0, (step + 1) / WARM_UP) * fall
            batch = Batch(*(t.to(args.device) for t in data.batch(rows)))
            with torch.autocast(args.device, dtype=torch.bfloat16):
                value = loss(network, batch)
            optimiser.zero_grad()
            value.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            nn.utils.clip_grad_norm_(tuned, 1.0)
            optimiser.step()
            losses.append(value.item())
            step += 1
            if share > 0.85:
                counted += 1
                for total, tensor in zip(mean, tuned, strict=True):
                    total += (tensor.detach() - total) / counted
            if step % 100 == 0:
                print(f"step {step} of {steps}: loss {np.mean(losses[-100:]):.3f}", flush=True)
            if step % args.every == 0 and step < steps:
                print(report(network, sets, args.device), flush=True)
                network.save(args.out)
    with torch.no_grad():
        for total, tensor in zip(mean, tuned, strict=True):
            tensor.copy_(total)


def main() -> None:
    """Trains, reports on what was held out, and saves."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", required=True, type=Path)
    parser.add_argument("--written", nargs="*", type=Path, default=[])
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--stage", choices=("public", "written"), required=True)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--flat", type=float, default=0.4)
    parser.add_argument("--every", type=int, default=10**9)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    hand, embedder = args.shared / "training/by_hand", Remembering()
    library = Library(args.shared, EvidenceFinder(embedder).relevance, args.seed)
    cited = frozenset(p for r in supervision.lines(args.shared / "bench/answers/sentences.jsonl") for p in r["paper_ids"])
    sample = frozenset(library.by_title[t] for t in json.loads((HERE / "held_out.json").read_text()) if t in library.by_title)
    files = [hand / "items.jsonl", hand / "groups.jsonl"]
    more = [HERE / "items.jsonl", HERE / "pairs.jsonl", args.shared / "bench/answers/sentences.jsonl"]
    scifact = args.shared / "bench/pairs/scifact_abstract_train.jsonl"
    embedder.prepare(texts(library, [*files, *more, scifact, *args.written]))
    by_hand = list(supervision.written(library, files, sample | cited))
    held = [r for r in by_hand if int(r.source.split()[-1]) in HELD_OUT]
    sets = {
        "sentences": Data([r for r in held if r.source.startswith("sentence")]),
        "questions": Data([r for r in held if r.source.startswith("question")]),
        "premises": Data([r for r in held if r.source.startswith("premise")]),
        "answers": Data(answers(library, args.shared)),
    }
    network = ReadingNetwork().to(args.device)
    if args.start:
        network.load(args.start)
    if args.stage == "public":
        data = Data(list(supervision.public(args.shared / "training/external", args.seed, PUBLIC_QUESTIONS)))
        epochs = iter([(data, args.seed)])
        steps = args.steps or len(data.batches(args.seed))
    else:
        rows = [r for r in by_hand if int(r.source.split()[-1]) not in HELD_OUT]
        rows += supervision.written(library, args.written, sample | cited)
        rows += supervision.older(library, HERE, sample | cited)
        rows += supervision.scifact(library, args.shared, lambda paper: supervision.tenth(paper) < 7)
        papers = sorted({p for r in supervision.lines(files[0]) for p in [r["paper_id"]]} - cited)
        extra = [*supervision.misplaced(library, rows, papers, 0.06, args.seed)]
        extra += supervision.renumbered(library, [r for r in rows if r.group and not r.group.startswith("old")], args.seed)
        data = Data(rows + extra)
        epochs = iter([(data, args.seed + n) for n in range(EPOCHS)])
        steps = args.steps or sum(len(data.batches(args.seed + n)) for n in range(EPOCHS))
    size = sum(len(laid.ids) for laid in data.laid)
    print(f"{len(data.rows)} rows, {size} tokens, {steps} steps", flush=True)
    train(network, epochs, steps, args, sets)
    network.save(args.out)
    print(report(network, sets, args.device), flush=True)


def answers(library: Library, shared: Path) -> list[Row]:
    """A strong model's sentences, which nothing is trained on."""
    rows = []
    for row in supervision.lines(shared / "bench/answers/sentences.jsonl"):
        if row["kind"] != "partial":
            most = 4 if len(row["paper_ids"]) == 1 else 3
            evidence = tuple(library.evidence(row["text"], p, most)[0] for p in row["paper_ids"])
            classes = (STATED,) if row["kind"] == "true" else (1, 2)
            rows.append(Row(supervision.Reading(row["text"], evidence), classes, kind=row["type"] or "true"))
    return rows


if __name__ == "__main__":
    main()
