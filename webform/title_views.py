"""Titles: looking for the article that a link should lead to."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import case, select

from kb.article_links import reference
from kb.articles import Article, Status, Translation
from kb.catalogue import SEARCH_LETTERS, SEARCH_WORDS, holds
from kb.web import database
from webform.desk import article_states, language_name
from webform.lines import one_line
from webform.sign_in import require
from webform.staff import RoleName

MOST = 8


@require(RoleName.WRITER)
def titles() -> ResponseReturnValue:
    """Find articles by words of their title, those of the wanted language and the public ones first."""
    words = one_line(request.args.get("q", ""), SEARCH_LETTERS).split()[:SEARCH_WORDS]
    language = request.args.get("language", "")[:16]
    if not words:
        return jsonify(titles=[])
    near = (case((Translation.language == language, 0), else_=1), case((Translation.status == Status.PUBLISHED, 0), else_=1), Translation.title)
    query = select(Article.external_id, Translation.language, Translation.title, Translation.status).join(Translation)
    with database().reading() as session:
        rows = session.execute(query.where(*(holds(Translation.title, word) for word in words)).order_by(*near).limit(MOST)).all()
    return jsonify(titles=[
        {"title": row.title, "address": reference(row.external_id), "language": row.language,
         "note": " · ".join([language_name(row.language), article_states()[row.status]])}
        for row in rows
    ])  # fmt: skip
