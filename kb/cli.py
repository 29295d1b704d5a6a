"""The command line of the knowledge base: ``webform kb …``."""

import click


@click.group()
def kb() -> None:
    """Look after the knowledge base."""
