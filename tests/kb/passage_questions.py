"""Questions in other words than the articles of the sample have, and the passage of one of them that a reader would open."""

from typing import NamedTuple


class Asked(NamedTuple):
    """A question, the file of the article that answers it, and which of its passages does: 0 is the beginning."""

    article: str
    passage: int
    text: str


ENGLISH = (
    Asked("cancel-order", 3, "Will I be reimbursed for the purchase I called off?"),
    Asked("change-address", 2, "my package is on its way already, can it go to another house?"),
    Asked("change-address", 3, "what if the package is sent back to you"),
    Asked("clean-filter", 2, "should I swap the sieve for a new one"),
    Asked("clean-filter", 3, "it is blocked again after a couple of days"),
    Asked("connect-wifi", 3, "I can't see my wireless"),
    Asked("connect-wifi", 4, "I lost the connection after it worked"),
    Asked("damaged-delivery", 3, "the courier is waiting outside with a crushed box"),
    Asked("damaged-delivery", 1, "which pictures do you want"),
    Asked("delivery-countries", 1, "how much is shipping to Britain"),
    Asked("delivery-countries", 2, "do you ship to the United States"),
    Asked("delivery-countries", 3, "can I pick it up myself"),
    Asked("discount-code", 2, "I did not think of typing the voucher when I bought it"),
    Asked("discount-code", 3, "I never got the voucher for subscribing"),
    Asked("double-charge", 3, "a week is over and both payments were taken"),
    Asked("drippers-dry", 2, "just a single emitter gets no water"),
    Asked("app-no-contact", 3, "I bought another modem"),
    Asked("app-no-contact", 4, "it disconnects every few days"),
    Asked("firmware-update", 2, "the upgrade was not successful"),
    Asked("forgot-password", 1, "the mail to set a new one never came"),
    Asked("forgot-password", 2, "I lost access to my old mailbox"),
    Asked("green-water-smell", 1, "how do I wash the reservoir"),
    Asked("holiday-mode", 2, "is the reservoir enough while I travel"),
    Asked("hose-length", 2, "can I attach more emitters to the small kit"),
    Asked("invoice-company", 2, "two weeks have passed, can I still edit the bill"),
    Asked("invoice-company", 3, "I bought it without registering"),
    Asked("leak-connector", 2, "it leaks at the outlet of the pump"),
    Asked("lights-mean", 3, "everything blinks simultaneously"),
)
RUSSIAN = (
    Asked("cancel-order", 3, "Вернут ли мне средства за отменённую покупку?"),
    Asked("cancel-order", 2, "нужна только одна вещь из покупки, остальное не надо"),
    Asked("change-address", 2, "моя посылка уже в пути, можно её направить в другой дом?"),
    Asked("clean-filter", 1, "как помыть сеточку"),
    Asked("connect-wifi", 3, "не вижу свой вайфай"),
    Asked("connect-wifi", 4, "купил другой маршрутизатор"),
    Asked("damaged-delivery", 2, "доставщик ждёт за дверью с мятой коробкой"),
    Asked("damaged-delivery", 1, "какие снимки вам прислать"),
    Asked("delivery-countries", 1, "сколько стоит пересылка"),
    Asked("delivery-countries", 2, "отправляете ли вы в Штаты"),
    Asked("delivery-countries", 4, "сколько пошлины придётся платить"),
    Asked("discount-code", 3, "не указал купон при покупке"),
    Asked("discount-code", 4, "купон за подписку так и не прислали"),
    Asked("forgot-password", 2, "мейл для восстановления так и не дошёл"),
    Asked("forgot-password", 3, "потерял старый почтовый ящик"),
    Asked("green-water-smell", 1, "как помыть ёмкость"),
    Asked("holiday-mode", 2, "на сколько её хватит, пока я в поездке"),
    Asked("invoice-company", 2, "две недели истекли, можно ещё поправить счёт?"),
    Asked("invoice-company", 3, "не нахожу счёт в личном кабинете"),
    Asked("leak-connector", 2, "течёт на выходе из помпы"),
)
CHINESE = (
    Asked("cancel-order", 3, "取消后会退钱给我吗"),
    Asked("change-address", 2, "快递已经在路上了，能送到别的地方吗"),
    Asked("change-address", 3, "没有注册就买了，地址写错了"),
    Asked("clean-filter", 3, "要不要买个新滤芯"),
    Asked("clean-filter", 4, "没几天又堵了"),
    Asked("connect-wifi", 3, "搜不到我的无线网"),
    Asked("connect-wifi", 4, "连接老是断开"),
    Asked("damaged-delivery", 4, "快递员还在门外，箱子压坏了"),
    Asked("damaged-delivery", 1, "要拍哪些图片"),
    Asked("damaged-delivery", 3, "不想要新的，想要回钱"),
    Asked("delivery-countries", 3, "没看到我的国家"),
    Asked("delivery-countries", 4, "要交关税吗"),
    Asked("discount-code", 3, "买的时候没填优惠券"),
    Asked("forgot-password", 2, "重置邮件一直没来"),
    Asked("forgot-password", 3, "以前的邮箱登不上了"),
    Asked("green-water-smell", 1, "怎么清洗水桶"),
    Asked("holiday-mode", 3, "出门旅行水够用多久"),
    Asked("invoice-company", 3, "没看到发票"),
    Asked("leak-connector", 3, "买的是别的牌子的软管"),
    Asked("lights-mean", 2, "屏幕上的故障代码是什么意思"),
)
ASKED = {"en": ENGLISH, "ru": RUSSIAN, "zh": CHINESE}
