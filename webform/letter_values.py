"""Letter values: what the variables of a letter stand for, in the language of its reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from webform import answer_time, letters
from webform.answer_time import Promise
from webform.letter_texts import Value
from webform.tried import Offer


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a letter is about: nothing of it is what the customer typed, but a name that is plainly one. ``call`` says when we call, if we do."""

    name: str
    reference: str
    company: str
    signature: str
    topic: str
    promise: Promise
    sent_url: str
    link_days: int
    offer: Offer | None
    now: datetime
    call: str = ""


def values(about: Occasion, language: str, *, styled: bool = True) -> Mapping[str, Value]:
    """Put an occasion in the words of a language.

    :param styled: whether the HTML carries its own styles, as a mail must and a page may not.
    """
    _, ngettext = letters.translator(language), letters.plural(language)
    read = _("Read what you sent")
    by = about.promise.by or (about.now + timedelta(hours=about.promise.hours)).astimezone(UTC)
    texts = {
        "greeting": _("Hello %(name)s,", name=about.name) if about.name else _("Hello,"),
        "name": about.name,
        "reference": about.reference,
        "company": about.company,
        "signature": about.signature if about.signature == about.company else f"{about.signature}\n{about.company}",
        "topic": about.topic,
        "answer_time": about.call or answer_time.sentence(about.promise, language),
        "answer_within": answer_time.within(about.promise, language),
        "answer_by": answer_time.moment(by, language),
        "link_note": ngettext("The link opens for %(num)s day.", "The link opens for %(num)s days.", about.link_days),
    }
    return {name: Value(text) for name, text in texts.items()} | {
        "status_link": Value(f"{read}: {about.sent_url}", Markup('<a href="{}">{}</a>').format(about.sent_url, read)),
        "article": _article(about, language, styled=styled),
    }


def _article(about: Occasion, language: str, *, styled: bool) -> Value:
    if about.offer is None:
        return Value("", Markup(""))
    _ = letters.translator(language)
    may_help, tell = _("This article may help meanwhile:"), _("If it solves your problem, the page above lets you tell us.")
    text = f"{may_help}\n{about.offer.title}\n{about.offer.url}\n{tell}"
    html = letters.render("_article.html", language, offer=about.offer, sent_url=about.sent_url, styled=styled)
    return Value(text, Markup(html.strip()))  # noqa: S704 - our own template, which escapes what it is given
