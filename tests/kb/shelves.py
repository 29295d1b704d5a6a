"""What is kept in a knowledge base, as drafts, and how it is emptied."""

from kb.articles import Article
from kb.database import Database
from kb.drafts import Draft
from kb.exports import drafts_of
from kb.pictures import Picture


def kept(database: Database) -> list[Draft]:
    with database.reading() as session:
        return list(drafts_of(session))


def empty(database: Database) -> None:
    with database.writing() as session:
        for article in session.query(Article):
            session.delete(article)
        session.query(Picture).delete()
