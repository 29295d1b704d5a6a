"""Our own addresses: whose mails are not those of customers."""

import re
from collections.abc import Mapping
from typing import Any

PUBLIC = frozenset(
    {
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com", "me.com", "aol.com", "gmx.de", "gmx.net",
        "web.de", "proton.me", "protonmail.com", "mail.ru", "bk.ru", "list.ru", "inbox.ru", "yandex.ru", "ya.ru", "rambler.ru", "qq.com", "foxmail.com",
        "163.com", "126.com", "sina.com", "sohu.com", "yeah.net",
    }
)  # fmt: skip
"""Domains under which anybody may have an address: of these, only the address itself is ours."""
_WORD = re.compile(r"[^\s,;<>\"']+")


def own_addresses(config: Mapping[str, Any], said: str = "") -> tuple[str, ...]:
    """Give our addresses and domains, in small letters: those that somebody named, or else those of the settings.

    :param said: words such as ``support@yours.example`` or ``yours.example``, however they are separated.
    """
    named = [word.lower().lstrip("@") for word in _WORD.findall(said)] or [config[name].lower() for name in ("TEAM_ADDRESS", "MAIL_SENDER")]
    domains = [domain for word in named if (domain := word.rpartition("@")[2]) not in PUBLIC and "@" in word]
    return tuple(dict.fromkeys([*named, *domains]))[:200]
