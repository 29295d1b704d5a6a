"""Robot questions: what a person can answer and a robot does not care to, for a topic or for every one, in each language."""

from dataclasses import dataclass

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from kb.schema import Base
from webform.suspicion import fold

LONGEST_QUESTION, LONGEST_ANSWERS, MOST_ANSWERS = 200, 1000, 20


class RobotQuestion(Base):
    """A question with the answers that count, one a line. Without a topic it is asked for every one.

    ``always`` asks it of everybody; else it is asked only while an attack is under way.
    """

    __tablename__ = "robot_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(64), default="")
    language: Mapped[str] = mapped_column(String(16))
    question: Mapped[str] = mapped_column(String(LONGEST_QUESTION))
    answers: Mapped[str] = mapped_column(Text)
    always: Mapped[bool] = mapped_column(default=False)


class KnownBad(Base):
    """The single row of marks by which a request is held, one a line."""

    __tablename__ = "known_bad"

    id: Mapped[int] = mapped_column(primary_key=True)
    marks: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown: ``number`` names it when the answer comes."""

    number: int
    words: str
    always: bool


def every(session: Session) -> list[RobotQuestion]:
    """List the questions, those for every topic first."""
    return list(session.scalars(select(RobotQuestion).order_by(RobotQuestion.topic, RobotQuestion.language, RobotQuestion.id)))


def of(session: Session, topic: str, language: str) -> Asked | None:
    """Give the question of a topic in a language: its own before one for every topic, one that is always asked before the others."""
    wanted = select(RobotQuestion).where(RobotQuestion.language == language, RobotQuestion.topic.in_(["", topic]))
    found = session.scalars(wanted.order_by(RobotQuestion.topic.desc(), RobotQuestion.always.desc(), RobotQuestion.id)).first()
    return Asked(found.id, found.question, found.always) if found else None


def is_right(session: Session, number: int, answer: str) -> bool:
    """Tell whether an answer counts: case, width, spaces and a closing full stop do not matter."""
    found = session.get(RobotQuestion, number)
    return found is not None and _plain(answer) in {_plain(line) for line in found.answers.splitlines()} - {""}


def known_bad(session: Session) -> str:
    """Give the marks by which a request is held, as they are kept."""
    return session.scalar(select(KnownBad.marks).where(KnownBad.id == 1)) or ""


def keep_known_bad(session: Session, marks: str) -> None:
    """Replace the marks by which a request is held."""
    row = session.get(KnownBad, 1)
    if row is None:
        session.add(KnownBad(id=1, marks=marks))
    else:
        row.marks = marks
    session.flush()


def _plain(text: str) -> str:
    return " ".join(fold(text).split()).rstrip(".。!")
