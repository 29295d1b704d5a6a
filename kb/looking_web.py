"""Counting what is looked for: at the edge, where the words are; nothing of it is worth making a reader wait or fail."""

import logging
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from flask import request, url_for
from sqlalchemy.exc import SQLAlchemyError

from kb.help_web import tidy
from kb.looking import Search, note, note_found, words_of
from kb.searching import LONGEST_QUERY
from kb.web import database, lookers

PATIENCE = 0.5
LONGEST_REFERRER = 2000
log = logging.getLogger(__name__)


def note_search(query: str, language: str, *, in_vain: bool) -> None:
    """Count a search that somebody finished typing."""
    search = _search(query, language)
    if search is None:
        return
    try:
        with database().counting(patience=PATIENCE) as session:
            note(session, search, in_vain=in_vain, now=datetime.now(UTC))
    except SQLAlchemyError as fault:
        log.warning("a search could not be counted: %s", type(fault).__name__)


def note_found_article(article_id: int) -> None:
    """Count that a search led to an article, if it is from our own search page that its reader comes."""
    referrer = (request.referrer or "")[:LONGEST_REFERRER]
    try:
        came_from = urlsplit(referrer)
        asked = parse_qs(came_from.query, max_num_fields=10)
    except ValueError:
        return
    if came_from.netloc != request.host or came_from.path != url_for("help.search") or "q" not in asked:
        return
    search = _search(tidy(asked["q"][0], LONGEST_QUERY), tidy(asked.get("lang", ["en"])[0], 16))
    if search is None:
        return
    try:
        with database().counting(patience=PATIENCE) as session:
            note_found(session, search.key, article_id)
    except SQLAlchemyError as fault:
        log.warning("an opening could not be counted: %s", type(fault).__name__)


def _search(query: str, language: str) -> Search | None:
    about, words = words_of(query, language)
    if not about:
        return None
    rules = lookers()
    key = rules.key(f"{language.split('-')[0]} {about}")
    return Search(key, words, language, rules.mark(key))
