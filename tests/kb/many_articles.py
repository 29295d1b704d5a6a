"""A thousand articles as long as real ones, put together from the paragraphs of the sample."""

import random
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from kb import front_matter, sample
from kb.articles import Article, Status, Translation
from kb.generations import raise_generation
from kb.passages import Passage

PARAGRAPHS = 6
"""In an article of about 250 words, as the sample's are."""


def publish_many(session: Session, now: datetime, count: int = 1000, *, seed: int = 1) -> None:
    """Publish English articles without rendering them, which would take longer than what is tried with them."""
    dice, paragraphs = random.Random(seed), _paragraphs()
    words = sorted({word.strip(".,:;()") for paragraph in paragraphs for word in paragraph.split()})
    texts = [dice.sample(paragraphs, PARAGRAPHS) for _ in range(count)]
    articles = session.scalars(
        insert(Article).returning(Article.id, sort_by_parameter_order=True),
        [{"external_id": f"many-{number}", "created_at": now} for number in range(count)],
    )
    common = {"language": "en", "summary": "", "extra": "", "status": Status.PUBLISHED, "created_at": now, "updated_at": now, "published_at": now}
    translations = session.scalars(
        insert(Translation).returning(Translation.id, sort_by_parameter_order=True),
        [
            {"article_id": article, "slug": f"many-{article}", "title": " ".join(dice.sample(words, 5)), "category": f"shelf {article % 10}", **common}
            | {"body": "\n\n".join(text)}
            for article, text in zip(articles, texts, strict=True)
        ],
    )
    passages = [
        {"translation_id": translation, "position": place, "heading": text[place][:40], "anchor": "", "text": "\n".join(text[place : place + 3]), "html": ""}
        for translation, text in zip(translations, texts, strict=True)
        for place in range(0, PARAGRAPHS, 3)
    ]
    session.execute(insert(Passage), passages)
    raise_generation(session)


def _paragraphs() -> list[str]:
    folder = Path(sample.__file__).parent / "sample" / "articles" / "en"
    bodies = [front_matter.read(path.read_text("utf-8")).body for path in sorted(folder.glob("*.md"))]
    return [block for body in bodies for block in body.split("\n\n") if block.strip() and not block.startswith("#")]
