"""Tables of the words and signs that make up figures: counts, scales, factors and units."""

from __future__ import annotations


def _values(table: str) -> dict[str, float]:
    """The words of a table whose lines read `word word = value`, each with its value."""
    rows = (row.split("=") for row in table.strip().splitlines())
    return {word: float(value) for words, value in rows for word in words.split()}


SCALES = _values("""
    k thousand = 1e3
    m mn million = 1e6
    b bn billion = 1e9
    t trillion = 1e12
    hundred = 100
    dozen = 12
""")
_COUNTS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty"""
COUNTS = {word: float(value) for value, word in enumerate(_COUNTS.split())} | {"single": 1.0, "both": 2.0}
"""Small counts, which a paraphrase may state where the source merely lists things."""
WORDS = COUNTS | _values("""
    thirty = 30
    forty = 40
    fifty = 50
    sixty = 60
    seventy = 70
    eighty = 80
    ninety = 90
    hundred = 100
    thousand = 1e3
    million = 1e6
    billion = 1e9
    dozen = 12
""")
FACTORS = _values("""
    twice double doubles doubled doubling twofold = 2
    triple triples tripled tripling thrice threefold = 3
    quadruple quadruples quadrupled fourfold = 4
    fivefold = 5
    tenfold = 10
    half halves halved halving halve = 0.5
""")
FIGURES = frozenset(WORDS) | {"percent", "times", "fold", "x", "×", "k"}
"""Words that are a figure or part of one."""
_UNITS = """
    % percent percentage pp points point
    x × times fold
    ms milliseconds millisecond
    s sec secs seconds second
    min mins minutes minute
    h hr hrs hours hour
    day days
    week weeks
    month months
    year years
    gb gib gigabytes gigabyte
    mb mib megabytes
    bit bits
    w watt watts
"""
UNIT_OF = {word: row.split()[0] for row in _UNITS.strip().splitlines() for word in row.split()} | {
    unit: unit for unit in ("db", "kb", "tb", "hz", "khz", "fps", "mm", "cm", "km", "kg", "mj")
}
"""The standard spelling of each spelling of a unit."""
