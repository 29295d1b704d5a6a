"""Phrases of old mails in English, Russian and Chinese: how quotes are introduced, mails signed and closed, and what lawyers add."""

import re

QUOTED = re.compile(r"^\s{0,3}(?:>|\||＞|[A-ZА-Я]{1,3}>)")
_MOMENT = r"(?:\d{1,2}:\d{2}|\d{4}|\d{1,2}[./-]\d{1,2})"
# A line above a quote: who wrote when. One of these by itself begins the quote, whether its lines are marked or not.
INTRODUCED = (
    # Russian: «пн, 2 мар. 2026 г. в 10:15, Иван <i@x>:», «Понедельник, 2 марта 2026, 10:15 +03:00 от Иван <i@x>:», «Вы писали 2 марта 2026 г., 10:15:22:».
    re.compile(rf"^.{{0,120}}{_MOMENT}.{{0,160}}(?:написала?|пиш(?:ет|ут)|писала?|сообщил[аи]?)(?:\(а\))?\s*:?\s*$", re.IGNORECASE),
    re.compile(rf"^(?:вы|ты) писали?\s.{{0,40}}{_MOMENT}.{{0,40}}:?\s*$", re.IGNORECASE),
    re.compile(rf"^.{{0,60}}{_MOMENT}.{{0,100}}<[^<>\s]{{1,120}}@[^<>\s]{{1,120}}>\s*[:：]?\s*$"),
    re.compile(rf"^(?:on|am|le|el|il|op|em|den)\s.{{0,120}}{_MOMENT}.{{0,160}}[:：]\s*$", re.IGNORECASE),
    # Chinese: «在 2026年3月2日 10:15，张三 写道：», «张三 <z@x> 于2026年3月2日周一 10:15写道：», «2026-03-02 10:15:00，"张三" <z@x> 写道：».
    re.compile(rf"^.{{0,160}}{_MOMENT}.{{0,160}}(?:写道|寫道|写到|寫到|写了|wrote|寫信|写信|發佈|编写)\s*[:：]?\s*$", re.IGNORECASE),
    re.compile(
        r"^[\s*>]*[-_=—─*]{2,}\s*(?:original message|исходное сообщение|пересылаемое сообщение|конец пересылаемого сообщения|пересланное сообщение"
        r"|переадресованное сообщение|原始邮件|原始郵件|邮件原件|郵件原件|转发邮件|轉寄郵件|转发的邮件|回复的原邮件|回复的邮件信息|forwarded message|原邮件)"
        r"[^-_=—─]{0,80}[-_=—─*]{2,}\s*$",
        re.IGNORECASE,
    ),
    re.compile(r"^\s*(?:начало переадресованного сообщения|开始转发的邮件|以下是转发的邮件|下面是被转发邮件的内容|原文如下)\s*[:：]?\s*$", re.IGNORECASE),
    re.compile(r"^[_]{20,}\s*$"),
)
FIELD = re.compile(
    r"^[\s*]*(?:from|sent|to|cc|subject|date|reply-to|от|от кого|кому|копия|тема|дата|отправлено|отправитель|получатель|发件人|寄件者|寄件人|收件人|收件者|抄送"
    r"|副本|主题|主旨|标题|日期|发送时间|发送日期|寄件日期|时间)[\s*]*[:：]",
    re.IGNORECASE,
)
SENT_FROM = re.compile(
    r"^\s*(?:sent (?:from|via|with) .{2,60}|get outlook for .{2,60}|отправлено (?:из|с|через) .{2,60}|послано (?:из|с) .{2,60}"
    r"|发自我?的?.{1,40}|發自我?的?.{1,40}|从我的.{1,30}发送|來自我的.{1,30}|从.{1,20}发送|使用.{1,20}(?:发送|邮箱)|获取\s?outlook.{0,40})\s*$",
    re.IGNORECASE,
)
_GOODBYES = (
    r"(?:with )?(?:best|kind|warm|many|kindest|warmest)(?: (?:regards|wishes|thanks))?",
    r"regards|cheers|respectfully|sincerely(?: yours)?|yours(?: (?:sincerely|faithfully|truly))?|have a (?:nice|good|great) day",
    r"thanks(?: (?:again|in advance|so much|a lot))?|thank you(?: (?:very much|in advance|so much))?|many thanks",
    r"с (?:наилучшими пожеланиями|уважением)|(?:всего|хорошего|доброго) (?:доброго|дня|хорошего)|благодарю|жду (?:ответа|вашего ответа)",
    r"заранее (?:спасибо|благодарю|благодарен|благодарна)|спасибо(?: (?:большое|заранее))?|с надеждой на .{3,30}",
    r"此致|敬礼|此致敬礼|祝好|祝您?工作顺利|祝商祺|顺颂商祺|敬上|盼复|期待您的回复|期待回复|望回复",
    r"谢谢(?:您|你|了)?|多谢|感谢|非常感谢|謝謝(?:您|你)?",
)
GOODBYE = re.compile(rf"^\s*(?:{'|'.join(_GOODBYES)})[\s,.!;，。！；~～☺🙂🙏]*$", re.IGNORECASE)
_WHOM = r"(?: (?:there|all|everyone|team|support(?: team)?|sir(?: or madam)?|sirs|madam|коллеги|поддержка|друзья|客服|各位|\[…\]))*"
_HELLOS = (
    rf"(?:hello|hi|hey|dear|greetings|good (?:morning|day|afternoon|evening)){_WHOM}",
    rf"(?:здравствуйте|здравствуй|привет|доброго времени суток|добрый (?:день|вечер)|доброе утро|уважаемые|уважаемая){_WHOM}",
    r"(?:您好|你好|尊敬的.{0,8}|客服(?:您好|你好)?|早上好|下午好|晚上好|大家好)",
)
HELLO = re.compile(rf"^\s*(?:{'|'.join(_HELLOS)})[\s,.!:;，。！：；]*$", re.IGNORECASE)
_DISCLAIMERS = (
    r"confidential(?:ity)?(?: notice)?\s*[:.]|disclaimer\s*[:.]",
    r"this (?:e-?mail|message)(?: and any (?:attachments?|files))?(?: is intended| is confidential| may contain| contains? (?:confidential|privileged)|,)",
    r"(?:данное|настоящее|это) (?:электронное )?(?:сообщение|письмо).{0,80}конфиденциальн|уведомление о конфиденциальности",
    r"本邮件.{0,40}(?:保密|机密)|此邮件.{0,40}(?:保密|机密)|免责声明|保密声明",
)
DISCLAIMER = re.compile(rf"^\s*[*_]*(?:{'|'.join(_DISCLAIMERS)})", re.IGNORECASE)
