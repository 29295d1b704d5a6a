"""The gallery of an import: pictures that its texts name, found among its own files and never on the network."""

import base64
import binascii
import re
from collections import defaultdict
from posixpath import basename, join, normpath, splitext
from urllib.parse import unquote, urlsplit

from kb.bundle import Bundle, BundleError
from kb.import_report import Failure
from kb.picture_bytes import MOST_BYTES, Drawn, PictureRefused, draw, restore
from kb.picture_names import address, is_name, names_in
from kb.sentences import Sentence

EXPORTED = "pictures"
"""Folder of our own exports that has the pictures under their names."""
_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif"})
_DATA = re.compile(r"data:image/[\w.+-]+(?:;[\w=.-]+)*;base64,", re.IGNORECASE)


class Gallery:
    """Draws each picture once; what it has drawn waits in ``drawn`` to be kept with the article that shows it."""

    def __init__(self, bundle: Bundle) -> None:
        """Learn where the files are."""
        self._bundle = bundle
        self._called: dict[str, list[str]] = defaultdict(list)
        for name in bundle.names:
            self._called[basename(name).lower()].append(name)
            if splitext(name)[1].lower() in _ENDINGS:  # Tools that save an attachment often call it by its number.
                self._called[splitext(basename(name))[0].lower()].append(name)
        self._places: dict[str, str] = {}
        self.drawn: dict[str, Drawn] = {}
        self.notes: list[Failure] = []

    def place(self, source: str, page: str) -> str | None:
        """Give our address of a picture that a text shows, or nothing if it is not in the bundle; that is noted then.

        :param source: as the text says it: beside the page, an address on the network, or the bytes themselves.
        :param page: the file with the text.
        """
        source = source.strip()
        if source.startswith(address("")):
            return source
        try:
            if found := _DATA.match(source):
                return self._keep(draw(base64.b64decode(source[found.end() :], validate=True)))
            name = self._find(source, page)
            if name is None:
                self.notes.append(_noted(page, source[:200], Sentence("is not in the export")))
                return None
            if name not in self._places:
                content, own = self._bundle.read(name, MOST_BYTES), basename(name)
                self._places[name] = self._keep(restore(content, own) if is_name(own) else draw(content))
            return self._places[name]
        except (PictureRefused, BundleError, binascii.Error) as error:
            self.notes.append(_noted(page, source[:200], error))
            return None

    def bring(self, text: str, page: str) -> None:
        """Take along the pictures that a text of our own export shows under their lasting names."""
        for name in sorted(names_in(text)):
            for file in self._called.get(name, ())[:1]:
                if name in self.drawn or file in self._places:
                    continue
                try:
                    drawn = restore(self._bundle.read(file, MOST_BYTES), name)
                except (PictureRefused, BundleError) as error:
                    self.notes.append(_noted(page, name, error))
                    continue
                self._places[file] = self._keep(drawn)
                if drawn.name != name:
                    self.notes.append(_noted(page, name, Sentence("is not the one that was exported")))

    def take(self) -> list[Drawn]:
        """Give what has been drawn since the last time."""
        drawn, self.drawn = list(self.drawn.values()), {}
        return drawn

    def take_notes(self) -> list[Failure]:
        """Give what has been noted since the last time."""
        notes, self.notes = self.notes, []
        return notes

    def _keep(self, drawn: Drawn) -> str:
        self.drawn[drawn.name] = drawn
        return address(drawn.name)

    def _find(self, source: str, page: str) -> str | None:
        """Find the file that an address most likely means: beside the page, else the one whose path agrees longest."""
        try:
            path = unquote(urlsplit(source).path)
        except ValueError:
            return None
        if not urlsplit(source).netloc:
            beside = normpath(join("" if path.startswith("/") else page.rpartition("/")[0], path.lstrip("/")))
            if beside in self._bundle:
                return beside
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        for part in reversed(parts):
            candidates = self._called.get(part.lower(), []) if part == parts[-1] or part.isdigit() else []
            best = sorted(candidates, key=lambda name: (-_agreement(name, parts), name))
            if len(best) == 1 or (best and _agreement(best[0], parts) > _agreement(best[1], parts)):
                return best[0]
        return None


def _agreement(name: str, parts: list[str]) -> int:
    """Count how many parts at the end of a path are the same in another; a number anywhere in it counts too."""
    own = name.split("/")
    same = 0
    for mine, theirs in zip(reversed(own), reversed(parts), strict=False):
        if mine.lower() != theirs.lower():
            break
        same += 1
    return 2 * same + sum(part.isdigit() and any(part == splitext(each)[0] for each in own) for part in parts)


def _noted(page: str, picture: str, why: str | Exception) -> Failure:
    words = why.args[0] if isinstance(why, PictureRefused | BundleError) else why
    return Failure.because(page, Sentence("picture %(picture)s %(why)s", picture=picture, why=words))
