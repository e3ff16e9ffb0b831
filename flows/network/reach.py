"""Says whether there is a network at all, within a time limit that name look-ups do not know."""

import queue
import socket
import threading
import time
from contextlib import suppress
from urllib.parse import urlsplit

import requests

from ..settings import Settings

NO_NETWORK = "no network:"


def unreachable(hosts: tuple[str, ...], settings: Settings) -> str | None:
    """Say in one sentence why no host can be reached, or None if one can; never takes longer than the limit."""
    doors = {_door(host, settings) for host in hosts}
    answers: queue.Queue[str | None] = queue.Queue()

    def knock(door: tuple[str, int]) -> None:
        try:
            with socket.create_connection(door, timeout=settings.reachable_seconds):
                answers.put(None)
        except OSError as error:
            answers.put(str("no answer" if isinstance(error, TimeoutError) else error.strerror or error).lower())

    end = time.monotonic() + settings.reachable_seconds
    for door in doors:
        threading.Thread(target=knock, args=(door,), daemon=True).start()
    reasons: list[str] = []
    with suppress(queue.Empty):
        while len(reasons) < len(doors):
            reason = answers.get(timeout=max(0.0, end - time.monotonic()))
            if reason is None:
                return None
            reasons.append(reason)
    if not doors:
        return None
    names = ", ".join(f"{host}:{port}" for host, port in sorted(doors)) if len(doors) < 4 else f"{len(doors)} hosts"
    who = f"{names} did not answer" if len(doors) == 1 else f"none of {names} answered"
    why = ", ".join(sorted(set(reasons))) or "no answer"
    return f"{NO_NETWORK} {who} within {settings.reachable_seconds:g} s ({why})."


def _door(host: str, settings: Settings) -> tuple[str, int]:
    """The host and port that a request to this host connects to first: itself, its proxy or the mirror."""
    address = settings.mirror or f"https://{host}"
    if not settings.mirror:
        proxies = requests.utils.get_environ_proxies(address)
        address = requests.utils.select_proxy(address, proxies) or address
    parts = urlsplit(address if "://" in address else f"http://{address}")
    return parts.hostname or host, parts.port or {"http": 80, "socks5": 1080, "socks5h": 1080}.get(parts.scheme, 443)
