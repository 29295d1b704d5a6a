"""Guard of what is installed: a package that was built holds every file that the project runs with."""

from configparser import ConfigParser
from pathlib import Path

import pytest

from tests.test_architecture import PACKAGES, ROOT, tracked


def installed(folder: Path) -> set[Path]:
    """Give the files of a package that a build takes: its modules, and what ``package_data`` names."""
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    patterns = setup["options.package_data"]["*"].split()
    return {*folder.glob("*.py"), *(found for pattern in patterns for found in folder.glob(pattern))}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_of_a_package_is_installed_with_it(package: str) -> None:
    files = {path for path in tracked() if ROOT / package in path.parents}
    assert files
    assert {str(path.relative_to(ROOT)) for path in files - installed(ROOT / package)} == set()
