"""Terms: the settings under which a request is accepted and its mails are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webform.links import Links
from webform.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Terms:
    """The settings under which submissions are accepted."""

    tokens: Tokens
    links: Links
    company: str
    signature: str
    language: str
    team_address: str
    sender: str
    bounce: str
    answer_hours: int
    request_days: int
    acknowledgements_per_hour: int
    satisfaction_hours: int
    held_hours: int
    holdout_share: float
    secret: str
    mail_bytes: int
    file_days: int

    @property
    def mail_domain(self) -> str:
        """Give the domain in which Message-IDs are made."""
        return self.sender.rpartition("@")[2]


def terms(config: Mapping[str, Any], tokens: Tokens) -> Terms:
    """Take from an installation's settings what accepting needs."""
    return Terms(
        tokens=tokens,
        links=Links(config["BASE_URL"]),
        company=config["COMPANY"],
        signature=config["SIGNATURE"] or config["COMPANY"],
        language=config["LANGUAGE"],
        team_address=config["TEAM_ADDRESS"],
        sender=config["MAIL_SENDER"],
        bounce=config["BOUNCE_ADDRESS"] or config["MAIL_SENDER"],
        answer_hours=config["ANSWER_HOURS"],
        request_days=config["REQUEST_DAYS"],
        acknowledgements_per_hour=config["ACKNOWLEDGEMENTS_PER_HOUR"],
        satisfaction_hours=config["SATISFACTION_HOURS"],
        held_hours=config["HELD_HOURS"],
        holdout_share=config["HOLDOUT_SHARE"],
        secret=config["SECRET_KEY"],
        mail_bytes=config["MAIL_FILE_MEGABYTES"] * 1_000_000,
        file_days=config["FILE_LINK_DAYS"],
    )
