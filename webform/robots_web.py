"""Robots at the form: what a post shows of its sender, and the one step that is asked of people while an attack is under way."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app, request
from flask_babel import gettext

from kb.web import database
from webform import proof, robot_questions, spam_lessons, suspicion
from webform.attempts import Attempt
from webform.i18n import choose_language
from webform.robot_questions import Asked
from webform.suspicion import Sent, Sign
from webform.tokens import TokenError
from webform.web import rates, tokens

TRAP = "fax"
FIELDS = (TRAP, "challenge", "proof", "answer")
MOST_CARRIED = 2000
WINDOW = 600
NUMBERS = 9


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked before a request is taken: a sum for the browser, or a question for the person; ``wrong`` after a wrong answer.

    Without ``bits`` there is no sum: what leads ask of everybody is for people to answer.
    """

    challenge: str
    question: str
    wrong: bool
    bits: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """What speaks for a robot, and the step that is still to be taken, if one is asked."""

    signs: frozenset[Sign]
    step: Step | None = None

    @property
    def suspicion(self) -> str:
        """The signs for which the request is to be held, with spaces between; nothing if it is not."""
        return " ".join(sorted(self.signs)) if suspicion.is_enough(self.signs) else ""


def look(attempt: Attempt, now: datetime) -> Doubt:
    """Look at what was posted. Whoever cannot take the step may send all the same, to be looked at by a person."""
    topic = attempt.form.topic.data or ""
    with database().reading() as session:
        asked = robot_questions.of(session, topic, choose_language())
        found = suspicion.signs(_sent(attempt, now), listed=suspicion.read_list(robot_questions.known_bad(session)))
        learned = spam_lessons.sense(session)
    if learned is not None and learned.holds(f"{attempt.form.subject.data}\n{attempt.form.message.data}"):
        found |= {Sign.LEARNED}
    of_everybody = asked is not None and asked.always
    if not (_under_attack() or of_everybody) or _is_proved(attempt.visit, by_sum=not of_everybody):
        return Doubt(found)
    if request.form.get("unproved") == "1":
        return Doubt(found | {Sign.UNPROVED})
    return Doubt(found, _step(attempt.visit, asked))


def reasons(suspicion_kept: str) -> str:
    """Say for which signs a request was held; nothing if it was not."""
    words = {
        Sign.TRAP: gettext("it filled in a field that people do not see"),
        Sign.HASTE: gettext("it was sent sooner than anybody types"),
        Sign.LINKS: gettext("it has many links"),
        Sign.LISTED: gettext("it has what is on the list of known-bad"),
        Sign.LEARNED: gettext("it is like what you marked as spam"),
        Sign.UNPROVED: gettext("its sender did not take the step that was asked for"),
    }
    return ", ".join(words[Sign(sign)] for sign in suspicion_kept.split() if sign in words)


def install(app: Flask) -> None:
    """Let the page in between take along what was answered."""
    app.jinja_env.globals.update(robot_fields=carried)


def carried() -> list[tuple[str, str]]:
    """Give what was answered, so that the page in between takes it along."""
    return [(name, request.form[name][:MOST_CARRIED]) for name in FIELDS if request.form.get(name)]


def _sent(attempt: Attempt, now: datetime) -> Sent:
    opened = tokens().opened_at(attempt.token)
    seconds = (now - opened).total_seconds() if opened else None
    form = attempt.form
    return Sent(form.subject.data, form.message.data, form.address, request.form.get(TRAP, ""), seconds)


def _under_attack() -> bool:
    """Count this post, and tell whether more came within ten minutes, from everybody, than people would send."""
    limit = current_app.config["ATTACK_REQUESTS"]
    return bool(limit) and not rates().spend("attack", "everybody", limit, WINDOW)


def _step(visit: str, asked: Asked | None) -> Step:
    first, second = 1 + secrets.randbelow(NUMBERS), 1 + secrets.randbelow(NUMBERS)
    challenge = tokens().new_challenge(f"{visit}:{proof.new_nonce()}:{asked.number if asked else 0}:{first + second}")
    wrong = bool(request.form.get("answer"))
    return Step(challenge, asked.words if asked else _sum(first, second), wrong, 0 if asked and asked.always else proof.BITS)


def _sum(first: int, second: int) -> str:
    words = gettext("one,two,three,four,five,six,seven,eight,nine").split(",")
    return str(gettext("How much is %(first)s plus %(second)s? Write it as a number.", first=words[first - 1], second=words[second - 1]))


def _is_proved(visit: str, *, by_sum: bool) -> bool:
    challenge = request.form.get("challenge", "")
    try:
        of, _nonce, number, total = tokens().read_challenge(challenge, minutes=proof.MINUTES).rsplit(":", 3)
    except (TokenError, ValueError):
        return False
    if of != visit:
        return False
    if by_sum and proof.solves(challenge, request.form.get("proof", "")):
        return True
    answer = request.form.get("answer", "").strip()[: robot_questions.LONGEST_ANSWERS]
    if number == "0":
        return answer == total
    with database().reading() as session:
        return bool(answer) and robot_questions.is_right(session, int(number), answer)
