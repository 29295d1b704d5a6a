"""Courtesies: what opens and closes a message without saying what it is about, as "Hello," and «Заранее спасибо, Анна».

Whoever writes to people greets them, and articles do not: taken for words that no article knows, two greetings cost half of
the answers.
"""

import re

_TO = r"(?:\s+(?:all|there|everyone|everybody|folks|guys|team|sir|madam|support|sirs?\s+(?:and|or)\s+madams?|(?:(?:the|your)\s+)?[\w&.-]{1,20}\s+team))*"
_RUSSIAN = r"здравствуйте|здравствуй|приветствую|привет|доброго\s+времени\s+суток|добрый\s+(?:день|вечер)|доброго\s+(?:дня|вечера)|доброе\s+утро"
_SPACED = (
    rf"(?:hello|hi|hey|greetings|good\s+(?:morning|day|afternoon|evening)){_TO}",
    r"dear\s+[^\n,.!?:;]{1,40}(?=[,!:;\n])",
    rf"(?:{_RUSSIAN})(?:\s+(?:всем|команда|коллеги|поддержка))*",
    r"уважаем(?:ые|ая|ый)\s+[^\n,.!?:;]{1,40}(?=[,!:;\n])",
)
_CHINESE = r"(?:您好|你好|大家好|早上好|上午好|下午好|晚上好|请问)[呀啊]?|尊敬的[^\n,，。!！:：]{1,20}(?=[,，!！:：\n])"
_THANKS = (
    r"(?:many\s+)?thanks(?:\s+(?:in\s+advance|a\s+lot|so\s+much|for\s+(?:your|the|any|all)\s+\w+))?",
    r"thank\s+you(?:\s+(?:very|so)\s+much)?(?:\s+(?:in\s+advance|for\s+(?:your|the|any|all)\s+\w+))?",
    r"(?:(?:best|kind|warm|kindest)\s+)?(?:regards|wishes)|(?:yours\s+)?(?:sincerely|faithfully|truly)|cheers",
    r"(?:заранее\s+)?(?:большое\s+)?спасибо(?:\s+(?:большое|заранее|вам|за\s+(?:помощь|ответ|внимание)))*",
    r"(?:заранее\s+|буду\s+)?благодар(?:ю|им|ен|на|ны)(?:\s+(?:заранее|вас|за\s+(?:помощь|ответ)))*|с\s+уважением|всего\s+доброго",
    r"(?:先)?(?:谢谢|多谢|感谢)(?:您|你|大家|啦|了|们|的|帮助|回复)*|此致(?:\s*敬礼)?|敬上|麻烦(?:您|你)?了|拜托了",
)
_BETWEEN = r"[\s,，.!！。;；:：)(~–—-]*"
_WORD = r"[^\W\d_][\w.'’-]*"
_NAME = rf"(?:(?:[ \t]*[,，.!！。~–—-]+\s*|\s*\n\s*){_WORD}(?:[ \t]+{_WORD}){{0,2}}|[ \t]+(?-i:[A-ZА-ЯЁ])[\w.'’-]*)?"
_OPENING = re.compile(rf"{_BETWEEN}(?:(?:(?:{'|'.join(_SPACED)})(?=[\W_]|[\u3000-\u9fff]|$)|{_CHINESE}){_BETWEEN})+", re.IGNORECASE)
_CLOSING = re.compile(rf"(?:(?<=[\s,，.!！。;；?？)])|^)(?:(?:{'|'.join(_THANKS)}){_BETWEEN})+{_NAME}{_BETWEEN}$", re.IGNORECASE)
_FIRST, _LAST = 400, 120
"""Characters at the beginning and at the end in which courtesies are looked for."""


def without_courtesies(text: str) -> str:
    """Put blanks in the place of greetings at the beginning, and of thanks and the name at the end; a text that has nothing else stays.

    :return: as long as the text.
    """
    begin = opening.end() if (opening := _OPENING.match(text, 0, _FIRST)) else 0
    closing = _CLOSING.search(text, max(begin, len(text.rstrip()) - _LAST))
    end = closing.start() if closing else len(text)
    return " " * begin + text[begin:end] + " " * (len(text) - end) if text[begin:end].strip() else text
