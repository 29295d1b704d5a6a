import stat
import zipfile
from pathlib import Path

import pytest

from kb import bundle
from kb.bundle import BundleError, open_bundle


def pack(path: Path, members: dict[str, bytes], *, link: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
        if link:
            info = zipfile.ZipInfo(link)
            info.external_attr = (stat.S_IFLNK | 0o777) << 16
            packed.writestr(info, "/etc/passwd")
    return path


def reasons(path: Path) -> dict[str, str]:
    return {failure.where: failure.reason for failure in open_bundle(path).refused}


def test_a_folder_gives_its_files_and_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "in" / "sub").mkdir(parents=True)
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "in" / "sub" / "a.md").write_text("a")
    (tmp_path / "in" / ".hidden.md").write_text("x")
    (tmp_path / "in" / "link.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "in" / "folder").symlink_to(tmp_path)
    found = open_bundle(tmp_path / "in")
    assert found.names == ("sub/a.md",)
    assert found.read("sub/a.md") == b"a"
    assert {failure.where for failure in found.refused} == {"link.md", "folder"}
    with pytest.raises(BundleError, match="larger"):
        found.read("sub/a.md", 0)
    (tmp_path / "in" / "sub" / "a.md").unlink()
    (tmp_path / "in" / "sub" / "a.md").symlink_to(tmp_path / "secret.md")
    with pytest.raises(BundleError):
        found.read("sub/a.md")


def test_one_file_is_a_bundle_of_its_own(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(name)
    assert open_bundle(tmp_path / "a.md").names == ("a.md",)
    with pytest.raises(BundleError, match="No such file"):
        open_bundle(tmp_path / "c.md")


def test_a_zip_gives_what_is_safe_in_it(tmp_path: Path) -> None:
    members = {
        "a/b.md": b"b",
        "../up.md": b"x",
        "/abs.md": b"x",
        "a\\c.md": b"x",
        "C:/d.md": b"x",
        "__MACOSX/e.md": b"x",
        ".git/f": b"x",
        "bomb.md": b"0" * 5_000_000,
    }
    found = open_bundle(pack(tmp_path / "x.zip", members, link="link.md"))
    assert found.names == ("a/b.md",)
    assert found.read("a/b.md") == b"b"
    told = reasons(tmp_path / "x.zip")
    assert told["link.md"] == "is a symbolic link, which may lead anywhere"
    assert told["bomb.md"] == "is packed more densely than any text or picture"
    assert {told[name] for name in ("../up.md", "/abs.md", "C:/d.md")} == {"leads out of the zip"}


def test_a_zip_of_too_many_or_too_large_files_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST_FILES", 2)
    assert open_bundle(pack(tmp_path / "x.zip", {f"{number}.md": b"x" for number in range(4)})).names == ("0.md", "1.md")
    monkeypatch.setattr(bundle, "MOST_TOGETHER", 1)
    assert open_bundle(tmp_path / "x.zip").names == ("0.md",)


def test_a_broken_zip_is_refused_and_a_broken_member_by_name(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"PK\x03\x04 not a zip")
    with pytest.raises(BundleError, match="not a zip"):
        open_bundle(tmp_path / "no.zip")
    whole = pack(tmp_path / "x.zip", {"a.md": bytes(range(256)) * 20}).read_bytes()
    (tmp_path / "x.zip").write_bytes(whole[:60] + b"\xff\xff\xff" + whole[63:])
    with pytest.raises(BundleError):
        open_bundle(tmp_path / "x.zip").read("a.md")


def test_a_fingerprint_changes_with_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a")
    first = open_bundle(tmp_path).fingerprint
    assert open_bundle(tmp_path).fingerprint == first
    (tmp_path / "a.md").write_text("ab")
    assert open_bundle(tmp_path).fingerprint != first
