"""The routes of the product, as a list that somebody has to agree to change."""

from pathlib import Path

from flask import Flask

from webform import create_app

LIST = Path(__file__).with_name("routes.txt")


def test_the_routes_are_those_that_were_agreed(app: Flask) -> None:
    agreed = LIST.read_text("utf-8").splitlines()
    assert routes(app) == agreed, f"a route came, went or changed; if that is meant: python -m tests.webform.test_routes > {LIST.relative_to(Path.cwd())}"


def test_no_route_lets_strangers_make_or_recover_an_account(app: Flask) -> None:
    assert [line for line in routes(app) if any(word in line for word in ("register", "reset", "recover", "login", "verify", "confirm"))] == []


def routes(app: Flask) -> list[str]:
    lines = [f"{','.join(sorted((rule.methods or set()) - {'HEAD', 'OPTIONS'})):<9} {rule.rule}  {rule.endpoint}" for rule in app.url_map.iter_rules()]
    return sorted(lines, key=lambda line: (line.split()[1], line))


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        print("\n".join(routes(create_app({"INSTANCE": folder}, environ={}))))
