"""What an outbox holds, sent through a real SMTP server and read as its receivers do."""

from datetime import UTC, datetime
from email.message import EmailMessage

from kb.database import Database
from tests.webform.delivering import courier
from tests.webform.sending import parsed
from tests.webform.smtp_servers import Sink, serve
from tests.webform.test_smtp_mailer import mail_app
from webform.deliveries import deliver_due
from webform.smtp_mailer import SmtpMailer


def delivered(database: Database, now: datetime | None = None) -> list[EmailMessage]:
    """Send all that is due, and give what arrived in its order."""
    with serve(Sink()) as sink:
        app = mail_app(sink.port)
        app.config["MAIL_TIMEOUT_SECONDS"] = 60
        mailer = SmtpMailer(app)
        deliver_due(courier(database, mailer, now or datetime.now(UTC)), stop=lambda: False)
        mailer.close()
    return [parsed(each.content) for each in sink.received]
