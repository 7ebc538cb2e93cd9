"""Could two names fill one role? By their looks and by the words around them. Knows nothing about verdicts."""

from __future__ import annotations

import re

from assistant.verify.words import content, stem, words

METRICS = frozenset(
    "map ap ar miou iou fid f1 auc auroc psnr ssim bleu rouge cer wer dice flops top-1 top-5 r2 rmse mae recall "
    "snr db gpu gpus cpu cpus tpu tpus arxiv".split()
)
"""What questions ask for or measure with; no premise hangs on it."""
ASKING = frozenset(
    stem(w)
    for w in """many high low big large long explain reason cause happen possible manage come get gets give take
    help far kind type way call name report mention say according state find found let able reach
    obtain achieve yield score""".split()
)


def alike(name: str, other: str) -> float:
    """`LAION-5B` and `LAION-400M` are of one kind by their looks."""
    one, two = (re.split(r"[-_\d]", n.lower())[0] for n in (name, other))
    return 0.6 if len(one) > 2 and one == two else 0.15 * (_shape(name) == _shape(other))


def _shape(name: str) -> str:
    if name.lower() in METRICS:
        return "metric"
    return "acronym" if name.rstrip("s").isupper() else "mixed" if re.search(r"[a-z][A-Z]", name) else "plain"


def alike_places(question: str, name: str, sentence: str, other: str) -> float:
    """What the words around the two names have in common; the word right before each counts too."""
    ours, theirs = _beside(question, name), _beside(sentence, other)
    before = [text[: max(0, text.find(n))].split()[-1:] for text, n in ((question, name), (sentence, other))]
    return 0.35 * len(ours & theirs) + 0.25 * bool(before[0] and before[0] == before[1])


def _beside(text: str, name: str) -> frozenset[str]:
    """Stems of the two content words on either side of the name."""
    at = max(0, text.find(name))
    before, after = (
        content(words(text[max(0, at - 120) : at])),
        content(words(text[at + len(name) : at + len(name) + 120])),
    )
    return frozenset(w.stem for w in (*before[-2:], *after[:2])) - ASKING
