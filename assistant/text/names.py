"""Names of models, methods, data sets and metrics in running text, and whether a text knows one.

A name is a word with a capital inside, a digit, or a capital that no sentence start explains. Knows nothing
about verdicts.
"""

from __future__ import annotations

import re
from functools import lru_cache

from assistant.text import sentences
from assistant.text.words import STOP, clean

_NAME = re.compile(r"(?<![\w/.])[A-Za-z][A-Za-z0-9]*(?:[-_./@][A-Za-z0-9]+)*(?:\+\+?)?(?:\^\w+|\*)?(?![\w])")
_LONG_FORM = re.compile(r"((?:[\w'’]+[\s-]+){1,10}?)\(\s*([A-Za-z][\w-]{1,11}?)s?\s*[;,)]")
_OWN = re.compile(
    r"(?i)\b(?:propos|introduc|present|develop|dub|call|nam|term|coin|releas|build|built|design|describ)\w*\b"
    r"|\(\w+\)"
)
_COMMON = frozenset(
    """i we the this these our in on for to it its they however moreover furthermore here while when as
    code github internet web english ai pm am mid non pre post multi cross semi self inter intra sub
    co re anti bi uni first second third finally additionally also thus therefore both extensive
    experiments figure table section appendix https http www com author authors paper e.g i.e eg ie
    etc vs state-of-the-art sota ml dl nn""".split()
)


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[str, ...]:
    """The names of `text` in order of appearance, each once."""
    text = re.sub(r"https?://\S+|\b[\w.]+@[\w.]+|\b[\w-]+\.(?:com|org|io|github)\S*", " ", clean(text))
    starts = {span.start for span in sentences.split(text)}
    found: dict[str, None] = {}
    titled = _is_title_case(text)
    for match in _NAME.finditer(text):
        word = re.sub(r"['’]s$", "", match[0])
        if word.lower() in _COMMON or word.lower() in STOP or len(word) < 2:
            continue
        before = text[: match.start()].rstrip("\"'“‘([ ")
        first = match.start() in starts or not before or before[-1] in ".!?:"
        if _is_name(word, first or titled):
            found[word] = None
    return tuple(found)


def _is_title_case(text: str) -> bool:
    plain = list(re.findall(r"[A-Za-z]{4,}", text))
    return len(plain) > 3 and sum(w[0].isupper() for w in plain) > 0.7 * len(plain)


def _is_name(word: str, first: bool) -> bool:
    parts = re.split(r"[-/_]", word)
    if any(re.search(r"[A-Za-z].*\d|\d.*[A-Za-z]", p) or (p.isdigit() and word[0].isupper()) for p in [word, *parts]):
        return not re.fullmatch(r"(?:top|level|step|stage|layer|sub|x|of|by|to)-?\d+|\d[dD]", word, re.I)
    if re.fullmatch(r"[a-z]-[A-Za-z]{3,}", word):  # k-means, t-test
        return word[0] not in "aeio"
    if any(sum(c.isupper() for c in p) >= 2 or re.search(r"[a-z][A-Z]", p) for p in parts):
        return True
    return not first and any(p[:1].isupper() for p in parts)


def strong(name: str) -> bool:
    """A name by its looks alone: a capital inside, a digit, k-means. `Contrastive` is one by its place only."""
    return _is_name(name, first=True)


def form(name: str) -> str:
    """What the spellings of one name share: no case, hyphens or plural."""
    plain = re.sub(r"[^a-z0-9]", "", name.casefold())
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") else plain


@lru_cache(maxsize=1024)  # of an abstract they take some 60 kB
def forms(text: str) -> frozenset[str]:
    """Every run of up to four words of `text` as one form, so that `Res Net 50` knows `ResNet-50`."""
    parts = re.findall(r"[a-z0-9]+", clean(text).casefold())
    return frozenset(form("".join(parts[i : i + n])) for n in range(1, 5) for i in range(len(parts) - n + 1))


