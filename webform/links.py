"""Links: addresses of our pages as they stand in mails, where no request tells them."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Links:
    """The pages of one installation; ``base`` is its public address without a closing slash."""

    base: str

    def article(self, language: str, slug: str) -> str:
        """Give the public page of an article."""
        return f"{self.base}/help/{quote(language, safe='')}/{quote(slug, safe='')}"

    def sent(self, reference: str, key: str) -> str:
        """Give the customer's page of a request, opened by a signed key."""
        return f"{self.base}/requests/{quote(reference, safe='')}?{urlencode({'key': key})}"

    def satisfaction(self, reference: str, key: str, answer: str) -> str:
        """Give the page on which a customer says how it was."""
        return f"{self.base}/requests/{quote(reference, safe='')}/satisfaction?{urlencode({'key': key, 'answer': answer})}"

    def quiet(self, reference: str, key: str) -> str:
        """Give the page on which a customer says that nothing more is to be asked."""
        return f"{self.base}/requests/{quote(reference, safe='')}/quiet?{urlencode({'key': key})}"

    def ticket(self, reference: str) -> str:
        """Give the staff's page of a request."""
        return f"{self.base}/staff/requests/{quote(reference, safe='')}"

    def file(self, key: str) -> str:
        """Give a file that a mail could not carry, by a signed key."""
        return f"{self.base}/files/{quote(key, safe='')}"

    def upkeep(self, article: int, language: str) -> str:
        """Give the staff's page of an article's owner and times."""
        return f"{self.base}/staff/articles/{article}/{quote(language, safe='')}/properties"

    def stop_report(self, key: str) -> str:
        """Give the page by which a reader ends the weekly report."""
        return f"{self.base}/reports/{quote(key, safe='')}/stop"

    def gap(self, number: int) -> str:
        """Give the staff's page of a gap."""
        return f"{self.base}/staff/gaps/{number}"

    def health(self, article: int) -> str:
        """Give the staff's page of an article's health."""
        return f"{self.base}/staff/articles/{article}/health"

    def deflection(self, first: date, last: date) -> str:
        """Give the staff's page about deflection for some days."""
        return f"{self.base}/staff/deflection?{urlencode({'from': first.isoformat(), 'to': last.isoformat()})}"

    def self_check(self) -> str:
        """Give the staff's page of the self-check."""
        return f"{self.base}/staff/self-check"

    def due(self) -> str:
        """Give the staff's list of articles whose review date has passed."""
        return f"{self.base}/staff/articles?review=due"


def reply(address: str, subject: str) -> str:
    """Give a link that starts an answer to a customer."""
    return f"mailto:{quote(address, safe='@')}?subject={quote('Re: ' + subject, safe='')}"
