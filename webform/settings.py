"""Settings: what an installation may choose, where a value comes from, and what is refused.

A value is taken from the default, then ``config.py`` in the instance folder, then ``WEBFORM_<NAME>`` in the
environment, then the file that ``WEBFORM_<NAME>_FILE`` names. The last one found wins.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from webform import embedding, values

PREFIX = "WEBFORM_"


class SettingError(Exception):
    """A setting cannot be used; the message names it and says how to put it right."""


class Setting(NamedTuple):
    """One choice: its name, the text of its default, how to read it, and what it is for."""

    name: str
    default: str
    parse: Callable[[str], object]
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting("INSTANCE", "instance", values.folder, "Folder of run-time state: database, index, model, mail."),
    Setting(
        "DATABASE_URL", "", values.database_url, "Database; empty means SQLite in the instance folder. PostgreSQL: `postgresql://user:password@host/name`."
    ),
    Setting("BIND", "127.0.0.1:8000", values.host_port, "Address and port the server listens on, `host:port`."),
    Setting("BASE_URL", "", values.base_url, "Public address of the site, used in mails; empty means `http://` and BIND."),
    Setting("TRUSTED_PROXIES", "0", values.whole(0, 10), "How many reverse proxies in front may be believed about the client's address."),
    Setting("SECRET_KEY", "", str, "Key of signatures; empty means one is made at the first start and kept in the instance folder."),
    Setting("COMPANY", "Mossgarth", values.line, "Name of the company on pages and in mails."),
    Setting("LANGUAGE", "en", values.one_of("en", "ru", "zh"), "Language of the interface where neither the URL nor the browser asks for one."),
    Setting("SAMPLE_KB", "1", values.yes_no, "Whether the first start loads the sample knowledge base."),
    Setting("ADMIN_ADDRESS", "admin@example.com", values.address, "Whom the first start makes an admin; it prints the password, and sends nothing."),
    Setting("TEAM_ADDRESS", "team@example.com", values.address, "Where requests go unless their topic has its own address."),
    Setting("MAIL_SENDER", "help@example.com", values.address, "The product's own address: From of every mail."),
    Setting("BOUNCE_ADDRESS", "", values.optional_address, "Envelope sender of forwarded requests; empty means MAIL_SENDER."),
    Setting("MAIL_SERVER", "", values.line, "SMTP server; empty means mail is written as `.eml` files under the instance folder."),
    Setting("MAIL_PORT", "25", values.whole(1, 65535), "Port of the SMTP server."),
    Setting("MAIL_USE_TLS", "0", values.yes_no, "Whether to demand STARTTLS."),
    Setting("MAIL_USE_SSL", "0", values.yes_no, "Whether to speak TLS from the first byte."),
    Setting("MAIL_USERNAME", "", str, "User name at the SMTP server; empty means none."),
    Setting("MAIL_PASSWORD", "", str, "Password at the SMTP server."),
    Setting("MAIL_TIMEOUT_SECONDS", "30", values.whole(1, 600), "How long to wait for each answer of the SMTP server."),
    Setting("MAIL_RETRY_MINUTES", "1 5 15 30 60", values.minutes, "Minutes to wait after each attempt that failed for the moment; the last one repeats."),
    Setting("MAIL_RETRY_DAYS", "3", values.whole(1, 30), "Days after which a message that cannot be delivered is given up and shown to staff."),
    Setting("SIGNATURE", "", values.line, "Team or person who signs the acknowledgement; empty means the company."),
    Setting("ANSWER_HOURS", "24", values.whole(1, 720), "Within how many hours a person answers, as a rule."),
    Setting("ACKNOWLEDGEMENTS_PER_HOUR", "3", values.whole(0, 1000), "Acknowledgements to one address an hour at most; 0 sends none."),
    Setting(
        "SATISFACTION_HOURS", "24", values.whole(0, 336), "Hours after the team closed a request at which its sender is asked once how it was; 0 asks nobody."
    ),
    Setting("HOLDOUT_SHARE", "0.05", values.share(0, 0.5), "Share of visits that see a plain form, for comparison; 0 to 0.5."),
    Setting("VISIT_DAYS", "400", values.whole(31, 3650), "Days for which visits are kept, with what happened in them; what was counted of them stays."),
    Setting("COST_PER_CONTACT", "0", values.share(0, 1_000_000), "What a request costs you; 0 means that no savings are shown."),
    Setting("CURRENCY", "EUR", values.currency, "Currency of that cost, three letters."),
    Setting("GATE", "", values.optional_share, "Score under which nothing is suggested; empty means the one chosen at `/staff/gate`, else the calibrated one."),
    Setting("LEARN", "1", values.yes_no, "Whether a description is kept, without names and numbers, when an answer solved the problem or did not."),
    Setting("SUGGEST_SECONDS", "0.3", values.seconds, "Time within which a suggestion must be found, else nothing is shown."),
    Setting("MAX_SUBJECT", "200", values.whole(20, 300), "Characters in a subject at most."),
    Setting("MAX_MESSAGE", "10000", values.whole(200, 100_000), "Characters in a message at most."),
    Setting("MAX_NAME", "100", values.whole(20, 200), "Characters in a name at most."),
    Setting("MAX_FILES", "5", values.whole(0, 20), "Attached files at most; 0 hides the field."),
    Setting("MAX_FILE_MEGABYTES", "10", values.whole(1, 100), "Size of all attached files together at most."),
    Setting("MAX_EACH_FILE_MEGABYTES", "10", values.whole(1, 100), "Size of one attached file at most."),
    Setting("MAIL_FILE_MEGABYTES", "7", values.whole(0, 100), "Size of the files that go inside one mail to the team at most; the others go as links."),
    Setting("CLAMD_SOCKET", "", values.socket_address, "Where clamd listens, `host:port` or a path: files are scanned for viruses; empty means they are not."),
    Setting("CLAMD_REQUIRED", "1", values.yes_no, "Whether a file is refused that clamd could not scan; otherwise it is held until clamd has."),
    Setting("FILE_LINK_DAYS", "30", values.whole(1, 3650), "Days for which a link to a file opens that went to the team in a mail."),
    Setting("SUGGESTIONS_PER_MINUTE", "60", values.whole(1, 100_000), "Suggestions asked by one network a minute at most."),
    Setting("SEARCHES_PER_MINUTE", "60", values.whole(1, 100_000), "Searches in the help centre by one network a minute at most."),
    Setting("REQUESTS_PER_HOUR", "30", values.whole(1, 100_000), "Requests sent by one network an hour at most."),
    Setting("REQUESTS_PER_ADDRESS", "10", values.whole(1, 100_000), "Requests with one e-mail address an hour at most."),
    Setting("API_OPEN", "1", values.yes_no, "Whether programs may send requests without a key, within the limits above."),
    Setting("API_REQUESTS_PER_HOUR", "1000", values.whole(1, 1_000_000), "Requests sent with one API key an hour at most."),
    Setting("API_PER_MINUTE", "120", values.whole(1, 100_000), "What else one API key may ask a minute at most."),
    Setting(
        "ATTACK_REQUESTS",
        "5000",
        values.whole(0, 100_000),
        "Messages within ten minutes from everybody, from which on senders must show that they are people; 0 never.",
    ),
    Setting("HELD_HOURS", "24", values.whole(1, 720), "Hours after which a request that looks like a robot's goes to the team if nobody has decided about it."),
    Setting("RATE_STORAGE", "", values.line, "Where rates are counted; empty means the database. Several nodes may share `redis://host`."),
    Setting(
        "EMBED_SITES", "", embedding.parse_sites, "Sites that may show the form in a frame, with spaces between: `https://shop.example https://*.example.org`."
    ),
    Setting("FORM_HOURS", "24", values.whole(1, 720), "Hours for which an opened form can be sent."),
    Setting("REQUEST_DAYS", "30", values.whole(1, 3650), "Days for which the customer's page of a request can be opened."),
    Setting("METRICS_TOKEN", "", str, "Token that opens `/metrics`; empty means only this machine may read it."),
    Setting("SELF_CHECK_URL", "", values.base_url, "Where the worker's self-check finds the form; empty means BIND, on this machine."),
    Setting("SELF_CHECK_SHARE", "0.9", values.share(0, 1), "Share of the kept questions that must find their article, else leads are told."),
    Setting("SELF_CHECK_SECONDS", "1", values.seconds, "Seconds within which nine of ten answers must come, else leads are told."),
    Setting("STUCK_MAIL_MINUTES", "30", values.whole(5, 10_000), "Minutes for which a mail may be due, else leads are told."),
    Setting("FAILED_MAILS", "5", values.whole(1, 100_000), "Mails given up within a day from which on leads are told."),
    Setting("WEBHOOK_HOSTS", "", values.hosts, "Hosts, `host` or `host:port`, that webhooks may reach in a private network and without TLS; empty means none."),
    Setting("LOG_LEVEL", "info", values.one_of("debug", "info", "warning", "error"), "How much is logged."),
)


def load(overrides: Mapping[str, str] | None = None, environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read every setting.

    :param overrides: texts by name that win over everything else (tests, command line).
    :param environ: the environment; the process's own unless given.
    :return: values by name, as parsed.
    :raises SettingError: for the first value that cannot be used, or a name that does not exist.
    """
    environ = os.environ if environ is None else environ
    overrides = overrides or {}
    texts = {setting.name: setting.default for setting in SETTINGS}
    _refuse_unknown(environ, overrides, texts)
    folder = overrides.get("INSTANCE") or environ.get(f"{PREFIX}INSTANCE") or texts["INSTANCE"]
    texts |= _from_config_file(Path(folder).expanduser() / "config.py", texts)
    for name in texts:
        texts[name] = environ.get(PREFIX + name, texts[name])
        if secret := environ.get(f"{PREFIX}{name}_FILE"):
            texts[name] = _from_secret_file(name, secret)
    texts |= overrides
    texts["INSTANCE"] = folder
    return {setting.name: _parsed(setting, texts[setting.name]) for setting in SETTINGS}


