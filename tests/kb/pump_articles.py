"""A handful of articles in three languages that the tests of the engine ask about."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from kb.articles import Status, save_translation

ARTICLES = (
    (
        "pump",
        "en",
        "The pump hums but no water comes out",
        "Air is caught in the pump.\n\n## Let the air out\n\nLay the pump flat under water for twenty seconds until bubbles stop.",
        "pump",
    ),
    (
        "invoice",
        "en",
        "I need an invoice with a VAT number",
        "The invoice is a PDF under Orders. Add the company name and VAT number within 14 days.",
        "billing",
    ),
    (
        "wifi",
        "en",
        "Connect the controller to Wi-Fi",
        "Hold the button until the light blinks blue. Only 2.4 GHz networks work. Error E-21 means no network.",
        "app",
    ),
    ("winter", "en", "Store the kit in winter", "Take everything inside before the first frost and keep it dry.", "pump"),
    ("parcel", "en", "Where is my parcel", "The carrier sends a tracking number when the parcel leaves our house.", "orders"),
    (
        "pump",
        "ru",
        "Насос гудит, а вода не идёт",
        "В насосе остался воздух.\n\n## Как выпустить воздух\n\nПоложите насос на бок под воду на двадцать секунд.",
        "pump",
    ),
    ("invoice", "ru", "Нужен счёт с реквизитами компании", "Счёт лежит в разделе «Заказы». Название компании можно добавить в течение 14 дней.", "billing"),
    ("pump", "zh", "水泵在响，但是不出水", "泵里有空气。\n\n## 排出空气\n\n把水泵平放在水下二十秒，直到没有气泡。", "pump"),
    ("invoice", "zh", "需要带公司抬头和税号的发票", "发票在订单页面里，十四天之内可以补公司抬头。", "billing"),
)


def publish_all(session: Session, now: datetime, articles: Sequence[tuple[str, str, str, str, str]] = ARTICLES) -> None:
    """Publish every article, or only some."""
    for external_id, language, title, body, category in articles:
        save_translation(session, external_id=external_id, language=language, title=title, body=body, category=category, status=Status.PUBLISHED, now=now)
