"""Where a post comes from: a page of this site, or one that borrows the visitor's browser."""

from urllib.parse import urlsplit

from flask import Request


def is_own(request: Request, base_url: str) -> bool:
    """Tell whether a post may have come from a page of this site.

    Browsers say where a post comes from; what says nothing (a program, a very old browser) is let through to the
    signed token, which a foreign page cannot have.

    :param base_url: public address of the site, which a proxy may hide from the request.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    return _host(origin) in {request.host.lower(), _host(base_url)}


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.lower()
    except ValueError:
        return ""
