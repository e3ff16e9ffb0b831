"""Zips as survey publishers make them: the table inside is found by its base name and unpacked within a limit of size.

Nothing is ever written under a name that an archive gives. An archive that tries to (`/etc/x`, `../x`) is refused.
"""

import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ...errors import SourceError
from ...landing.landing import CSV, GZIP, ZIP, Expect

MOST_BYTES = 1 << 30
PIECE_BYTES = 1 << 20
# What reading a damaged archive raises; writing what was read is no part of it.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
CURE = "Fetch the file again; if it stays so, compare it with the publisher's page."

# The members' bytes are judged while the table is unpacked: unpacking a zip bomb in full is what we must not do.
SURVEY_ZIP = replace(ZIP, whole_found=lambda _: None)


def kind_of(path: Path) -> str:
    """What a file is by its first bytes: zip, gzip or plain."""
    with path.open("rb") as file:
        head = file.read(4)
    return "zip" if head.startswith(b"PK") else "gzip" if head.startswith(b"\x1f\x8b") else "plain"


def given(path: Path) -> tuple[Expect, str]:
    """What a file that somebody gives is to be, and the ending that we keep it under.

    Raises:
        SourceError: it is damaged, or something else stands in its place.
    """
    kinds: dict[str, tuple[Expect, str]] = {
        "zip": (SURVEY_ZIP, ".zip"),
        "gzip": (GZIP, ".csv.gz"),
        "plain": (CSV, ".csv"),
    }
    try:
        expect, ending = kinds[kind_of(path)]
        found = expect.refuse_file(path)
    except OSError as error:
        expect, found = CSV, error.strerror or str(error)
    if found:
        raise SourceError(str(path), expect.words, found, "Name the file as it was downloaded.")
    return expect, ending


def unpack(
    path: Path,
    target: Path,
    address: str,
    name: str | Collection[str],
    most_bytes: int = MOST_BYTES,
    *,
    is_given: bool = False,
) -> Path:
    """Copy the one member of this base name, or of one of these, to `target`.

    A zip that somebody gives may hold one table under another name, packed again; its columns tell what it is.

    Raises:
        SourceError: the archive is damaged, holds no such member or several, one with a path that leads outside, or a
            member of more than `most_bytes`.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("wb") as file:
            for piece in _pieces(path, address, name, most_bytes, is_given):
                file.write(piece)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return target


def plain(paths: Sequence[Path], folder: Path, name: str) -> Iterator[Path]:
    """Yield the table of each file, out of its zip if it is one; while one is read, the next one is unpacked."""

    def start(number: int) -> Path:
        path = paths[number]
        return unpack(path, folder / f"{number}.csv", str(path), name) if kind_of(path) == "zip" else path

    with ThreadPoolExecutor(max_workers=1) as pool:
        tables = (pool.submit(start, number) for number in range(len(paths)))
        ahead = next(tables, None)
        while ahead:
            table = ahead.result()
            ahead = next(tables, None)
            yield table
            if table.parent == folder:
                table.unlink()


def _pieces(path: Path, address: str, name: str | Collection[str], most_bytes: int, is_given: bool) -> Iterator[bytes]:
    """Yield the member, counting bytes: what an archive says of its sizes is not believed."""
    try:
        with zipfile.ZipFile(path) as archive:
            member = _member(archive, address, name, is_given)
            size = member.file_size
            if size <= most_bytes:
                size = 0
                with archive.open(member) as file:
                    while size <= most_bytes and (piece := file.read(PIECE_BYTES)):
                        size += len(piece)
                        yield piece
    except BROKEN as error:
        raise SourceError(address, "a whole zip file", f"a cut or damaged one ({error})", CURE) from error
    if size > most_bytes:
        found = f"{member.filename} of {size} bytes or more in {path.stat().st_size} bytes of zip"
        raise SourceError(address, f"a table of at most {most_bytes} bytes", found, CURE)


def _member(archive: zipfile.ZipFile, address: str, name: str | Collection[str], is_given: bool) -> zipfile.ZipInfo:
    named = {one.lower() for one in ([name] if isinstance(name, str) else name)}
    members = [one for one in archive.infolist() if not one.is_dir()]
    if outside := [one.filename for one in members if _leads_outside(one.filename)]:
        raise SourceError(address, "members below the archive's own folder", f"the member {outside[0]!r}", CURE)
    real = [one for one in members if not _is_shadow(one.filename)]
    found = [one for one in real if _base(one.filename) in named or (is_given and len(real) == 1)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.filename for one in (found or members)[:20]) or "no file"
    raise SourceError(address, f"one member named {' or '.join(sorted(named))}", names, CURE)


def _base(filename: str) -> str:
    return PurePosixPath(filename.replace("\\", "/")).name.lower()


def _is_shadow(filename: str) -> bool:
    """Whether macOS put it there beside the real one."""
    return "__MACOSX" in filename or _base(filename).startswith("._")


def _leads_outside(filename: str) -> bool:
    parts = PurePosixPath(filename.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or ":" in (parts.parts or ("",))[0]
