"""Gates: which one is in force, what the calibrated one follows from, and how to say it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kb.evidence import Evidence
from kb.judgement import Judgement
from kb.lessons import FEWEST_TRIALS
from kb.shelf import MANIFEST, Damaged, Shelf


class GateSource(StrEnum):
    """Who says where the gate is."""

    SETTING = "setting"
    CHOICE = "choice"
    CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Calibration:
    """The calibrated gate, and what it follows from.

    ``is_default`` tells that there are too few labelled texts, so that it was derived from the articles themselves.
    """

    gate: float
    is_default: bool
    evidence: Evidence

    @classmethod
    def of(cls, judgements: Mapping[str, Judgement]) -> "Calibration":
        """Read it off what was learned."""
        everywhere = judgements[""]
        return cls(everywhere.gate, everywhere.basis != "trials", Evidence.together(judgement.evidence for judgement in judgements.values()))


@dataclass(frozen=True, slots=True)
class GateState:
    """The gate in force and where it comes from, beside the calibrated one; ``examples`` are the past requests learned."""

    gate: float
    source: GateSource
    calibration: Calibration
    examples: int


def kept_calibration(folder: Path) -> Calibration | None:
    """Read the calibration of the generation in an index folder, without loading it; nothing if there is none to be read."""
    try:
        kept = json.loads((Shelf(folder).current() / MANIFEST).read_text("utf-8"))["judgements"]
        return Calibration.of({language: Judgement.of_facts(facts) for language, facts in kept.items()})
    except (Damaged, OSError, ValueError, KeyError, TypeError):
        return None


def basis_words(calibration: Calibration) -> str:
    """Say in a sentence what a calibrated gate follows from."""
    with_answer, total = int(calibration.evidence.answerable.sum()), len(calibration.evidence.sure)
    if not total:
        return "nothing is shown yet: there is no article to derive a gate from"
    if calibration.is_default:
        return (
            f"a safe default, derived from the articles themselves ({total} probes): there are fewer than {FEWEST_TRIALS} labelled texts "
            "with an answer, or without"
        )
    return f"learned from {with_answer} labelled texts with an answer and {total - with_answer} without, each asked of a model that had not seen it"


def sentences(standing: GateState) -> Iterator[str]:
    """Say where the gate stands, and why."""
    calibration = standing.calibration
    yield f"calibrated gate {calibration.gate:.3f}: {basis_words(calibration)}"
    if standing.source is GateSource.SETTING:
        yield f"gate in force {standing.gate:.3f}: set by WEBFORM_GATE"
    elif standing.source is GateSource.CHOICE:
        yield f"gate in force {standing.gate:.3f}: chosen by a lead at /staff/gate"
