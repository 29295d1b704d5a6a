"""Charsets of old mail: bytes read as what they are, whatever they claim to be, in English, Russian and Chinese above all."""

import codecs
import re
from functools import lru_cache

_LOOKED_AT = 4000
"""Bytes by which it is told what a text is encoded in."""
_ALIASES = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030", "gb2312-80": "gb18030", "chinesesimplified": "gb18030",
    "big5": "big5hkscs", "x-big5": "big5hkscs", "cp-1251": "cp1251", "win-1251": "cp1251", "windows1251": "cp1251", "x-cp1251": "cp1251",
    "koi8": "koi8-r", "koi8r": "koi8-r", "utf8mb4": "utf-8", "unicode-1-1-utf-7": "utf-7",
}  # fmt: skip
_GUESSED = ("cp1251", "koi8-r", "gb18030", "big5hkscs", "cp1252", "cp866", "iso8859-5")
# Nearly everything can be read in these, so being able to says nothing.
_INDULGENT = {
    "ascii",
    "iso8859-1",
    "cp1252",
    "cp1251",
    "koi8-r",
    "iso8859-5",
    "cp866",
    "koi8-u",
    "mac-cyrillic",
    "iso8859-15",
    "iso8859-2",
    "gb18030",
    "big5hkscs",
}
_IN_ASCII = {"utf-7", "hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_3", "iso2022_kr"}
_UNICODE = {"utf-8", "utf-7", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf_8_sig"}
_FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运您请谢码账号帮订单付款退"
    "這個們來為國說時會對過發後裡樣種經學現當沒動開關點業將兩間問應戰頭體見產無實長機與還進給話認題電數報務場計達設難請謝碼帳號訂單幫嗎"
)
_ALPHABET = re.compile(r"[а-яё]")
_INSIDE = re.compile(r"(?<=[а-яёА-ЯЁ])[А-ЯЁ](?=[а-яё])|[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
_ODD = re.compile("[\x80-\x9f\ufffd\ue000-\uf8ff\u2500-\u259f¤¦§¨©¬®¯°±¶·¸º¼½¾¿÷×ЂѓЃ‚„†‡€‰ЉЊЌЋЏђљњќћџЎўЈҐЁ№Єє»«Їіѕј]")
_LATIN = re.compile(r"(?<=[A-Za-z])[à-öø-ÿ]|[à-öø-ÿ](?=[a-z])")
_OFTEN = frozenset("оеаинтсрвл")


def decode(content: bytes, declared: str) -> tuple[str, str]:
    """Read some bytes.

    :param declared: what they are said to be encoded in, which is not always true.
    :return: the text, and what it turned out to be encoded in.
    """
    said = _codec(declared)
    if content.isascii() and said not in _IN_ASCII:
        return content.decode("ascii"), "utf-8"
    if said not in {*_UNICODE, *_IN_ASCII} - {"utf-8"} and (text := _strictly(content, "utf-8")) is not None:
        return text, "utf-8"
    if said and said not in _INDULGENT and (text := _strictly(content, said)) is not None:
        return text, said
    chosen = _guess(content, said)
    return content.decode(chosen, "replace"), chosen


@lru_cache(maxsize=256)
def _codec(name: str) -> str:
    """Give the name of a codec as Python has it; nothing if it is none, or none for text."""
    name = name.strip().strip("\"'").lower()[:40]
    try:
        found = codecs.lookup(_ALIASES.get(name, name))
        "".encode(found.name)
    except (LookupError, ValueError, TypeError, UnicodeError, AttributeError):
        return ""
    return found.name if found._is_text_encoding else ""


def _guess(content: bytes, said: str) -> str:
    sample = content[:_LOOKED_AT]
    candidates = dict.fromkeys((*([said] if said else []), *_GUESSED))
    worths = {name: _worth(sample.decode(name, "replace")) / len(sample) for name in candidates if name not in _UNICODE}
    if said == "utf-8" or not worths:  # Said to be so, but damaged: what is whole of it may be most.
        worths["utf-8"] = _worth(sample.decode("utf-8", "replace")) / len(sample)
    best = max(worths, key=worths.__getitem__)
    return said if said in worths and worths[said] >= 0.8 * worths[best] > 0 else best


def _strictly(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (UnicodeError, ValueError):
        return None


def _worth(text: str) -> float:
    """Tell how much a text looks like one that somebody wrote, in points for its letters."""
    if text.isascii():
        return len(text) / 10
    cyrillic = _ALPHABET.findall(text)
    chinese = [character for character in text if "\u4e00" <= character <= "\u9fff"]
    points = 0.0 + len(cyrillic) + sum(character in _OFTEN for character in cyrillic) + len(_LATIN.findall(text))
    points += sum(3.0 if character in _FREQUENT else 0.3 for character in chinese)
    return points - 1.5 * len(_INSIDE.findall(text)) - 1.5 * len(_ODD.findall(text))