@lru_cache(maxsize=4096)
def initials(text: str) -> tuple[str, ...]:
    """First letters of the words of each clause, hyphenated parts apart; where acronyms come from."""
    lines = []
    for clause in re.split(r"[.;:()?!]", clean(text)):
        parts = re.findall(r"[A-Za-z0-9]+", clause)
        lines.append("".join(p[0] for p in parts).lower())
        lines.append(
            "".join(p[0] for p in parts if p.lower() not in {"of", "the", "and", "for", "a", "in", "with"}).lower()
        )
    return tuple(lines)


@lru_cache(maxsize=4096)
def definitions(abstract: str) -> tuple[tuple[str, str], ...]:
    """(abbreviation, long form) as the abstract defines them: `Matryoshka Representation Learning (MRL)`."""
    found = []
    for match in _LONG_FORM.finditer(clean(abstract)):
        short, long = match[2], match[1].strip()
        letters = re.sub(r"[^a-z]", "", short.lower())
        taken = re.findall(r"[A-Za-z0-9]+", long)
        for size in range(1, len(taken) + 1):
            tail = "".join(w[0] for w in taken[-size:]).lower()
            if letters and (
                tail == letters or (size > 1 and tail[0] == letters[0] and _within(letters, taken[-size:]))
            ):
                found.append((short, " ".join(taken[-size:])))
                break
    return tuple(found)


def _within(letters: str, taken: list[str]) -> bool:
    """Do the letters appear in order in the words, the first one at the start?"""
    rest = iter("".join(taken).lower())
    return len(letters) >= len(taken) and all(letter in rest for letter in letters)


@lru_cache(maxsize=1024)
def own_names(title: str, abstract: str) -> frozenset[str]:
    """Forms of the names of the paper's own work: those in the title, or where something is introduced."""
    found = {form(n) for n in names(title)} | {form(w) for w in re.findall(r"[\w-]+", title.split(":")[0])[:1]}
    for span in sentences.split(abstract):
        sentence = abstract[span.start : span.end]
        if re.search(r"(?i)\b(?:we|this|our|paper|work)\b", sentence) and _OWN.search(sentence):
            after = sentence[min((m.end() for m in _OWN.finditer(sentence)), default=0) :]
            found |= {form(n) for n in names("a " + after)}
    return frozenset(found)


def knows(name: str, span: str, title: str, abstract: str) -> bool:
    """Is the name in the span or the title, literally, as its abbreviation or as the long form of one?"""
    wanted = form(name)
    here = forms(span) | forms(title)
    if not wanted or wanted in here or any(_prefix(wanted, known) for known in here):
        return True
    for short, long in definitions(title + ". " + abstract):
        pair = {form(short), form(long)}
        if (wanted in pair or _part_of(name, long)) and any(p in here for p in pair):
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
        and all(p.lower() in STOP or form(p) in here or (p.islower() and p.isalpha() and len(p) > 1) for p in parts)
        and any(form(p) in here for p in parts)
    )


def _spelled_out(name: str, text: str) -> bool:
    """`ResNet` for `residual networks`, `ViT` for `vision transformer`: each part begins a word."""
    parts = re.findall(r"[A-Z][a-z]*", name.rstrip("s"))
    if len(parts) < 2 or "".join(parts) != name.rstrip("s"):
        return False
    gap = r"[a-z]*[\s-]+"
    return bool(re.search(r"\b" + gap.join(p.lower() for p in parts), clean(text).lower()))


def _prefix(wanted: str, known: str) -> bool:
    """`ImageNet` for `ImageNet-1K`, `Transformer` for `Transformers`, but not `GPT3` for `GPT35`."""
    if len(wanted) < 4 or not known.startswith(wanted):
        return False
    rest = known[len(wanted) :]
    return rest in {"s", "es", "based"} or (
        not wanted[-1].isdigit() and bool(re.fullmatch(r"v?\d{1,4}[a-z]{0,2}", rest))
    )


def _part_of(name: str, long: str) -> bool:
    return name.lower() in long.lower().split()
