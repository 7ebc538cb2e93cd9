"""Recognizes a text that is not in English: by its script, or by the function words of the common languages.

Names, titles and terms say nothing about the language of a question, so only words that every text of a language uses count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

_FEWEST = 2
"""Function words of another language that a text needs: a single one may belong to a name or a title."""
_LEAST_SHARE = 0.25
"""Share of its words that are function words of the other language; a name such as "van der Waals" has fewer."""
_SCRIPT_SHARE = 0.3
"""Share of the letters in another script that makes a text foreign: Latin names and terms stand in many such questions."""
_SCRIPTS = {
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "HANGUL": "Korean",
    "CJK": "Chinese",
    "CYRILLIC": "Russian",
    "DEVANAGARI": "Hindi",
    "ETHIOPIC": "Amharic",
    "GURMUKHI": "Punjabi",
    "KHMER": "Khmer",
    "MYANMAR": "Burmese",
    "ORIYA": "Odia",
    "SINHALA": "Sinhala",
}
"""The first word of a letter's Unicode name -> the language that is written so most often; others are named as their script
is, such as Georgian, Tamil or Thai."""
_OF_NO_SCRIPT = frozenset(["LATIN", "MODIFIER", "MATHEMATICAL"])
"""How the names of letters begin that English is written with, formulas included."""
_WORD = re.compile(r"(?i:\b(?:cos|com|qual)'è)|\b(?:[dlcnsj]|qu)'(?=[a-zà-ÿ])|[^\W\d_]+")
"""A word, or one that French and Italian shorten before a vowel; not in names such as d'Alembert."""
_QUESTION_WORDS: Mapping[str, str] = {
    word: language
    for language, words in {
        "German": "wie wieso weshalb warum welche welcher welches welchen worum wofür wodurch woher wohin womit",
        "French": "pourquoi quel quelle quels quelles combien comment",
        "Spanish": "qué cómo cuál cuáles cuánto cuánta cuántos cuántas quién cuándo dónde",
        "Portuguese": "como quais quanto quantos quantas porquê",
        "Italian": "perché quale quali quanti quante cos'è com'è qual'è",
        "Catalan": "què quins quines quant",
        "Dutch": "waarom welke hoeveel",
        "Swedish": "vilken vilket vilka varför hur",
        "Danish": "hvad hvordan hvilken hvilket hvilke hvorfor hvornår",
        "Norwegian": "hva hvilken hvorfor hvordan",
        "Polish": "jak jaki jaka jakie które który która dlaczego czym ile",
        "Czech": "jaký jaká jaké který která které proč kolik",
        "Croatian": "što koji koja koje zašto koliko",
        "Finnish": "mitä mikä miten miksi mitkä kuinka millä paljonko",
        "Estonian": "mis kuidas miks milline millised",
        "Hungarian": "hogyan miért milyen melyik mennyi hány",
        "Romanian": "câte cât câți",
        "Latvian": "kas kāpēc kādi kāda cik",
        "Lithuanian": "kas kaip kodėl kokie kokia kiek",
        "Turkish": "nedir nasıl neden hangi nelerdir niçin",
        "Indonesian": "apa apakah bagaimana mengapa berapa",
        "Vietnamese": "gì",
        "Swahili": "nini jinsi kwanini gani",
        "Tagalog": "ano paano bakit ilan",
    }.items()
    for word in words.split()
}
"""Words with which no English text asks: one of them is enough in a text without an English function word."""
_UKRAINIAN = frozenset("іїєґ")
_FUNCTION_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "English": """an the of in on at by for with to from and or but not is are was were be been do does did how what
        which who why when where that this these those it its can could would should has have had than then if as into
        over any there their they you we my your me so no one about between without use uses used also both""",
        "German": """der die das den dem des ein eine einen einem einer und oder nicht ist sind war wird werden wurde wurden
        wie was welche welcher welches welchen warum wann wo wer mit von für auf bei aus nach über zum zur im am man es sie
        ich wir kann können hat haben gibt um auch ohne zwischen durch wenn dass als viel viele wieviel zu zur beim vom sich sehr mehr nur noch so sie
        ihr ihre sein seine haben soll""",
        "French": """le la les un une des du de et ou est sont était comment quel quelle quels quelles que qu qui quoi
        pourquoi quand où avec sans pour par sur dans en au aux ce cette ces il elle on peut combien plus pas ne se
        ont été fait entre leur leurs je nous vous l' d' c' n' s' j' qu'""",
        "Spanish": """el la los las un una unos unas de del es son era cómo como qué que cuál cuáles quién cuándo dónde
        por para con sin en al se su sus lo hay puede cuánto cuánta cuántos cuántas más no entre sobre ha han fue yo""",
        "Portuguese": """os as um uma de do da dos das ou são como que qual quais quem quando onde por para com sem
        em no na nos nas ao se seu sua há pode é quanto quantos quantas mais não entre sobre foi eu você""",
        "Italian": """è il lo la gli le un una uno di del della dei delle degli sono come che cosa quale quali chi
        quando dove perché con senza per su nel nella nei al alla si può quanto quanti quante più non tra fra ha hanno""",
        "Dutch": """de het een en of is zijn was wordt worden hoe wat welke wie waarom wanneer waar met van voor op bij uit
        naar over in aan te men er kan kunnen heeft hebben hoeveel niet ook zonder tussen door als dat die ik""",
        "Polish": """na do się jest są jak co który która które jaki jaka jakie kto dlaczego kiedy gdzie czy nie przez
        dla od po ile można bez przy oraz lub""",
        "Swedish": """och en ett den det de är som hur vad vilken vilket vilka vem varför när var med av för på till från
        inte kan har man utan mellan om många""",
        "Danish": """og en et den det de er som hvordan hvad hvilken hvilket hvilke hvem hvorfor hvornår hvor med af for
        på til fra ikke kan har man uden mellem om mange""",
        "Czech": """na se je jsou jak co který která které jaký jaká jaké kdo proč kdy kde pro od do po kolik lze
        bez při nebo že""",
        "Turkish": """ve bir bu ne nasıl hangi kim neden ne zaman nerede ile için mi mı mu mü da de daha kadar kaç olarak
        olan var değil""",
        "Indonesian": """yang dan di ke dari untuk dengan adalah apa bagaimana mengapa kapan mana siapa berapa tidak pada
        ini itu dapat bisa oleh tanpa""",
        "Norwegian": """og en et den det de er som hvordan hva hvilken hvilket hvilke hvem hvorfor når hvor med av for på
        til fra ikke kan har man uten mellom om mange""",
        "Catalan": """el la els les un una uns unes de del dels és són com què que quin quina quins quines qui per amb
        sense en al als no entre sobre""",
        "Finnish": """ja on ovat ei mitä mikä miten miksi mitkä kuka missä milloin kuinka että se ne tämä voi kanssa ilman
        tai kun jos paljonko""",
        "Estonian": "ja on ei mis kuidas miks milline kes kus millal et see võib kui ilma või palju oma",
        "Hungarian": """a az egy és nem hogy mi mit hogyan miért milyen melyik ki hol mikor mennyi van vannak volt lehet
        nélkül vagy ez ezek működik""",
        "Romanian": """și este sunt un o în la cu de pe din ce cum care cât câte când unde nu fără sau pentru prin între
        mai se""",
        "Croatian": "i je su u na s sa za od do ne što kako koji koja koje zašto koliko gdje bez ili kod može se",
        "Slovak": "a je sú v na s so za od do nie čo ako ktorý ktorá ktoré prečo koľko kde bez alebo pri môže sa aký aká",
        "Slovenian": "in je so v na s z za od do ne kaj kako kateri katera zakaj koliko kje brez ali pri lahko se",
        "Latvian": "un ir nav kas kā kāpēc kādi kāda cik kur kad ar no uz par bez vai pie šis šī tas",
        "Lithuanian": "ir yra nėra kas kaip kodėl kokie kokia kiek kur kada su iš į apie be ar prie šis ši tai veikia",
        "Swahili": "ni na ya wa za kwa katika nini jinsi gani vipi lini wapi hii hizi hiyo bila au je",
        "Tagalog": "ang ng sa mga ay at na ano paano bakit ilan sino saan kailan ito iyon hindi para kung wala",
        "Vietnamese": """và của là các những một như thế nào gì tại sao khi cho với không được trong bao nhiêu có""",
    }.items()
}


