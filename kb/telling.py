"""Telling words: where a text says who wrote it, as a title, an introduction, a signature, a labelled number or an address."""

import re
from collections.abc import Iterator

_EN = r"[A-Z](?:['’][A-Z])?[a-z]{1,30}(?:-[A-Z][a-z]{1,30})?"
_RU = r"[А-ЯЁ][а-яё]{1,30}(?:-[А-ЯЁ][а-яё]{1,30})?"
_INITIALS = r"(?:\s?[А-ЯЁ]\.){1,2}"
_ZH = "[\u4e00-\u9fff]"
# The commonest family names: about nine in ten people have one of these.
_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_CODE = r"(?:[#№]\s?(?:[A-Za-zА-Яа-яЁё]{1,4}[-/]?)?\d[\dA-Za-z]{2,20}|(?:[A-Za-zА-Яа-яЁё]{1,4}[-/])?\d[\dA-Za-z]{3,20})(?:[-/]\d{1,10})*"
_STREET = (
    r"((?i:\b(?:ул\.|улица|улице|пр-т|проспекте?|переулок|пер\.|шоссе|бульвар)\s?)[А-ЯЁ][\w .-]{1,40}"
    r"(?:,\s?(?i:дом|д\.|корп\.|кв\.|квартира|стр\.)?\s?\d{1,4}[а-яА-Я]?){0,3})"
)
_GOODBYE = r"(?i:(?:^|\n)[ \t]*(?:(?:best|kind|warm|many)? ?(?:regards|thanks|wishes)|thank you|best|cheers|sincerely|yours)[ \t]*[,.!]?)[ \t]*\n"


# Each takes out what stands in its first group: IBANs, addresses written so that no machine reads them, names in networks,
# short numbers of orders and the like, names after titles and introductions, and where somebody lives.
_ANY = (
    r"\b([A-Z]{2}\d{2}(?:[ \t]?[A-Z0-9]{4}){2,7}(?:[ \t]?[A-Z0-9]{1,4})?)\b",
    r"(?<![\w.+-])([\w.+-]{1,64}\s?[(\[](?:at|собака|аt)[)\]]\s?[\w.-]{1,255})",
    r"(?<![\w@.])(@[A-Za-z_]\w{2,31})\b",
    r"(?i:skype|telegram|телеграм|скайп|微信号?|wechat|qq号?)\s?[:：]\s?([A-Za-z0-9_.:@+-]{3,64})",
    rf"(?i:\b(?:order|invoice|booking|ticket|contract|customer|account|client)(?:\s(?:no|number|id|nr)\b\.?)?\s?:?\s?)({_CODE})",
    rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Frau)\b\.?\s({_EN}(?:\s{_EN})?)",
    rf"\b(?:I'm|I’m|I am)\s({_EN}\s{_EN})\b(?!\s[A-Z])",
    rf"\b(?:[Tt]his is|[Ii]t is|[Ii]t's)\s({_EN}(?:\s{_EN})?)(?=\s(?:from|here|writing|calling|again)\b)",
    rf"(?i:\b(?:full name|name|recipient)\s?:\s?)({_EN}(?:\s{_EN}){{0,2}})",
    r"\b(\d{1,4}[a-z]?\s(?:[A-Z][a-z]+\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Way)\b\.?)",
)
_CYRILLIC = (
    rf"(?i:\b(?:заказ|сч[её]т|договор|накладн|брон|заявк|клиент)[а-яё]{{0,4}}\s?(?:номер\s|ном\.\s?|н?:\s?)?)({_CODE})",
    rf"(?i:\b(?:г-н|г-жа|господин|госпожа|гражданин|гражданка|уважаем[а-яё]{{2}})\s)({_RU}(?:\s{_RU}){{0,2}})",
    rf"\b((?:[А-ЯЁ][а-яё]{{0,30}}(?:[оеё]ва?|ина?|ына?|[сц]к(?:ий|ая)|ко|[ую]к|ян)\s)?{_RU}\s[А-ЯЁ][а-яё]{{1,30}}(?:вич|вна|вичу|вне|вича|вны)(?:\s{_RU})?)\b",
    rf"\b({_RU}{_INITIALS})(?!\w)",
    rf"(?:^|[.!?\n][ \t]{{0,3}})(?:[Ээ]то|Я)\s({_RU}\s{_RU})\b",
    rf"(?i:\b(?:фио|получатель|имя)\s?:\s?)({_RU}(?:\s{_RU}){{0,2}})",
    _STREET,
)
_HAN = (
    rf"(?:订单|单号|发票|合同|账户|账号|会员|客户|运单|快递)(?:编号|号码?)?\s?[:：]?\s?({_CODE})",
    rf"([{_FAMILY}]{_ZH}{{0,2}})(?=先生|女士|小姐|太太)",
    rf"(?:我是|本人)([{_FAMILY}]{_ZH}{{1,2}})(?=[，,。.！!\s]|$)",
    rf"(?i:联系人|收件人|收货人|姓名|寄件人)\s?[:：]?\s?({_ZH}{{2,4}})",
    rf"({_ZH}{{0,12}}[省市区县]{_ZH}{{0,10}}[路街道巷镇村]{_ZH}{{0,4}}\d{{1,5}}号?(?:\d{{1,4}}[室单元栋楼]){{0,3}})",
)
# A name alone on the last lines, after a word of goodbye.
_ENDINGS = (
    rf"{_GOODBYE}[ \t]*({_EN}(?:\s{_EN}){{0,2}}(?:\n[^\n]{{1,60}}){{0,2}})$",
    rf"(?i:(?:спасибо|с уважением|всего доброго|заранее благодарен|заранее спасибо)[ \t]*[,.!]?)\s{{0,4}}({_RU}(?:\s{_RU}){{0,2}})[.!]?$",
    rf"(?:敬礼|此致|谢谢|敬上)[！!。，,]?[ \t]*\n[ \t]*({_ZH}{{2,4}})$",
)
_TELLING = tuple(tuple(re.compile(pattern) for pattern in patterns) for patterns in (_ANY, _CYRILLIC, _HAN))
_SCRIPTS = (re.compile(""), re.compile("[А-Яа-яЁё]"), re.compile("[\u4e00-\u9fff]"))
SIGNING = tuple(re.compile(pattern) for pattern in _ENDINGS)
"""What tells who wrote a text in its last words, in the first group of each; for a text with no space at its end."""


def telling(text: str) -> Iterator[re.Pattern[str]]:
    """Give what may tell who wrote a text, in the first group of each; only what can be in its scripts."""
    for script, patterns in zip(_SCRIPTS, _TELLING, strict=True):
        if script.search(text):
            yield from patterns
