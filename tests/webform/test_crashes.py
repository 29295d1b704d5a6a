from pathlib import Path

from tests.webform.crashing import crash


def test_no_accepted_request_is_lost_whoever_is_killed(tmp_path: Path, database_url: str) -> None:
    figures = crash(tmp_path, database_url, kills=25, seed=1, whole_server_every=24)
    assert figures.kills == 25
    assert figures.accepted >= 10
    assert (figures.lost, figures.mismatches, figures.tickets_twice, figures.undelivered) == (0, 0, 0, 0), figures
    assert figures.integrity_check in {"ok", "not asked"}
