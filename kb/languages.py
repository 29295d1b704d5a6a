"""Languages of texts: which one a text is written in, told by its script and by common words."""

import re
from functools import lru_cache

ENGLISH = "en"
LONGEST_LOOK = 600
"""Characters looked at; the first of a message tell its language."""

_SCRIPTS = {
    "latin": "a-zA-Z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a",
    "ru": "\u0400-\u052f",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "he": "\u0590-\u05ff\ufb1d-\ufb4f",
    "ar": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "hi": "\u0900-\u097f",
    "th": "\u0e00-\u0e7f",
    "ka": "\u10a0-\u10ff",
    "hy": "\u0530-\u058f",
    "kana": "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "zh": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff",
}
_LETTERS = {name: re.compile(f"[{ranges}]") for name, ranges in _SCRIPTS.items()}
_FOREIGN = re.compile("[^\x00-\u024f]")
_WORD = re.compile(r"[^\W\d_]+")

# One character of these says as much as several letters.
_WEIGHT = {"zh": 2.5, "kana": 2.0, "ko": 2.0}
# Below this share of the letters, another script is only quoted: a product's name in Latin does not make a text English.
_SHARE_OF_LATIN = 0.8
_SHARE_OF_KANA = 0.08

# Letters that a neighbour language has and the usual one of its script has not.
_TELLING = {"ru": (("uk", "іїєґІЇЄҐ"), ("be", "ўЎ"), ("sr", "ђћџјљњЂЋЏЈЉЊ")), "ar": (("fa", "پچژگ"),)}

_COMMON = {
    "en": "the and is it to my i of in you have not can how for with this that what on do are was but when",
    "de": "der die das und ist nicht ich ein eine mit auf für den dem wie kann mein meine es von zu wird sich",
    "fr": "le la les des et est une un je ne pas que pour dans mon ma avec sur comment du qui au ce vous plus",
    "es": "el la los las y es una un no que para en mi con por como del se lo al cómo puedo está",
    "it": "il la le e è un una non che per di mi con come del si della ho posso sono nel",
    "pt": "o a os as e é um uma não que para em meu minha com por como do da se posso está ao",
    "nl": "de het een en is niet ik van op met voor mijn dat hoe te kan zijn wordt naar maar",
    "sv": "och är inte jag det en ett att på med för min hur kan som av till har mitt",
    "da": "og er ikke jeg det en et at på med for min hvordan kan som af til har mit",
    "no": "og er ikke jeg det en et å på med for min hvordan kan som av til har mitt",
    "fi": "ja on ei en se minun miten voi kun mutta että tämä ole olen kanssa",
    "pl": "i jest nie w na do się mi moje jak z to czy mam ale po od przez mój",
    "tr": "ve bir bu için ne nasıl değil ben benim da de ile var yok mi çok",
    "hu": "a az és nem egy hogy van ez de meg mit hogyan én is csak",
    "ro": "și este nu un o la în de cu pe pentru cum mea meu să care am",
    "cs": "a je ne se na v do mi jak to že pro ale mám můj není",
}
_COMMON_IN: dict[str, tuple[str, ...]] = {}
for _language, _words in _COMMON.items():
    for _word in _words.split():
        _COMMON_IN[_word] = (*_COMMON_IN.get(_word, ()), _language)


def base(language: str) -> str:
    """Cut a language tag to its language: ``zh-Hans`` is ``zh``."""
    return re.split("[-_]", language.strip().lower(), maxsplit=1)[0] if language else ""


def language_of(text: str, interface: str = "") -> str:
    """Tell the language that a text is written in; takes microseconds.

    :param interface: language of the page the text was typed on, which decides between languages of one script.
    :return: a two-letter code; the interface's language, or English, where the text does not tell.
    """
    text, interface = text[:LONGEST_LOOK], base(interface)
    script = _script(text)
    if script == "latin":
        return _of_latin(text, interface)
    if not script:
        return interface or ENGLISH
    neighbours = _TELLING.get(script, ())
    if interface in {code for code, _ in neighbours} | {"bg", "mk", "ur"} and script_of(interface) == script:
        return interface
    return next((code for code, letters in neighbours if any(letter in text for letter in letters)), script)


@lru_cache(maxsize=20_000)
def script_in(word: str) -> str:
    """Name the script that a word is written in, as ``script_of`` does; empty if it has no letter."""
    return _script(word)


def _script(text: str) -> str:
    if not _FOREIGN.search(text):
        return "latin" if _LETTERS["latin"].search(text) else ""
    counts = {name: len(letters.findall(text)) * _WEIGHT.get(name, 1.0) for name, letters in _LETTERS.items()}
    total = sum(counts.values())
    if not total:
        return ""
    latin, kana = counts.pop("latin"), counts.pop("kana")
    if latin > _SHARE_OF_LATIN * total:
        return "latin"
    # A Japanese text always has kana among its characters; one の in a Chinese shop's name does not make it Japanese.
    if kana and kana > _SHARE_OF_KANA * (kana + counts["zh"]):
        counts["ja"] = kana + counts.pop("zh")
    return max(counts, key=counts.__getitem__)


def _of_latin(text: str, interface: str) -> str:
    usual = interface if interface and script_of(interface) == "latin" else ENGLISH
    words = [word.casefold() for word in _WORD.findall(text) if len(word) > 1]
    if not words and interface:  # A code alone is of no language.
        return interface
    hits = dict.fromkeys(_COMMON, 0)
    for word in words:
        for language in _COMMON_IN.get(word, ()):
            hits[language] += 1
    best = max(hits, key=hits.__getitem__)
    return best if hits[best] >= hits.get(usual, 0) + 2 else usual


@lru_cache(maxsize=256)
def script_of(language: str) -> str:
    """Name the script that a language is usually written in: ``latin``, or the code of the language that stands for it."""
    if language in {"ru", "uk", "be", "sr", "bg", "mk", "kk", "mn"}:
        return "ru"
    if language in {"ar", "fa", "ur"}:
        return "ar"
    return language if language in _SCRIPTS or language == "ja" else "latin"
