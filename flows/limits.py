"""Tells a full disk or a limit from data that is wrong: no file is to blame for these."""

import duckdb

DISK_WORDS = ("No space left on device", "Could not write", "Read-only file system", "Disk quota exceeded")


def not_the_file(error: BaseException | None) -> str | None:
    """What a full disk or a limit said at the root of an error; None where the data itself is wrong."""
    while error:
        is_limit = isinstance(error, MemoryError | duckdb.OutOfMemoryException | duckdb.InterruptException)
        if is_limit or any(words in str(error) for words in DISK_WORDS):
            return str(error)
        error = error.__cause__
    return None
