"""Trains the reading network `assistant/reading/reader.safetensors`: first on public sets, then on hand-written rows.

    python -m eval.training.train_reader --shared FOLDER --out public.safetensors --stages public
    python -m eval.training.train_reader --shared FOLDER --out a.safetensors --stages written --start public.safetensors --seed 1
    python -m eval.training.train_reader --shared FOLDER --out b.safetensors --stages written-small --start public.safetensors --seed 2
    python -m eval.training.train_reader --shared FOLDER --out reader.safetensors --stages --average a.safetensors b.safetensors

Steps and a seed bound each run, never the clock: one machine gives the same network twice. `--device cuda` runs it on a GPU.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.reading.evidence import EvidenceFinder
from eval import statistics
from eval.training import augmentation, supervision
from eval.training.reading_data import Batch, Data, Remembering, texts
from eval.training.reading_network import ReadingNetwork, evidence_mask
from eval.training.supervision import CONTRADICTED, STATED, Library, Row

HERE = Path(__file__).parent
HELD_OUT = frozenset({5, 25, 47})
"""Writers of whom nothing is trained on."""
UNSEEN = HERE / "unseen.jsonl"
"""Rows by twelve more of them."""
WARM_UP, SMOOTHING, AVERAGED = 60, 0.02, 0.15
"""The last is the share of the steps over which weights are averaged at the end."""
_SEED = 0
"""Of the choice of rows, so that all networks learn from the same."""
WORKERS = 4
"""Processes that prepare batches for a GPU."""


class Stage(NamedTuple):
    """How one stage is trained: the rate stays up to `flat` of its steps, and then falls."""

    rate: float
    flat: float
    steps: int
    tokens: int
    """Tokens in a batch, padding included."""
    dropout: float


STAGES = {
    "public": Stage(1.2e-4, 0.7, 6_000, 4_096, 0.1),
    "written": Stage(2e-4, 0.45, 1_932, 16_384, 0.15),
    "written-small": Stage(1.4e-4, 0.45, 2_225, 8_192, 0.15),
}
"""The last is `written` in smaller batches: the average of both networks reads texts of other fields better than either."""


def loss(network: ReadingNetwork, batch: Batch, dropout: float) -> Tensor:
    """Cross entropy over the allowed classes, the marks, and the order within minimal pairs."""
    logits, marks = network(batch.ids, batch.sides, dropout)
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


def predict(network: ReadingNetwork, data: Data, device: str = "cpu") -> npt.NDArray[np.float64]:
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


def report(network: ReadingNetwork, sets: dict[str, Data], device: str) -> Iterator[str]:
    """AUROC of stated against the rest (premises: of false against true), in all and by kind, and the order within pairs."""
    for name, data in sets.items():
        found = predict(network, data, device)
        premise = name == "premise"
        true = np.array([row.classes != (CONTRADICTED,) if premise else row.classes == (STATED,) for row in data.rows])
        score = -found[:, CONTRADICTED] if premise else found[:, STATED]
        groups: dict[str, list[int]] = defaultdict(list)
        kinds: dict[str, list[int]] = defaultdict(list)
        for i, row in enumerate(data.rows):
            groups[row.group or str(i)].append(i)
            if not true[i]:
                kinds[row.kind].append(i)
        pairs = [score[i] > score[j] for g in groups.values() for i in g for j in g if true[i] and not true[j]]
        by_kind = ", ".join(
            f"{k} {statistics.auroc(np.r_[score[true], score[v]], _first(true.sum(), len(v))):.2f}"
            for k, v in kinds.items()
        )
        within = f"; {np.mean(pairs):.3f} of {len(pairs)} pairs in order" if pairs else ""
        yield f"{name}: AUROC {statistics.auroc(score, true):.3f} ({by_kind}){within}"


def _first(true: int, false: int) -> npt.NDArray[np.bool_]:
    return np.arange(true + false) < true


def train(network: ReadingNetwork, data: Data, stage: Stage, seed: int, device: str) -> None:
    """Runs the stage, with as many epochs as its steps need, and leaves the weights averaged over its last steps."""
    tuned = list(network.parameters())
    optimiser = torch.optim.AdamW(tuned, lr=stage.rate, weight_decay=0.01, fused=device != "cpu")
    mean, counted, losses = [torch.zeros_like(t) for t in tuned], 0, list[Tensor]()
    for step, prepared in enumerate(itertools.islice(_endless(data, stage.tokens, seed, device), stage.steps)):
        share = step / stage.steps
        fall = 1.0 if share < stage.flat else 0.03 + 0.97 * (1 - share) / (1 - stage.flat)
        optimiser.param_groups[0]["lr"] = stage.rate * min(1.0, (step + 1) / WARM_UP) * fall
        batch = Batch(*(t.to(device) for t in prepared))
        with torch.autocast(device, dtype=torch.bfloat16):
            value = loss(network, batch, stage.dropout)
        optimiser.zero_grad()
        value.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        nn.utils.clip_grad_norm_(tuned, 1.0)
        optimiser.step()
        losses.append(value.detach())
        if share > 1 - AVERAGED:
            counted += 1
            for total, tensor in zip(mean, tuned, strict=True):
                total += (tensor.detach() - total) / counted
        if (step + 1) % 100 == 0:
            print(f"step {step + 1} of {stage.steps}: loss {torch.stack(losses[-100:]).mean():.3f}", flush=True)
    with torch.no_grad():
        for total, tensor in zip(mean if counted else tuned, tuned, strict=True):
            tensor.copy_(total)


def _endless(data: Data, tokens: int, seed: int, device: str) -> Iterator[Batch]:
    for epoch in itertools.count():
        yield from data.loader(tokens, 1_000 * seed + epoch, 0 if device == "cpu" else WORKERS)


class Supervision:
    """The rows of every stage, and those that are held out."""

    def __init__(self, shared: Path) -> None:
        self._shared = shared
        hand, embedder = shared / "training/by_hand", Remembering()
        self.library = Library(shared, EvidenceFinder(embedder).relevance)
        self._files = [hand / "items.jsonl", hand / "groups.jsonl", HERE / "groups.jsonl"]
        cited = {p for r in supervision.lines(shared / "bench/answers/sentences.jsonl") for p in r["paper_ids"]}
        titles = json.loads((HERE / "held_out.json").read_text(encoding="utf-8"))
        self._avoid = frozenset(cited | {self.library.by_title[t] for t in titles if t in self.library.by_title})
        more = [HERE / "items.jsonl", HERE / "pairs.jsonl", shared / "bench/answers/sentences.jsonl"]
        embedder.prepare(texts(self.library, [*self._files, *more]))

    def data(self, stage: str) -> Data:
        """What a stage trains on."""
        return Data(self._rows(stage))

    def _rows(self, stage: str) -> list[Row]:
        if stage == "public":
            return list(supervision.public(self._shared / "training/external", _SEED))
        rows = [r for r in self._written() if _writer(r) not in HELD_OUT]
        rows += supervision.older(self.library, HERE, self._avoid)
        rows += supervision.scifact(self.library, self._shared, lambda paper: supervision.tenth(paper) < 7)
        papers = sorted({r["paper_id"] for r in supervision.lines(self._files[0])} - self._avoid)
        misplaced = list(augmentation.misplaced(self.library, rows, papers, 0.06, _SEED))
        changed = augmentation.renumbered([r for r in rows if r.group and not r.group.startswith("old")], _SEED)
        return [*rows, *misplaced, *changed]

    def held_out(self) -> dict[str, Data]:
        """The sentences, questions and premises of the writers held out, and a strong model's sentences."""
        held = [r for r in self._written() if _writer(r) in HELD_OUT]
        sets = {w: Data([r for r in held if r.source.startswith(w)]) for w in ("sentence", "question", "premise")}
        return sets | {"answers": Data(list(supervision.answers(self.library, self._shared)))}

    def _written(self) -> list[Row]:
        return list(supervision.written(self.library, self._files, self._avoid))


