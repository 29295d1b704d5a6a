"""Money: amounts as the reader's language writes them."""

from babel.numbers import format_currency

from webform.i18n import choose_language


def amount(value: float, currency: str, *, exact: bool = False) -> str:
    """Write an amount in whole units, or with its cents."""
    pattern = None if exact else "¤#,##0;−¤#,##0" if choose_language() != "ru" else "#,##0\u00a0¤;−#,##0\u00a0¤"
    return str(format_currency(value, currency, pattern, locale=choose_language(), currency_digits=exact))
