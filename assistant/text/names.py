"""Finds the names of models, methods, data sets and metrics in running text, and compares their spellings.

A name is a word with a capital inside, a digit, or a first capital that is not due to the start of a sentence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.text import sentences
from assistant.text.stop_words import STOP_WORDS
from assistant.text.words import normalize

_CANDIDATE = re.compile(r"(?<![\w/.])[A-Za-z][A-Za-z0-9]*(?:[-_./@][A-Za-z0-9]+)*(?:\+\+?)?(?:\^\w+|\*)?(?![\w])")
"""A word that may be a name; `names` decides."""
MIXED_CASE_NAME = re.compile(r"(?<![\w-])(?:[A-Z]\w*[A-Z]\w*|[A-Z]\w*\d\w*|[a-z]+[A-Z]\w*)(?:-\w+)*")
"""A name by its capitals or digit alone, as the rules for follow-up questions see it."""
MID_SENTENCE_NAME = re.compile(
    r"(?<![.!?] )(?<!^)\b(?:[A-Z][a-zA-Z]*[A-Z0-9][\w-]*|[a-z]+[A-Z]\w*|[A-Z][a-z]{2,}[\w-]*)"
)
"""Any capitalized word that does not start a sentence; the answerability model was fitted with this pattern."""
_LONG_FORM = re.compile(r"(?<![\w'’])((?:[\w'’]++[\s-]++){1,10}?)\(\s*([A-Za-z][\w-]{1,11}?)s?\s*[;,)]")
_INTRODUCES = re.compile(
    r"(?i)\b(?:propos|introduc|present|develop|dub|call|nam|term|coin|releas|build|built|design|describ)\w*\b"
    r"|\(\w+\)"
)
_NOT_NAMES = frozenset(
    """i we the this these our in on for to it its they however moreover furthermore here while when as
    code github internet web english ai pm am mid non pre post multi cross semi self inter intra sub
    co re anti bi uni first second third finally additionally also thus therefore both extensive
    experiments figure table section appendix https http www com author authors paper e.g i.e eg ie
    etc vs state-of-the-art sota ml dl nn""".split()
)
_OPENERS = 20
"""The most characters before a word that are looked at for the end of a sentence behind quotation marks and brackets."""
_SKIPPED_IN_ACRONYMS = frozenset("of the and for a in with".split())


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[str, ...]:
    """The names of `text` in order of appearance, each once."""
    text = re.sub(
        r"https?://\S+|(?<![\w.])[\w.]++@[\w.]+|(?<![\w-])[\w-]++\.(?:com|org|io|github)\S*", " ", normalize(text)
    )
    starts = {span.start for span in sentences.split(text)}
    found: dict[str, None] = {}
    titled = _is_title_case(text)
    for match in _CANDIDATE.finditer(text):
        word = re.sub(r"['’]s$", "", match[0])
        if word.lower() in _NOT_NAMES or word.lower() in STOP_WORDS or len(word) < 2:
            continue
        before = text[max(0, match.start() - _OPENERS) : match.start()].rstrip("\"'“‘([ ")
        first = match.start() in starts or not before or before[-1] in ".!?:"
        if _is_name(word, first or titled):
            found[word] = None
    return tuple(found)


def _is_title_case(text: str) -> bool:
    plain = list(re.findall(r"[A-Za-z]{4,}", text))
    return len(plain) > 3 and sum(w[0].isupper() for w in plain) > 0.7 * len(plain)


def _is_name(word: str, first: bool) -> bool:
    parts = re.split(r"[-/_]", word)
    if (re.search("[A-Za-z]", word) and re.search(r"\d", word)) or (word[0].isupper() and any(map(str.isdigit, parts))):
        return not re.fullmatch(r"(?:top|level|step|stage|layer|sub|x|of|by|to)-?\d+|\d[dD]", word, re.I)
    if re.fullmatch(r"[a-z]-[A-Za-z]{3,}", word):  # k-means, t-test
        return word[0] not in "aeio"
    if any(sum(c.isupper() for c in p) >= 2 or re.search(r"[a-z][A-Z]", p) for p in parts):
        return True
    return not first and any(p[:1].isupper() for p in parts)


def has_name_shape(name: str) -> bool:
    """Whether it is a name wherever it stands, as `ResNet` and `k-means` are; `Contrastive` is one only in some places."""
    return _is_name(name, first=True)


def form(name: str) -> str:
    """The form that the spellings of one name share: without case, hyphens and plural."""
    plain = re.sub(r"[^a-z0-9]", "", name.casefold())
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


@lru_cache(maxsize=1024)  # the forms of one abstract take some 60 kB
def forms(text: str) -> frozenset[str]:
    """The form of every run of up to four words of `text`, so that `Res Net 50` matches `ResNet-50`."""
    parts = re.findall(r"[a-z0-9]+", normalize(text).casefold())
    return frozenset(form("".join(parts[i : i + n])) for n in range(1, 5) for i in range(len(parts) - n + 1))


@lru_cache(maxsize=4096)
def initials(text: str) -> tuple[str, ...]:
    """The first letters of the words of each clause, hyphenated parts taken singly, in which acronyms are looked up."""
    lines = []
    for clause in re.split(r"[.;:()?!]", normalize(text)):
        parts = re.findall(r"[A-Za-z0-9]+", clause)
        lines.append("".join(p[0] for p in parts).lower())
        lines.append("".join(p[0] for p in parts if p.lower() not in _SKIPPED_IN_ACRONYMS).lower())
    return tuple(lines)


@lru_cache(maxsize=4096)
def definitions(abstract: str) -> tuple[tuple[str, str], ...]:
    """The pairs (abbreviation, long form) that the abstract defines: `Matryoshka Representation Learning (MRL)`."""
    found = []
    for match in _LONG_FORM.finditer(normalize(abstract)):
        short, long = match[2], match[1].strip()
        letters = re.sub(r"[^a-z]", "", short.lower())
        taken = re.findall(r"[A-Za-z0-9]+", long)
        for size in range(1, len(taken) + 1):
            tail = "".join(w[0] for w in taken[-size:]).lower()
            if letters and (
                tail == letters or (size > 1 and tail[0] == letters[0] and _in_order(letters, taken[-size:]))
            ):
                found.append((short, " ".join(taken[-size:])))
                break
    return tuple(found)


def _in_order(letters: str, taken: list[str]) -> bool:
    """Whether the letters appear in order in the words, the first one at the start."""
    rest = iter("".join(taken).lower())
    return len(letters) >= len(taken) and all(letter in rest for letter in letters)


@lru_cache(maxsize=1024)
def own_names(title: str, abstract: str) -> frozenset[str]:
    """Forms of the names of the paper's own work: names in the title, and names that a sentence introduces."""
    found = {form(n) for n in names(title)} | {form(w) for w in re.findall(r"[\w-]+", title.split(":")[0])[:1]}
    for span in sentences.split(abstract):
        sentence = abstract[span.start : span.end]
        if re.search(r"(?i)\b(?:we|this|our|paper|work)\b", sentence) and _INTRODUCES.search(sentence):
            after = sentence[min((m.end() for m in _INTRODUCES.finditer(sentence)), default=0) :]
            found |= {form(n) for n in names("a " + after)}
    return frozenset(found)


