"""The sample knowledge base: the articles and examples of a small invented company, for the first start."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from kb.articles import store
from kb.drafts import ArticleError
from kb.example_files import load_examples
from kb.generations import raise_generation
from kb.imports import Failure, find_drafts

FOLDER = Path(__file__).with_name("sample")
AUTHOR = "sample"


def load_sample(session: Session, now: datetime) -> int:
    """Bring the sample into the knowledge base; what is there already stays as it is.

    :return: how many articles and examples are new.
    :raises ArticleError: if a file of the sample is damaged.
    """
    public, new = False, 0
    for found in find_drafts(FOLDER / "articles"):
        if isinstance(found, Failure):
            raise ArticleError(f"sample {found.where}: {found.reason}")
        stored = store(session, found.draft, author=AUTHOR, now=now)
        public, new = public or stored.public, new + stored.created
    for file in sorted(FOLDER.glob("examples-*.jsonl")):
        added, failures = load_examples(session, file, source=AUTHOR, now=now)
        if failures:
            raise ArticleError(f"sample {failures[0].where}: {failures[0].reason}")
        new += added
    if public:
        raise_generation(session)
    return new
