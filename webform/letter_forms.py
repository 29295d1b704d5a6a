"""The form of a letter: what a lead wrote, and what is wrong with it in words, each with the way to put it right."""

from dataclasses import dataclass, field

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from webform.contact_forms import clean_line, clean_text
from webform.letter_texts import LONGEST_BODY, LONGEST_SUBJECT, Letter, TextFault, WrongText, wrong_body, wrong_subject


@dataclass(slots=True)
class LetterForm:
    """A letter as it stands in its form; ``after`` is the version it was begun from."""

    subject: str
    body: str
    after: int = 0
    errors: dict[str, str] = field(default_factory=dict)

    def letter(self) -> Letter | None:
        """Make the letter that was asked for, or note what is wrong with it."""
        found = {"subject": wrong_subject(self.subject), "body": wrong_body(self.body)}
        longest = {"subject": LONGEST_SUBJECT, "body": LONGEST_BODY}
        self.errors = {name: " ".join(fault_words(each, longest[name]) for each in wrong) for name, wrong in found.items() if wrong}
        return None if self.errors else Letter(self.subject, self.body)


def posted(sent: MultiDict[str, str]) -> LetterForm:
    """Read the form as it was sent."""
    after = sent.get("after", "")
    number = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    return LetterForm(clean_line(sent.get("subject"))[: LONGEST_SUBJECT * 2], clean_text(sent.get("body"))[: LONGEST_BODY * 2], number)


def fault_words(wrong: WrongText, longest: int) -> str:
    """Say what is wrong, and how to put it right."""
    name, meant = "{{ " + wrong.name + " }}", "{{ " + wrong.meant + " }}"
    words = {
        TextFault.UNKNOWN: gettext("There is no variable %(name)s. Take one from the list, or leave it out.", name=name),
        TextFault.NOT_HERE: gettext("%(name)s does not fit in a subject. Write it in the text.", name=name),
        TextFault.BRACES: gettext(
            "There is a “%(name)s” that belongs to no variable. Variables are written {{ reference }}; nothing else is understood.", name=wrong.name
        ),
        TextFault.MISSING: gettext("Put %(name)s in: customers need it to find their request again.", name=name),
        TextFault.EMPTY: gettext("Write something here."),
        TextFault.LONG: gettext("Shorten this; %(most)s characters fit.", most=longest),
    }
    if wrong.fault == TextFault.UNKNOWN and wrong.meant:
        return str(gettext("There is no variable %(name)s. Did you mean %(meant)s?", name=name, meant=meant))
    return str(words[wrong.fault])


def variables() -> dict[str, str]:
    """Say what each variable stands for."""
    return {
        "greeting": gettext("a greeting, by name if the name is plainly one"),
        "name": gettext("the customer's name, or nothing if it is not plainly one"),
        "reference": gettext("the reference of the request"),
        "company": gettext("the company"),
        "signature": gettext("who signs, and the company"),
        "topic": gettext("the topic that was chosen, or nothing"),
        "answer_time": gettext("a sentence: within how long a person answers, and by when"),
        "answer_within": gettext("within how long a person answers"),
        "answer_by": gettext("by when a person answers"),
        "status_link": gettext("the link to the page of the request"),
        "link_note": gettext("a sentence: how long the link opens"),
        "article": gettext("an article that may help meanwhile, if there is one"),
    }