def mentions(name: str, span: str, title: str, abstract: str) -> bool:
    """Whether the span or the title has the name, literally, abbreviated or as the long form of an abbreviation."""
    wanted = form(name)
    here = forms(span) | forms(title)
    if not wanted or wanted in here or any(_is_version(wanted, known) for known in here):
        return True
    for short, long in definitions(title + ". " + abstract):
        pair = {form(short), form(long)}
        if (wanted in pair or name.lower() in long.lower().split()) and any(p in here for p in pair):
            return True
    letters = re.sub(r"[^a-z0-9]", "", name.lower())
    letters = letters[:-1] if name.endswith("s") and name[:-1].isupper() else letters
    acronym = sum(c.isupper() for c in name) >= 2 and 2 <= len(letters) <= 6
    if acronym and any(letters in line for line in initials(span) + initials(title)):
        return True
    if _spelled_out(name, span) or _spelled_out(name, title):
        return True
    parts = [p for p in re.split(r"[-/_]", name) if p]
    return (
        len(parts) > 1
        and all(
            p.lower() in STOP_WORDS or form(p) in here or (p.islower() and p.isalpha() and len(p) > 1) for p in parts
        )
        and any(form(p) in here for p in parts)
    )


def _spelled_out(name: str, text: str) -> bool:
    """`ResNet` for `residual networks`, `ViT` for `vision transformer`: each part begins a word."""
    parts = re.findall(r"[A-Z][a-z]*", name.rstrip("s"))
    if len(parts) < 2 or "".join(parts) != name.rstrip("s"):
        return False
    gap = r"[a-z]*[\s-]+"
    return bool(re.search(r"\b" + gap.join(p.lower() for p in parts), normalize(text).lower()))


def _is_version(wanted: str, known: str) -> bool:
    """`ImageNet` for `ImageNet-1K`, `Transformer` for `Transformers`, but not `GPT3` for `GPT35`."""
    if len(wanted) < 4 or not known.startswith(wanted):
        return False
    rest = known[len(wanted) :]
    return rest in {"s", "es", "based"} or (
        not wanted[-1].isdigit() and bool(re.fullmatch(r"v?\d{1,4}[a-z]{0,2}", rest))
    )


def name_key(name: str) -> str:
    """The name without case, hyphens and spaces: equal for "CIFAR-10", "CIFAR 10" and "cifar10"."""
    return re.sub(r"[\s\-‐‑–_]+", "", name).casefold()
