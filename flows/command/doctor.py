"""Finds the usual trouble before a refresh does, and says the cure: `trends doctor`."""

import os
import platform
import shutil
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

from ..ask.query import opened, warehouse_path
from ..errors import LandingError, TrendsError
from ..lake import shared
from ..landing.cards import CARD_ENDING, Card, LandedFile, card_path, landings
from ..landing.status import read_status
from ..landing.verified import verified
from ..network.environment import BUNDLES, given
from ..network.mirror import session
from ..network.reach import NO_NETWORK, unreachable
from ..refresh.alerts import open_troubles
from ..refresh.health import health
from ..release import lock, releases
from ..settings import Settings
from ..sources import SOURCES, hosts

LEAST_FREE_BYTES = 1024**3
MOST_CLOCK_ERROR = timedelta(minutes=5)
OLD_PARTIAL = timedelta(hours=1)
# What flows/ is written against; the first figures of a version must be these.
VERSIONS = {"duckdb": "1.5.", "prefect": "3.9.", "pytrends": "4.9.", "requests": "2.", "urllib3": "2.", "altair": "6."}


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `what`, whether it is fine, what was found, and the cure where it is not."""

    what: str
    is_fine: bool
    found: str
    cure: str = ""


def examine(settings: Settings, environ: Mapping[str, str], now: datetime) -> list[Finding]:
    """Look at everything; a look that itself fails is a finding too."""
    looks: list[Callable[[], Iterator[Finding]]] = [
        lambda: _environment(environ),
        _versions,
        lambda: _folder(settings),
        lambda: _disk(settings),
        lambda: _lock(settings),
        lambda: _landings(settings, now),
        lambda: _bytes(settings),
        lambda: _release(settings, now),
        lambda: _last_refresh(settings),
        lambda: _sources(settings, now),
        lambda: _network(settings, now),
    ]
    found: list[Finding] = []
    for look in looks:
        try:
            found += look()
        except (OSError, TrendsError) as error:
            found.append(Finding("trouble", False, str(error), "Mend this first, then run `trends doctor` again."))
    return found


def _versions() -> Iterator[Finding]:
    yield Finding("python", sys.version_info >= (3, 11), platform.python_version(), "Use Python 3.11 or newer.")
    wrong = []
    for name, wanted in VERSIONS.items():
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            found = "none"
        if not found.startswith(wanted):
            wrong.append(f"{name} {found} in place of {wanted}*")
    yield Finding(
        "packages",
        not wrong,
        ", ".join(wrong) or "as tested",
        "Install framework-trends anew (in a checkout: `make setup`).",
    )


def _folder(settings: Settings) -> Iterator[Finding]:
    """Judge as the user who owns the folder: root may write everywhere, the service may not. Nothing is written."""
    folder = next(path for path in (settings.data, *settings.data.parents) if path.exists())
    found = folder.stat()
    cure = "Correct its permissions, mount it writable, or name another folder in TRENDS_DATA."
    as_owner = os.geteuid() == 0 and found.st_uid != 0
    may = bool(found.st_mode & stat.S_IWUSR) if as_owner else True
    who = f" by its owner, user {found.st_uid}, as whom this is judged" if as_owner else ""
    if not may or not os.access(folder, os.W_OK | os.X_OK):
        yield Finding("data folder", False, f"{folder} cannot be written{who}", cure)
        return
    yield Finding("data folder", True, f"{folder} can be written{who}")
    is_open = bool(found.st_mode & stat.S_IWOTH) and not found.st_mode & stat.S_ISVTX
    words = "everybody may write there" if is_open else "only its owner or group may write there"
    yield Finding("permissions", not is_open, words, f"Run `chmod o-w {folder}`.")
    if folder == settings.data:
        foreign = sorted(path.name for path in folder.iterdir() if path.lstat().st_uid != found.st_uid)
        words = f"not of its owner: {', '.join(foreign)}" if foreign else "all of its owner"
        yield Finding("owner", not foreign, words, f"Run `chown -R {found.st_uid} {folder}`.")


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(next(path for path in (settings.data, *settings.data.parents) if path.exists())).free
    cure = f"Free at least {LEAST_FREE_BYTES / 1e9:.1f} GB, or name a folder on another disk in TRENDS_DATA."
    yield Finding("disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free", cure)


def _lock(settings: Settings) -> Iterator[Finding]:
    who = lock.at_work(settings)
    yield Finding("lock", True, f"another refresh is at work ({who})" if who else "no refresh is at work")


def _landings(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Half-made landings heal by themselves at the next refresh; files without a partner are the sign of one."""
    odd: list[str] = []
    for source in SOURCES:
        for folder in landings(settings.raw / source.NAME):
            for path in folder.iterdir():
                is_card = path.name.endswith(CARD_ENDING)
                partner = path.with_name(path.name.removesuffix(CARD_ENDING)) if is_card else card_path(path)
                odd += [] if partner.exists() else [str(path.relative_to(settings.data))]
        for path in (settings.raw / source.NAME / ".partial").glob("*.part"):
            if path.stat().st_mtime < (now - OLD_PARTIAL).timestamp():
                odd.append(str(path.relative_to(settings.data)))
    cure = "Run `trends refresh`: it goes on with what is half made and clears the rest away."
    yield Finding("landings", not odd, f"half made: {', '.join(odd)}" if odd else "all whole", cure)
    held_back = read_status(settings).quarantined
    cure = "Read the reason in `trends status`; `trends accept SOURCE` lets a landing pass."
    yield Finding("quarantine", not held_back, ", ".join(sorted(held_back)) or "empty", cure)


