"""Gaps on the command line."""

import json
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from kb.web import database
from webform import gap_lists, gap_texts
from webform.gaps import GapState


@click.command("gaps")
@click.option("--language", default="", help="Only gaps of this language.")
@click.option("--most", type=click.IntRange(1, 1000), default=20, help="How many at most, the largest first.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each.")
@with_appcontext
def gaps(language: str, most: int, as_json: bool) -> None:
    """List what customers ask and no article answers: requests, this week and the one before, since when, in whose words."""
    now = datetime.now(UTC)
    with database().reading() as session:
        found = gap_lists.page(session, gap_lists.Wanted(GapState.OPEN, language), now=now, per_page=most).gaps
        texts = gap_texts.typical(session, [gap.id for gap in found], 3)
    for gap in found:
        words = gap_texts.name(texts.get(gap.id, []))
        told = {"gap": gap.id, "language": gap.language, "requests": gap.count, "lately": gap.lately, "before": gap.before}
        since = f"{gap.first_at:%Y-%m-%d}"
        line = json.dumps({**told, "since": since, "words": words}, ensure_ascii=False)
        click.echo(line if as_json else "\t".join([*map(str, told.values()), since, words]))