def _writer(row: Row) -> int:
    return int(row.source.split()[-1])


def _compute_the_same_twice() -> None:
    os.environ["CUBLAS_WORKSPACE_CONFIG"] = ":4096:8"
    torch.use_deterministic_algorithms(True)
    torch.backends.cuda.enable_flash_sdp(False)
    torch.backends.cuda.enable_mem_efficient_sdp(False)
    torch.backends.cuda.enable_cudnn_sdp(False)


def main() -> None:
    """Trains, saves, and reports on what was held out."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--shared", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--stages", nargs="*", choices=tuple(STAGES), default=["public", "written"])
    parser.add_argument("--start", type=Path, help="a network that an earlier stage made")
    parser.add_argument("--average", type=Path, nargs="+", default=[], help="networks to start from the average of")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--steps", type=int, help="steps of each stage, to try it out")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    if args.device != "cpu":
        _compute_the_same_twice()
    given, network = Supervision(args.shared), ReadingNetwork().to(args.device)
    if starts := args.average or ([args.start] if args.start else []):
        network.load(*starts)
    for name in args.stages:
        data, stage = given.data(name), STAGES[name]
        stage = stage._replace(steps=args.steps or stage.steps)
        print(f"{name}: {len(data.rows)} rows, {sum(len(x.ids) for x in data.laid)} tokens", flush=True)
        train(network, data, stage, args.seed, args.device)
    network.save(args.out)
    for line in report(network, given.held_out(), args.device):
        print(line)


if __name__ == "__main__":
    main()