def _parsed(setting: Setting, text: str) -> object:
    try:
        return setting.parse(text)
    except ValueError as error:
        raise SettingError(f"{PREFIX}{setting.name}: {error}. {setting.help}") from error


def _from_config_file(path: Path, known: Mapping[str, str]) -> dict[str, str]:
    if not path.is_file():
        return {}
    namespace: dict[str, object] = {}
    exec(compile(path.read_text("utf-8"), path, "exec"), namespace)  # noqa: S102 - the operator's own file, as Flask does it
    found = {name: value for name, value in namespace.items() if name.isupper()}
    if unknown := sorted(set(found) - set(known)):
        raise SettingError(f"{path.name}: there is no setting {unknown[0]}; `webform check --settings` lists them")
    return {name: _as_text(value) for name, value in found.items()}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def _from_secret_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except OSError as error:
        raise SettingError(f"{PREFIX}{name}_FILE: {path!r} cannot be read ({error.strerror}). Name a file that this user may read") from error


def _refuse_unknown(environ: Mapping[str, str], overrides: Mapping[str, str], known: Mapping[str, str]) -> None:
    asked = {name.removeprefix(PREFIX).removesuffix("_FILE") for name in environ if name.startswith(PREFIX)}
    unknown = sorted((asked | set(overrides)) - set(known) - {"TEST_DATABASE"})
    if unknown:
        raise SettingError(f"{PREFIX}{unknown[0]}: there is no such setting; `webform check --settings` lists them")