def foreign_language(text: str) -> str | None:
    """The English name of the language of a text that is not in English; None for English and where it is not clear."""
    text = unicodedata.normalize("NFC", text).replace("’", "'")
    if (written := _by_script(text)) is not None:
        return written
    found = [w for w in _WORD.findall(text) if len(w) > 1 or not w.isascii()]  # single letters are symbols as well
    words = [w.lower() for i, w in enumerate(found) if i == 0 or w.islower()]  # others are names, or German nouns
    hits = {language: sum(w in known for w in words) for language, known in _FUNCTION_WORDS.items()}
    best = max(hits, key=lambda language: (hits[language], language == "English"))
    needed = max(_FEWEST, hits["English"] + 1, _LEAST_SHARE * len(found))
    if hits[best] >= needed:
        return best
    asks = len(found) > 1 and not found[0].isupper() and not hits["English"]
    return next((_QUESTION_WORDS[w] for w in words if w in _QUESTION_WORDS), None) if asks else None


def _by_script(text: str) -> str | None:
    """The language that a text in another script than ours is in."""
    whole = "".join(c for c in text if not unicodedata.category(c).startswith("M"))  # vowel signs are part of a word
    letters = [c for w in re.findall(r"[^\W\d_]{2,}", whole) for c in w]  # single letters stand in formulas
    names = (unicodedata.name(c, "LATIN").partition(" ")[0].partition("-")[0] for c in letters)
    scripts = Counter(_SCRIPTS.get(name, name.title()) for name in names if name not in _OF_NO_SCRIPT)
    if scripts.total() < _SCRIPT_SHARE * len(letters) or not scripts:
        return None
    if "Japanese" in scripts:
        return "Japanese"  # which writes in Chinese characters as well
    language = scripts.most_common(1)[0][0]
    return "Ukrainian" if language == "Russian" and _UKRAINIAN & set(text.lower()) else language
