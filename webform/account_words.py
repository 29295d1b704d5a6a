"""Words of accounts: what the staff's page calls the verdicts, fates, sources and signs of an explanation."""

from flask_babel import gettext

from kb.contributions import KINDS
from kb.explanation import Fate, Kind, Verdict
from kb.readings import Effect


def verdicts() -> dict[str, str]:
    """Say why nothing is shown for a text, and what to do; nothing where something is."""
    return {
        Verdict.SHOWN: "",
        Verdict.TO_PERSON: gettext("A rule sends texts like this straight to a person, so no article is offered, whatever fits."),
        Verdict.NO_QUESTION: gettext(
            "The text says too little to be looked up. Two words with a meaning are enough, or one in a sentence of four words, or four Chinese characters."
        ),
        Verdict.NO_ENGINE: gettext("Nothing is ready to answer from yet. Wait some seconds, then try again."),
        Verdict.NOTHING_FITS: gettext("No article and no past request has anything in common with the text."),
        Verdict.UNDER_GATE: gettext("It is not probable enough that one of the articles answers, so the gate stays shut."),
        Verdict.WITHDRAWN: gettext("What would have been shown is no longer published."),
    }


def fates() -> dict[str, str]:
    """Say what becomes of a candidate."""
    return {
        Fate.SHOWN: gettext("shown"),
        Fate.TO_PERSON: gettext("not shown: the text goes to a person"),
        Fate.EXCLUDED: gettext("not shown: excluded from suggestions"),
        Fate.OTHER_CODE: gettext("not shown: its title names another code than the text"),
        Fate.UNDER_GATE: gettext("not shown: under the gate"),
        Fate.SMALL_PART: gettext("not shown: too small a part beside the first"),
        Fate.NOT_AMONG_BEST: gettext("not shown: others are better"),
        Fate.OTHER_LANGUAGE: gettext("not shown: another language than the text’s"),
        Fate.WITHDRAWN: gettext("not shown: no longer published"),
    }


def kinds() -> dict[str, str]:
    """Name the sources as a writer knows them."""
    return {
        Kind.TITLE: gettext("Title"),
        Kind.WORDS: gettext("Words"),
        Kind.PIECES: gettext("Pieces of words"),
        Kind.INDEX: gettext("Term index"),
        Kind.LINEAR: gettext("Learned model"),
        Kind.NEAREST: gettext("Nearest past request"),
        Kind.VOTES: gettext("Ten nearest past requests"),
        Kind.OTHER: gettext("Other sources"),
    }


def signs() -> dict[str, str]:
    """Name what the gate goes by; what the sources say of the first article is called as the sources are."""
    named = kinds()
    return {source: gettext("%(source)s: how well the first article fits", source=named[kind]) for source, kind in KINDS.items()} | {
        "share": gettext("How much is believed of the first article"),
        "three": gettext("How much is believed of the first three together"),
        "standing out": gettext("How far the first stands out from the rest"),
        "nobody": gettext("Likeness to past requests that no article answered"),
        "margin": gettext("How far the first is before the second"),
        "total": gettext("Evidence for the first article in all"),
        "information": gettext("How much the text says"),
        "found information": gettext("How much of that the first article has"),
        "agreement": gettext("Whether the sources agree on the first"),
        "second linear": gettext("What the learned model gives the second"),
        "second nearest": gettext("A past request like it for the second"),
    }


def effects() -> dict[str, str]:
    """Say what would change without a synonym."""
    return {
        Effect.NOTHING: gettext("Without it the same would be shown."),
        Effect.ORDER: gettext("Without it the order would be another:"),
        Effect.ARTICLES: gettext("Without it these would be shown:"),
        Effect.SILENCE: gettext("Without it nothing would be shown."),
        Effect.ANSWER: gettext("Without it something would be shown:"),
    }


def bases() -> dict[str, str]:
    """Say what the gate follows from."""
    return {
        "trials": gettext("learned from past requests"),
        "articles": gettext("derived from the articles, as there are few past requests"),
        "hand": gettext("set by hand"),
    }