def _bytes(settings: Settings) -> Iterator[Finding]:
    """Hash every landed file, older landings too: a refresh hashes only what was touched since it last did."""
    damaged: list[str] = []
    size = 0
    for card in sorted(settings.raw.glob(f"*/*/*{CARD_ENDING}")):
        path = card.with_name(card.name.removesuffix(CARD_ENDING))
        if not path.exists():
            continue  # half made, and told of as such
        try:
            LandedFile(path, Card.read(card)).verify()
            size += path.stat().st_size
        except LandingError as error:
            damaged.append(str(error))
    if damaged:
        verified(settings.data).forget()
    words = f"{size / 1e6:,.1f} MB as they were landed"
    cure = "Each says what to do; until then a refresh uses the landing before it, or the embedded tables."
    yield Finding("bytes", not damaged, " ".join(damaged) or words, cure)


def _release(settings: Settings, now: datetime) -> Iterator[Finding]:
    current: Path = settings.current
    if not current.is_symlink() and not current.exists():
        yield Finding(
            "release", False, "none yet", "Run `trends refresh`, or `trends refresh --offline` without network."
        )
        return
    cure = "Run `trends build` to make a new one, or `trends rollback` for the one before."
    if not current.exists():
        yield Finding("release", False, f"{current} points at nothing", cure)
        return
    try:
        release = releases.current(settings)
        with opened(warehouse_path(settings)) as con:
            con.execute("select count(*) from marts.source_status").fetchall()
    except TrendsError as error:
        yield Finding("release", False, str(error), cure)
        return
    if release is None:
        return
    yield Finding("release", True, release.release_id)
    ahead = datetime.fromisoformat(release.built_at) - now
    words = (
        f"the current release was built {ahead} in the future" if ahead > MOST_CLOCK_ERROR else "after the last release"
    )
    cure = "Set the clock of this computer (`timedatectl set-ntp true`); releases sort by time."
    yield Finding("clock, by the release", ahead <= MOST_CLOCK_ERROR, words, cure)


def _last_refresh(settings: Settings) -> Iterator[Finding]:
    """Builds that fail leave everything else as it was: the release, its sources, the folder."""
    failure = open_troubles(settings).get("failed:refresh", "")
    cure = "Mend what it names and run `trends refresh`; its log, or `trends refresh --verbose`, says more."
    yield Finding("last refresh", not failure, failure or "ended well, or none was made yet", cure)
    if words := shared.trouble(settings):
        yield Finding("lake", False, words, "`trends build` commits the release there again.")


def _sources(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Those that `trends status` calls stale."""
    late = [f"{one.source} ({one.state})" for one in health(settings, now) if one.is_stale]
    yield Finding(
        "sources",
        not late,
        ", ".join(late) or "none is late",
        "`trends status` tells why; `trends refresh` asks them again.",
    )


def _environment(environ: Mapping[str, str]) -> Iterator[Finding]:
    """A proxy is fine; one that is no address, or certificates that are none, are not."""
    for one in given(environ):
        what = "certificates" if one.name in BUNDLES else "proxy"
        yield Finding(what, not one.cure, f"{one.name} {one.shown}", one.cure)


def _network(settings: Settings, now: datetime) -> Iterator[Finding]:
    """Each host by itself, those too that others lead to, then the clock by the first answer."""
    needed = {host.name: host.kind for host in hosts.table()}
    seen = _seen(settings) - needed.keys()
    names = [*(name for name in needed if "*" not in name), *sorted(seen)]
    with ThreadPoolExecutor(max_workers=len(names)) as pool:
        reasons = dict(zip(names, pool.map(lambda name: unreachable((name,), settings), names), strict=True))
    cure = "Check the network, HTTPS_PROXY and TRENDS_MIRROR; until then the last landings are used."
    for name, reason in reasons.items():
        kind = needed.get(name, hosts.REDIRECTED_TO)
        words = reason.removeprefix(NO_NETWORK).strip() if reason else "answers"
        words += "" if kind == hosts.ASKED else f" ({kind})"
        yield Finding(f"network: {name}", reason is None or kind == hosts.OPTIONAL, words, cure)
    for name in [name for name in needed if "*" in name]:
        yield Finding(f"network: {name}", True, "a pattern: `trends probe` is led to one of these hosts")
    if reached := [name for name in names if reasons[name] is None]:
        yield _clock(settings, reached[0], now)


def _seen(settings: Settings) -> set[str]:
    """Hosts that landed files came from in the end, as their cards say."""
    seen = set()
    for path in settings.raw.glob(f"*/*/*{CARD_ENDING}"):
        with suppress(LandingError):
            seen.add(urlsplit(Card.read(path).final_address).netloc)
    return seen - {""}


def _clock(settings: Settings, host: str, now: datetime) -> Finding:
    """Our clock beside the Date of an answer, whatever else the answer says."""
    started = datetime.now(UTC)
    with session(settings) as web:
        try:
            response = web.head(f"https://{host}/", timeout=settings.reachable_seconds, allow_redirects=False)
            theirs = parsedate_to_datetime(response.headers["Date"])
        except (OSError, KeyError, ValueError, TypeError):
            return Finding("clock", True, f"{host} does not tell the time")
    off = abs(theirs - (now + (datetime.now(UTC) - started)))
    cure = "Set the clock of this computer (`timedatectl set-ntp true`)."
    return Finding("clock", off <= MOST_CLOCK_ERROR, f"{off.total_seconds():.0f} s from that of {host}", cure)
