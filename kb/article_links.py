"""Links between articles: written as ``[words](article:external-id#anchor)``, so that they survive every renaming.

Rendered text keeps them as they are written; where it is shown, they become the address that the article has then.
"""

import html
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.articles import Article, Translation
from kb.languages import base
from kb.markdown import ARTICLE_SCHEME
from kb.visibility import readable

MOST_LINKS = 500
_LINK = re.compile(rf'<a href="{ARTICLE_SCHEME}:([^"<>]*)">(.*?)</a>', re.DOTALL)


def reference(external_id: str) -> str:
    """Give what a link to an article is written with."""
    return f"{ARTICLE_SCHEME}:{quote(external_id, safe='')}"


def resolve(session: Session, rendered: str, language: str) -> str:
    """Lead the links of rendered text to where their articles are now; a link to what customers cannot read leaves its words.

    :param rendered: safe HTML as :func:`kb.markdown.render` makes it.
    :param language: of the text; an article that is not in this language is linked to in another one.
    """
    if not has_links(rendered):
        return rendered
    places = _places(session, _targets(rendered), language)
    return _LINK.sub(lambda link: _led(link, places), rendered)


def has_links(rendered: str) -> bool:
    """Tell whether a link to an article may stand in rendered text."""
    return f'"{ARTICLE_SCHEME}:' in rendered


def broken(session: Session, rendered: str, language: str) -> list[str]:
    """Name the articles that are linked to and that customers cannot read."""
    targets = _targets(rendered)
    places = _places(session, targets, language)
    return sorted(target for target in targets if target not in places)


def _led(link: re.Match[str], places: Mapping[str, str]) -> str:
    target, _, anchor = html.unescape(link[1]).partition("#")
    place = places.get(unquote(target))
    if place is None:
        return link[2]
    return f'<a href="{html.escape(place + (f"#{anchor}" if anchor else ""))}">{link[2]}</a>'


def _targets(rendered: str) -> set[str]:
    found = (unquote(html.unescape(link[1]).partition("#")[0]) for link in _LINK.finditer(rendered))
    return set(list(dict.fromkeys(found))[:MOST_LINKS])


def _places(session: Session, targets: Iterable[str], language: str) -> dict[str, str]:
    """Find the addresses of the articles that customers can read, in this language if there is one."""
    wanted = [target for target in targets if "\0" not in target]
    if not wanted:
        return {}
    query = select(Article.external_id, Translation.language, Translation.slug).join(Translation).where(readable())
    rows = session.execute(query.where(Article.external_id.in_(wanted))).all()
    nearest = sorted(
        rows, key=lambda row: (row.language != language, base(row.language) != base(language), base(row.language) != "en", row.language), reverse=True
    )
    return {row.external_id: f"/help/{quote(row.language, safe='')}/{quote(row.slug, safe='')}" for row in nearest}
