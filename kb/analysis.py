"""Analysis: the terms of a text in its language, and where in the text each one stands."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang import has_stemmer, has_stopwords, stemmer_for_language, stopwords_for_language

from kb.languages import ENGLISH, base, script_of

LONGEST_TERM = 40
LEAST_WORDS, LEAST_CHARACTERS = 2, 4
SENTENCE = 4
"""Words of any kind that are a question even if only one of them says something, as in "Where is my refund"."""

_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f"
_RUN = (
    "\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
_LETTERS = rf"(?:[^\W{_RUN}_]++|[{_MARKS}]++)++"
_PIECES = re.compile(
    rf"(?P<run>[{_RUN}]+)"
    r"|(?P<code>[A-Za-z0-9]+(?:[-._][A-Za-z0-9]+)+)"
    rf"|(?P<word>{_LETTERS}(?:['’]{_LETTERS})*(?:[-‐‑]{_LETTERS})*)",
)
_DIGIT = re.compile("[0-9]")
_PART = re.compile("[A-Za-z0-9]+")
_VERSION = re.compile(r"^(?:v|ver|version)\.?(?=[0-9]+\.)")
_LOOK_ALIKE = str.maketrans("авекмнорстух", "abekmhopctyx")
_HYPHEN = re.compile("[-‐‑]")
_FOLDED = re.compile("[\u00c0-\u024f\u0370-\u03ff\u0590-\u06ff\u1e00-\u1fff]")
_FOLD_LETTERS = str.maketrans({"ё": "е", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "\u0640": None})

# Words that say nothing, where Whoosh has no list or a short one.
_MORE_STOP_WORDS = {
    "en": "hi hello hey dear please thanks thank regards want need would could get got im ive cant dont doesnt didnt isnt wont whats hows us also still even "
    "really help problem question",
    "ru": "здравствуйте здравствуй привет добрый день вечер утро пожалуйста спасибо подскажите скажите помогите это который "
    "хочу нужно надо мочь могу можно как что ли же бы уже еще очень мне меня мой моя мое мои свой просто вопрос проблема",
}
_STOP_CHARACTERS = frozenset("的了是我你您他她它们在有和就不都也很到说要去会着没这那吗呢吧啊请问谢好么")
_STOP_RUNS = frozenset(("怎么", "什么", "如何", "为什", "么办", "请问", "谢谢", "您好", "你好", "可以", "我们", "我的", "一个", "一下", "没有", "是不", "不是"))


class Term(NamedTuple):
    """A term as it is matched, and the characters of the text that it stands for."""

    text: str
    start: int
    end: int
    stop: bool


def terms(text: str, language: str) -> Iterator[Term]:
    """Give the terms of a text in order; stop words are marked, not left out.

    Words are stemmed, texts without spaces between words are cut into overlapping pairs of characters, error codes,
    versions and part numbers are kept whole. A word with a hyphen gives its parts and both together.
    """
    language = base(language)
    for piece in _PIECES.finditer(text):
        kind = piece.lastgroup
        if kind == "word" and (plain := _plain(piece.group(), language)):
            yield Term(plain[0], piece.start(), piece.end(), plain[1])
        elif kind == "run":
            yield from _pairs(piece.group(), piece.start())
        elif kind == "code":
            yield from _codes(piece.group(), piece.start(), language)
        else:
            yield from _words(piece.group(), piece.start(), language)


@lru_cache(maxsize=50_000)
def is_code(word: str) -> bool:
    """Tell an error code, a version, a part number or a file name from a word."""
    whole = _PIECES.fullmatch(word)
    if whole is None or not word.isascii() or word.isdigit():
        return False
    return _DIGIT.search(word) is not None or (whole.lastgroup == "code" and "." in word)


def content_count(text: str, language: str) -> tuple[int, int]:
    """Count the words of a text that say something, and its characters of scripts without spaces."""
    found = list(_content(text, language))
    return len({word for word, _ in found if word}), sum(characters for _, characters in found)


def engaged(text: str, language: str) -> bool:
    """Tell whether a text is a real question: two content words, one in a sentence of four, or four Chinese characters."""
    words, characters, apart = set(), 0, 0
    for word, many in _content(text, language):
        characters += many
        apart += not many
        if word:
            words.add(word)
        if len(words) >= LEAST_WORDS or characters >= LEAST_CHARACTERS:  # Most texts show it in their beginning.
            return True
    return bool(words) and (characters >= LEAST_CHARACTERS // 2 or apart >= SENTENCE)


def _content(text: str, language: str) -> Iterator[tuple[str, int]]:
    """Give each word in small letters, or nothing for one that says nothing; or how long a run of a script without spaces is."""
    for piece in _PIECES.finditer(text):
        if piece.lastgroup == "run":
            yield "", len(piece.group())
        else:
            yield "" if is_stop_word(piece.group(), language) else piece.group().casefold(), 0


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Bring a word to the form in which it is matched."""
    word = normal(word)[: 2 * LONGEST_TERM]
    if _DIGIT.search(word):
        return _code(word)[:LONGEST_TERM]
    if language == "ar":
        word = _light_arabic(word)
    elif stemmer := _stemmer(ENGLISH if word.isascii() and not _is_latin(language) else language):
        word = stemmer(word) or word
    if _FOLDED.search(word):
        word = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return word[:LONGEST_TERM]


