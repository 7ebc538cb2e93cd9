"""Finds the figures that a paper reports as its own results, with metric, unit and data set, and what it saves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.extraction.data import data
from assistant.extraction.fact import Fact
from assistant.extraction.known_names import DATASET
from assistant.extraction.lines import Line, Text, plain

_PERCENT = r"(?:\\?%|percent(?:age points?)?|points?|pp\b)"
_TIMES = r"(?:\\?\$?\\?(?:times|×|x|X)\$?(?![a-z])|-?fold|\s?orders? of magnitude)"
_METRIC = (
    r"(?:(?:top-?\d+|rank-?\d+|test|validation|classification|average|mean|overall|zero-shot|linear|balanced|diagnostic|macro|micro|box|mask|relative|absolute)[ -])*"
    r"(?:accurac(?:y|ies)|error(?: rates?)?|precision|recall|sensitivity|specificity|f-?1(?:[ -]scores?)?|f-?scores?|auc|auroc|auprc|roc|map|ap(?:50|75|_?[a-z])?|miou|iou|dice(?: (?:score|coefficient))?|"
    r"bleu(?:-\d)?|rouge(?:-\w)?|meteor|cider|wer|cer|per|fid|is|inception score|psnr|ssim|lpips|perplexity|ppl|rmse|mse|mae|r2|nmi|ari|ndcg(?:@\d+)?|mrr|hit(?:s|@\d+)|recall@\d+|pass@\d+|"
    r"top-?\d+|rank-?\d+|scores?|win rates?|success rates?|accuracy|correlation|speed-?ups?|latency|throughput|fps|flops?|macs|parameters?|memory|training time|inference time|compression|reduction|improvements?|gains?|"
    r"savings?|performance|degradation|drop|loss|decrease|increase|odds ratio|hazard ratio|risk ratio|relative risk|or|hr|rr|mortality|survival|incidence|prevalence|response rate|95 ?\\?% ?ci|confidence interval)"
)
_FIGURE = re.compile(
    rf"(?i)(?<![\w.-])(?P<sign>[+~±<>≈≤≥-]\s?)?(?P<figure>\d[\d,]*(?:\.\d+)?)(?:\s?(?P<unit>{_PERCENT}|{_TIMES}|dB\b|ms\b|fps\b))?"
)
_NEAR_METRIC = re.compile(rf"(?i)(?<![\w-]){_METRIC}(?![\w-])")
_REPORTS = re.compile(
    r"(?i)\b(?:achiev|attain|reach|obtain|yield|outperform|surpass|exceed|outstrip|improv|increas|boost|gain|reduc|decreas|lower|sav(?:e|ing)|cut|speed|accelerat|maintain|retain|"
    r"deliver|score|rank|show|demonstrat|identif|predict|classif|detect|result|report|found|find|observ|set|establish|win|won|match|beat|perform|converg|associat|require|need|"
    r"without|drop|degrad|success|correct)\w*\b|\b(?:is|are|was|were|has|have|had)\b|\bstate[- ]of[- ]the[- ]art\b|\bcompared\b"
)
_SET_UP = re.compile(
    r"(?i)\b(?:consist\w*|contain\w*|compris\w*|collect\w*|train(?:ed|ing)? (?:on|with|for)|parameters? (?:range|ranging)|dataset of|corpus of|aged|recruited|enrolled)\b"
)
_REACHED = re.compile(
    r"(?i)\b(?:achiev|attain|reach|obtain|yield|deliver|scor|reduc|improv|sav|boost|outperform|surpass|gain|maintain|retain|outstrip|speed|increas)\w*\b|\b(?:negligible|lossless|no (?:\w+ )?(?:drop|loss|degradation))\b"
)
_ABSOLUTE = re.compile(r"(?i)\b(?:achiev|attain|reach|obtain|yield|deliver|scor|identif|predict|reduc|sav)\w*\b")
_LEANS = re.compile(r"(?i)(?:this|it|these|that) [a-z]+s\b|when applied|in addition|we also")
"""A sentence that adds to the one before it."""
_HEADLINE = re.compile(
    r"(?i)\b(?:state[- ]of[- ]the[- ]art|sota|best|new record|record|outperform\w*|surpass\w*|overall|finally|eventually|significant\w*|first place)\b"
)
_BACKGROUND = re.compile(
    r"(?i)^(?:recent|existing|prior|previous|traditional|typical|current)\w*\b|\b(?:et al|in simclr)\b"
)
_SAVING = re.compile(
    r"(?i)\b(?:speed-?ups?|faster|sav(?:e|es|ing|ings|ed)|reduc\w+|fewer|less|smaller|lower|cheaper|accelerat\w+|cut\w*|decreas\w+|shorter|compress\w*|efficient\w*)\b"
)
_COST = re.compile(
    r"(?i)\b(?:time|cost|costs|memory|parameters?|flops?|macs|compute|computation\w*|latency|training|inference|energy|storage|samples?|examples?|data|labels?|annotations?|tokens?|speed\w*|"
    r"faster|bandwidth|communication|carbon|gpu|budget|model size|epochs?|iterations?)\b"
)


def results(text: Text) -> Iterator[Fact]:
    """The sentences that report figures, the main result first."""
    scored = [(_weight(line), line.start, line) for line in text.own if _reports_figures(line)]
    for _, _, line in sorted(scored, key=lambda item: item[:2], reverse=True):
        yield line.fact("result", *_statement(line.text), details=_details(line, data(text)))


def savings(text: Text) -> Iterator[Fact]:
    """The sentences that say by how much something is faster, smaller or cheaper."""
    for line in text.own:
        figures = [
            m for m in _FIGURE.finditer(line.text) if m["unit"] and re.match(rf"(?i){_PERCENT}|{_TIMES}", m["unit"])
        ]
        near = [m for m in figures if _SAVING.search(line.text, max(0, m.start() - 80), m.end() + 80)]
        if near and _COST.search(line.text) and _reports_figures(line):
            yield line.fact("saving", *_statement(line.text))


def _reports_figures(line: Line) -> bool:
    """Whether a sentence reports a figure of merit: one with a unit or beside a metric, and a verb of reporting."""
    if _BACKGROUND.search(line.text) or not _REPORTS.search(line.text):
        return False
    return any(_is_merit(line.text, m) for m in _FIGURE.finditer(line.text))


def _is_merit(text: str, match: re.Match[str]) -> bool:
    """Whether a figure measures how good something is, rather than counting or naming things."""
    before, after = text[max(0, match.start() - 45) : match.start()], text[match.end() : match.end() + 45]
    if re.match(
        r"[-\s]?(?:bits?|layers?|shot|way|th\b|st\b|nd\b|rd\b|d\b|years?|epochs?|datasets?|tasks?|benchmarks?|models?\b)",
        after,
        re.I,
    ):
        return False
    if re.match(r"[BMK]?\b[ -]?(?:parameters?|params|FLOPs|tokens)\b", after, re.I):
        return False
    if re.search(r"\bfrom\s$", before) and re.match(r"\S{0,2} to \d", after) and "." in match["figure"]:
        return True
    metric = bool(
        _NEAR_METRIC.search(re.split(r"[;:]", after)[0]) or _NEAR_METRIC.search(re.split(r"[;:]", before)[-1])
    )
    if not match["unit"]:
        reached = re.search(
            r"(?i)\b(?:of|from|to|by|reach\w*|achiev\w*|is|was|were|at|=|over|than|and|,|score\w*)\W*$", before
        )
        decimal = "." in match["figure"] or bool(re.match(r"\s?(?:mAP|AP|BLEU|FID|Top|mIoU|dB|points)", after))
        return metric and decimal and bool(reached or re.match(r"\s?[A-Za-z(%]", after))
    return metric or bool(_REACHED.search(text) and match["unit"])


def _weight(line: Line) -> float:
    """How likely the sentence tells the main result."""
    merits = [m for m in _FIGURE.finditer(line.text) if _is_merit(line.text, m)]
    reached = sum(bool(_ABSOLUTE.search(line.text[max(0, m.start() - 45) : m.start()])) for m in merits)
    measured = sum(bool(_NEAR_METRIC.search(line.text, max(0, m.start() - 25), m.end() + 25)) for m in merits)
    score = min(reached, 2) + 0.25 * min(len(merits), 3) + 0.5 * min(measured, 2)
    score += bool(_HEADLINE.search(line.text)) + 0.5 * bool(DATASET.search(line.text)) - bool(_LEANS.match(line.text))
    return score - 2.0 * bool(_SET_UP.search(line.text))


_LEAD_IN = re.compile(
    r"(?i)^(?:(?:extensive |our |the |these |comprehensive |experimental |empirical |numerical )*(?:experiments?|results?|evaluations?|findings|analys[ei]s|studies)\b[^,.;]{0,80}?\b(?:show|demonstrate|indicate|reveal|suggest|confirm)s?(?: that)?,?\s"
    r"|(?:as a result|for (?:example|instance)|notably|empirically|specifically|in particular|moreover|furthermore|additionally|in addition|finally|remarkably|importantly|also|meanwhile|at the same time),\s(?:we (?:show|find|demonstrate|observe) that\s)?)"
)


def _statement(text: str) -> tuple[int, int]:
    """The sentence without what leads up to its statement."""
    match = _LEAD_IN.match(text)
    return (match.end() if match else 0), len(text)


def _details(line: Line, known: Sequence[Fact]) -> tuple[tuple[str, str], ...]:
    """The first figure of merit with its unit, its metric, and of the known data sets the one named with it."""
    text = line.text
    used = [replace(f, start=f.start - line.start) for f in known if f.where == line.where]
    used = sorted((f for f in used if 0 <= f.start < len(text)), key=lambda f: f.start)
    for match in _FIGURE.finditer(text):
        if not _is_merit(text, match):
            continue
        after = text[match.end() : match.end() + 45]
        behind = _NEAR_METRIC.search(re.split(r"[,;:]", after)[0])
        ahead = [*_NEAR_METRIC.finditer(text[max(0, match.start() - 45) : match.start()])]
        metric = behind[0] if behind else ahead[-1][0] if ahead else ""
        parts = {
            "metric": plain(metric),
            "figure": match["figure"],
            "unit": re.sub(r"^\\?\$?\\?times\$?$|^[xX]$", "×", (match["unit"] or "").strip()).lstrip("\\"),
            "dataset": next((at.quote for at in used if at.start > match.start()), used[0].quote if used else ""),
        }
        return tuple((name, value) for name, value in parts.items() if value)
    return ()
