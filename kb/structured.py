"""Structured data: what an article page says of itself to search engines, in the words of schema.org."""

from collections.abc import Sequence
from datetime import datetime

from kb.articles import Translation
from kb.markdown import headings
from kb.passages import cut

QUESTION_MARKS = ("?", "？", "؟")
FEWEST_QUESTIONS = 2


def describe(found: Translation, *, address: str, home: str, company: str, changed_at: datetime, help_centre: str) -> list[dict[str, object]]:
    """Describe an article: where it stands, and what it is: questions with their answers if its headings ask, else an article.

    :param address: where it is read, ``home`` where the help centre begins, both in full.
    :param help_centre: what the help centre is called.
    """
    places = [(help_centre, home), (found.title, address)]
    trail: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [{"@type": "ListItem", "position": place, "name": name, "item": where} for place, (name, where) in enumerate(places, 1)],
    }
    common = {"@context": "https://schema.org", "url": address, "inLanguage": found.language, "dateModified": changed_at.isoformat()}
    if questions := _questions(found.body):
        asked = [{"@type": "Question", "name": question, "acceptedAnswer": {"@type": "Answer", "text": answer}} for question, answer in questions]
        return [trail, {**common, "@type": "FAQPage", "name": found.title, "mainEntity": asked}]
    article: dict[str, object] = {
        **common, "@type": "Article", "headline": found.title[:110], "datePublished": (found.published_at or found.created_at).isoformat(),
        "mainEntityOfPage": address, "publisher": {"@type": "Organization", "name": company},
    }  # fmt: skip
    if found.summary:
        article["description"] = found.summary
    return [trail, article]


def _questions(body: str) -> Sequence[tuple[str, str]]:
    """Pair the headings that ask with the text under them, if it is headings that ask which the article is made of."""
    top = [heading for heading in headings(body) if heading.level == 2]
    asking = {heading.anchor: heading.text for heading in top if heading.text.rstrip().endswith(QUESTION_MARKS)}
    if len(asking) < max(FEWEST_QUESTIONS, (len(top) + 1) // 2):
        return ()
    answers: dict[str, list[str]] = {}
    for section in cut(body):
        if section.anchor in asking and section.text:
            answers.setdefault(section.anchor, []).append(section.html)
    return [(asking[anchor], "".join(html)) for anchor, html in answers.items()]
