"""Reasons: why an article did not help, in the form as well as in the help centre."""

from enum import StrEnum


class Reason(StrEnum):
    """What a customer can choose, and what a taken-back solution gets without a choice."""

    NOT_MY_CASE = "not-my-case"
    STEPS_FAILED = "steps-failed"
    OUT_OF_DATE = "out-of-date"
    TOO_LONG = "too-long"
    NOT_UNDERSTOOD = "not-understood"
    TAKEN_BACK = "taken-back"


CHOICES = tuple(reason for reason in Reason if reason is not Reason.TAKEN_BACK)
