"""Guards of the house: budgets, names, and who may know Flask."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("kb", "deflection", "webform")
LINES = {".py": 250, ".html": 80, ".txt": 80, ".js": 200, ".css": 150}
DATA = {"versions", "sample", "thesauri"}
"""Folders of what is read, not maintained line by line with the code."""
FUNCTION_LINES = 40
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "service", "services", "manager", "managers", "misc"}
EDGES = ("views", "forms", "cli", "web")
FLASK = {"flask", "flask_babel", "flask_security", "flask_wtf", "flask_limiter", "flask_login", "werkzeug"}
TOP_LEVEL = {
    ".ci", ".gitignore", "CHANGELOG.md", "LICENSE", "README.md", "deflection", "instance", "kb", "pyproject.toml", "run", "setup.cfg", "tests", "webform",
}  # fmt: skip


def tracked() -> list[Path]:
    """Files that git knows or would add."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def sources(*packages: str) -> list[Path]:
    folders = {ROOT / package for package in packages or PACKAGES}
    return [path for path in tracked() if path.suffix == ".py" and "versions" not in path.parts and folders & set(path.parents)]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_the_guards_see_the_project() -> None:
    assert len(sources()) > 30


def test_no_file_outgrows_its_budget() -> None:
    paths = [path for path in tracked() if path.suffix in LINES and DATA.isdisjoint(path.parts) and ROOT / "tests" not in path.parents]
    sizes = {str(path.relative_to(ROOT)): path.read_text("utf-8").count("\n") for path in paths}
    assert {name: lines for name, lines in sizes.items() if lines > LINES[Path(name).suffix]} == {}


def test_no_function_outgrows_its_budget() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
        for path in sources()
        for function in functions(ast.parse(path.read_text("utf-8")))
        if (function.end_lineno or 0) - function.lineno + 1 > FUNCTION_LINES
    ]
    assert long == []


def test_modules_are_named_after_things() -> None:
    assert [str(path) for path in sources() if path.stem in FORBIDDEN_NAMES] == []


def test_packages_have_no_packages_inside() -> None:
    nested = [path for path in sources() if path.name == "__init__.py" and path.parent.parent != ROOT]
    assert nested == []


def test_only_edges_of_knowledge_and_measurement_know_flask() -> None:
    guilty = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources("kb", "deflection")
        if not path.stem.split("_")[-1].startswith(EDGES)
        for name in imported(path)
        if name.split(".")[0] in FLASK
    ]
    assert guilty == []


def test_nothing_imports_the_edge_of_its_own_package() -> None:
    guilty = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in sources("kb", "deflection")
        for name in imported(path)
        if not path.stem.split("_")[-1].startswith(EDGES) and name.startswith(path.parent.name) and name.split("_")[-1].split(".")[-1] in EDGES
    ]
    assert guilty == []


def test_every_public_thing_is_documented() -> None:
    bare = []
    for path in sources():
        tree = ast.parse(path.read_text("utf-8"))
        bare += [f"{path.relative_to(ROOT)}: module"] if ast.get_docstring(tree) is None else []
        bare += [
            f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and ast.get_docstring(node) is None
        ]
    assert bare == []


def test_the_top_level_holds_nothing_else() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP_LEVEL


@pytest.mark.parametrize("package", PACKAGES)
def test_tests_mirror_the_package(package: str) -> None:
    """A test module is named after a module, or after a behaviour that several share."""
    assert any((ROOT / "tests" / package).glob("test_*.py"))


def imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names
