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
    kb kib kilobytes kilobyte
    mb mib megabytes megabyte
    gb gib gigabytes gigabyte
    tb tib terabytes terabyte
    hz hertz
    khz kilohertz
    mhz megahertz
    ghz gigahertz
    tesla teslas
    kelvin kelvins
    bit bits
    w watt watts
    db decibel decibels
"""
UNIT_OF = {word: row.split()[0] for row in _UNITS.strip().splitlines() for word in row.split()} | {
    unit: unit for unit in "fps mm cm km nm mg kg ml kj mj kw mv kv mmhg".split()
}
"""The standard spelling of each spelling of a unit."""
UNIT_LETTERS = {"T": "tesla", "K": "kelvin"}
"""Letters that are a unit as well as a scale: `7T` is seven tesla or seven trillion."""
_DIMENSIONS = """
    ms=1e-3 s=1 min=60 h=3600 day=86400 week=604800 month=2629800 year=31557600
    kb=1e3 mb=1e6 gb=1e9 tb=1e12
    nm=1e-9 mm=1e-3 cm=1e-2 km=1e3
    hz=1 khz=1e3 mhz=1e6 ghz=1e9
    mg=1e-6 kg=1
    w=1 kw=1e3
"""
MEASURE_OF = {
    unit: (number, float(size))
    for number, row in enumerate(_DIMENSIONS.strip().splitlines())
    for unit, size in (cell.split("=") for cell in row.split())
}
"""What each unit measures, as the number of a dimension, and its size in units of that dimension."""
FRACTIONS = _values("""
    half halves = 2
    third thirds = 3
    quarter quarters fourth fourths = 4
    fifth fifths = 5
    sixth sixths = 6
    seventh sevenths = 7
    eighth eighths = 8
    ninth ninths = 9
    tenth tenths = 10
""")
"""The denominators of fractions in words."""
