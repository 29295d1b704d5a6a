"""Slips: which two words are the same word, one of them written wrong or in another form; and which words carry no substance."""

import re

from kb.analysis import normal, stem
from kb.languages import base

LEAST_FOR_A_SLIP = 5
"""Letters from which on one wrong letter is a slip: under them it is mostly another word, as in *warm* and *warn*."""

SAME_START = 3
"""Letters at the start that a slip leaves alone: prefixes stand there, and they turn a meaning round, as in *включите* and *выключите*."""

LEAST_FOR_A_FORM = 3

_EMPTY = {
    "en": "a an the this that these those of your my please kindly just simply really very quite also then so actually basically",
    "ru": "пожалуйста просто очень же то вот также это этот эта эти этого этой этих ваш ваша ваше ваши вашего вашей вашему ваших вашем вашу вашим "
    "свой своя свое свои своего своей своему своих своем свою своим",
    "zh": "的 了 地 得 请 着 吧 呢 啊 呀 嘛 就",
    "de": "der die das dem den des ein eine einen einem einer eines bitte einfach sehr auch",
    "fr": "le la les l un une du des veuillez très aussi",
    "es": "el la los las un una unos unas muy también",
    "ar": "يرجى رجاء قد جدا",
    "he": "נא אנא בבקשה מאוד",
}
_SAME = {
    "en": "are=is am=is were=was have=has do=does there=their youre=your off=of too=to whom=who email=mail emails=mails",
    "zh": "您=你 帐=账 陆=录 它=他 做=作 象=像 再=在 己=已 巳=已 侯=候 须=需 份=分 坐=座",
}
EMPTY = {language: frozenset(normal(word) for word in words.split()) for language, words in _EMPTY.items()}
_SAME_AS = {language: dict(pair.split("=") for pair in pairs.split()) for language, pairs in _SAME.items()}
_DOUBLED = re.compile(r"(.)\1")


def is_empty(word: str, language: str) -> bool:
    """Tell whether a word may come and go without a change of substance."""
    return word in EMPTY.get(base(language), ())


def is_slip(old: str, new: str, language: str) -> bool:
    """Tell whether two words, in small letters, are one and the same, written or bent otherwise.

    A word with a digit is never the same as another one.
    """
    if old == new:
        return True
    if any(letter.isdigit() for letter in old + new):
        return False
    same = _SAME_AS.get(base(language), {})
    if same.get(old, old) == same.get(new, new):
        return True
    shorter = min(len(old), len(new))
    if shorter < LEAST_FOR_A_FORM or old[0] != new[0]:
        return False
    if _DOUBLED.sub(r"\1", old) == _DOUBLED.sub(r"\1", new) or _swapped(old, new) or stem(old, base(language)) == stem(new, base(language)):
        return True
    return shorter >= LEAST_FOR_A_SLIP and old[:SAME_START] == new[:SAME_START] and _one_letter_off(old, new)


def _swapped(old: str, new: str) -> bool:
    """Tell whether two neighbours changed places."""
    if len(old) != len(new):
        return False
    at = [place for place in range(len(old)) if old[place] != new[place]]
    return len(at) == 2 and at[1] == at[0] + 1 and old[at[0]] == new[at[1]] and old[at[1]] == new[at[0]]


def _one_letter_off(old: str, new: str) -> bool:
    """Tell whether one letter is wrong, missing or too many."""
    if abs(len(old) - len(new)) > 1:
        return False
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    return old[head + 1 :] == new[head + 1 :] or old[head:] == new[head + 1 :] or old[head + 1 :] == new[head:]