def normal(word: str) -> str:
    """Fold what means the same: width and compatibility forms, case, ё and е, marks that are often left out."""
    return unicodedata.normalize("NFKC", word).casefold().translate(_FOLD_LETTERS)


@lru_cache(maxsize=50_000)
def is_stop_word(word: str, language: str) -> bool:
    """Tell whether a word says nothing about what a text is about."""
    word = normal(word).replace("'", "").replace("’", "")
    return (len(word) < 2 and not word.isdigit()) or word in stop_words(base(language))


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Give the words of a language that say nothing."""
    known = stopwords_for_language(language) if has_stopwords(language) else ()
    words = {normal(word) for word in known} | set(_MORE_STOP_WORDS.get(language, "").split())
    return frozenset(words | {word.replace("'", "") for word in words})


@lru_cache(maxsize=200_000)
def _plain(word: str, language: str) -> tuple[str, bool] | None:
    """Give the term of a word without a hyphen, which nearly all are, and whether it says nothing."""
    return None if _HYPHEN.search(word) else (stem(word, language), is_stop_word(word, language))


def _pairs(run: str, start: int) -> Iterator[Term]:
    run = run if run.isalpha() else run.casefold()
    if len(run) == 1:
        yield Term(run, start, start + 1, run in _STOP_CHARACTERS)
    for at in range(len(run) - 1):
        pair = run[at : at + 2]
        yield Term(pair, start + at, start + at + 2, pair in _STOP_RUNS or (pair[0] in _STOP_CHARACTERS and pair[1] in _STOP_CHARACTERS))


def _words(word: str, start: int, language: str) -> Iterator[Term]:
    parts = _HYPHEN.split(word)
    if len(parts) > 1:
        yield Term(stem("".join(parts), language), start, start + len(word), False)
    at = start
    for part in parts:
        if part:
            yield Term(stem(part, language), at, at + len(part), is_stop_word(part, language))
        at += len(part) + 1


def _codes(code: str, start: int, language: str) -> Iterator[Term]:
    """Keep an error code, a version or a file name whole; without a digit its parts are words too."""
    whole = _VERSION.sub("", normal(code)).replace("-", "").replace("_", "")[:LONGEST_TERM]
    if _DIGIT.search(code):
        yield Term(whole, start, start + len(code), False)
        return
    yield Term(whole if "." in whole else stem(whole, language), start, start + len(code), False)
    for part in _PART.finditer(code):
        word = part.group()
        yield Term(stem(word, language), start + part.start(), start + part.end(), is_stop_word(word, language))


def _code(word: str) -> str:
    """Read Cyrillic letters in a code as the Latin ones that look the same: nobody sees which of them a keyboard gave."""
    latin = word.translate(_LOOK_ALIKE)
    return latin if latin.isascii() else word


def _light_arabic(word: str) -> str:
    """Cut the article, the particles written with it and the commonest endings; Whoosh's own stemmer fails on Python 3.7 and later."""
    word = re.sub("[أإآ]", "ا", word).replace("ى", "ي").replace("ة", "ه")
    word = re.sub("^(?:وال|بال|كال|فال|لل|ال)(?=..)", "", word)
    return re.sub("(?<=..)(?:ها|ان|ات|ون|ين|يه|ه|ي)$", "", word)


@lru_cache(maxsize=64)
def _is_latin(language: str) -> bool:
    return script_of(language) == "latin"


@lru_cache(maxsize=64)
def _stemmer(language: str):  # type: ignore[no-untyped-def]
    return stemmer_for_language(language) if has_stemmer(language) else None
