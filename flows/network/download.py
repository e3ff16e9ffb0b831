"""Receives one file: goes on where an earlier attempt stopped, and refuses what is not of the expected kind."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ..errors import SourceError, module_of
from .expect import GZIP, HEAD_BYTES, Expect
from .failures import Passing
from .partial import Part, keeping
from .web import Reply, Web


class Download:
    """One file on its way.

    Args:
        web: asks for us.
        part: where the bytes go.
        address: of the file.
        expect: the kind of file; anything else is refused.
    """

    def __init__(self, web: Web, part: Part, address: str, expect: Expect) -> None:
        self._web, self._part, self._address, self._expect = web, part, address, expect

    def ask(self, asked: Mapping[str, str], params: Mapping[str, str] | None, data: str | None) -> Reply:
        """Receive the answer into the part.

        Args:
            asked: headers that make the request conditional.
            params: of the query.
            data: body of a POST, which is not resumed.
        """
        if data is not None:
            self._part.discard()

        def headers() -> dict[str, str]:
            sent = {"Accept-Encoding": "identity"}
            if data is None and self._part.size and (validator := self._part.validator(self._address)):
                return sent | {"Range": f"bytes={self._part.size}-", "If-Range": validator}
            return sent | dict(asked)

        return self._web.exchange(
            self._address,
            self._receive,
            headers=headers,
            method="GET" if data is None else "POST",
            params=params,
            data=None if data is None else data.encode(),
        )

    def examine(self, reply: Reply, check: Callable[[Path], str | None] | None) -> str | None:
        """Refuse a complete file that is not what we expect; return its SHA-256 if the check has computed it."""
        try:
            if found := self._expect.refuse_file(self._part.path):
                raise self._refusal(found, reply)
            return check(self._part.path) if check else None
        except SourceError:
            self._part.discard()
            raise

    def _receive(self, reply: Reply) -> Reply:
        """Write an answer behind the bytes that we have, or start over."""
        part = self._part
        if reply.status == 304:
            return reply
        if reply.status == 416 or (reply.status == 206 and not part.continued_by(self._address, reply)):
            part.discard()
            raise Passing("a range other than the one we asked for", "Refresh again: it starts over.", kind=SourceError)
        # A server that marks a .gz file as encoded would have us store it unpacked under its packed name.
        pieces = reply.pieces(decode=self._expect is not GZIP)
        if reply.status == 206:
            head = b""
            reply.refuse_size(part.size + (reply.length or 0))
        else:
            head = _first(pieces)
            if found := self._expect.refuse_head(head, reply.length):
                raise self._refusal(found, reply)
        with keeping(part.path):
            if reply.status != 206:
                part.begin(self._address, reply)
            with part.path.open("ab") as file:
                file.write(head)
                for piece in pieces:
                    file.write(piece)
            part.refuse_short(self._address)
        return reply

    def _refusal(self, found: str, reply: Reply) -> SourceError:
        cure = (
            "Open the address in a browser: if it asks for a login or has moved, update the address in "
            f"{module_of(self._web.source)}; otherwise refresh again later."
        )
        return self._web.refusal(self._address, self._expect.words, found, cure, reply.final_address)


def _first(pieces: Iterator[bytes]) -> bytes:
    """Take enough pieces off a body to judge what it is."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= HEAD_BYTES:
            break
    return head
