"""Every knob of the pipeline, typed, read from the environment once.

Nothing else reads the environment, so a run is described by one frozen object, and tests need no patching.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from .errors import SettingsError

VERSION = "0.1.0"
PROJECT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Where what the program makes belongs: into a checkout's data/, else into the user's data folder."""
    if (PROJECT / "pyproject.toml").is_file():
        return PROJECT / "data"
    import platformdirs  # an installed package alone needs it

    return platformdirs.user_data_path("framework-trends", appauthor=False)


OF_TESTS = {"TRENDS_GROWTH_DAYS", "TRENDS_KILL_SEED", "TRENDS_NASTY_SEEDS"}
SECRET_ADDRESSES = {"TRENDS_ALERT_WEBHOOK", "TRENDS_HEARTBEAT_URL"}  # no error shows them
# What the system's calls take: more seconds, or bytes, end in an overflow in the middle of a run.
LONGEST, LARGEST, HIGHEST_PORT = 100_000_000.0, 2**62, 65535
# A size in DuckDB's words: number, letter, and an i where it counts by 1,024.
SIZE = re.compile(r"(\d+(?:\.\d+)?) ?([kMGT])(i?)B", re.IGNORECASE)


@dataclass(frozen=True)
class Settings:
    """What a run needs to know.

    Attributes:
        project: the checkout or the installed package: sql/ and data/reference/ are read from here.
        data: folder for everything that the program makes (TRENDS_DATA).
        mirror: base address that stands in for the outside world (TRENDS_MIRROR), or None; it is never sent a key.
        site_url: address that the site is published at, or empty (TRENDS_SITE_URL): with it pages have canonical
            addresses, a sitemap, pictures for links, and oEmbed.
        user_agent: how we introduce ourselves (TRENDS_USER_AGENT); put a contact address there.
        connect_seconds: limit for opening a connection (TRENDS_CONNECT_SECONDS).
        read_seconds: limit for the pause between two pieces of an answer (TRENDS_READ_SECONDS).
        source_seconds: time that one source may take in one refresh (TRENDS_SOURCE_SECONDS).
        reachable_seconds: time for finding out that there is no network at all (TRENDS_REACHABLE_SECONDS).
        attempts: how often a request that may pass is tried (TRENDS_ATTEMPTS).
        backoff_seconds: pause before the second attempt, doubled for each further one (TRENDS_BACKOFF_SECONDS).
        max_bytes: largest answer that is kept (TRENDS_MAX_BYTES).
        releases_kept: how many releases stay on disk (TRENDS_RELEASES_KEPT).
        prune_landings: whether landed files are deleted that a newer one has replaced and no kept release is made from
            (TRENDS_PRUNE_LANDINGS).
        query_seconds: limit for one ad-hoc query (TRENDS_QUERY_SECONDS).
        query_memory: what one ad-hoc query may use, in DuckDB's words (TRENDS_QUERY_MEMORY).
        memory_limit: what the build may use, in DuckDB's words (TRENDS_MEMORY_LIMIT).
        build_seconds: time that building one warehouse may take (TRENDS_BUILD_SECONDS).
        refresh_seconds: time after which a scheduled refresh is ended, whatever it does (TRENDS_REFRESH_SECONDS).
        retry_seconds: first pause before a scheduled refresh asks a source again (TRENDS_RETRY_SECONDS).
        expect_sizes: whether a first landing is held against the known size of its source; 0 for subsets and tests
            (TRENDS_EXPECT_SIZES).
        stale_factor: a source is stale when unconfirmed for so many times its cadence (TRENDS_STALE_FACTOR).
        schedule_port: port of the Prefect server that `trends schedule` starts (TRENDS_SCHEDULE_PORT).
        schedule_host: address at which that server listens; 0.0.0.0 inside a container (TRENDS_SCHEDULE_HOST).
        schedule_sources: names of the sources that are scheduled, joined by commas; empty for all that are pulled
            (TRENDS_SCHEDULE_SOURCES).
        schedule_seconds: one rhythm for all sources in place of their cadences, for trials (TRENDS_SCHEDULE_SECONDS).
        alert_webhook: address that alerts are posted to as JSON (TRENDS_ALERT_WEBHOOK); a secret.
        heartbeat_url: address that is called after each good refresh (TRENDS_HEARTBEAT_URL); a secret.
        alert_block: Prefect notification block that alerts go to, such as slack-webhook/ops (TRENDS_ALERT_BLOCK).
        papers_with_code_format: `parquet` or `json` (TRENDS_PAPERS_WITH_CODE_FORMAT).
        papers_with_code_abstracts: also fetch the 580 MB of paper metadata (TRENDS_PAPERS_WITH_CODE_ABSTRACTS).
        google_trends_countries: ISO codes beside the whole world, or `none` (TRENDS_GOOGLE_TRENDS_COUNTRIES).
        google_trends_pause_seconds: pause between two requests to Google Trends (TRENDS_GOOGLE_TRENDS_PAUSE_SECONDS).
        google_trends_seconds: time of Google Trends in one refresh, long for the pauses (TRENDS_GOOGLE_TRENDS_SECONDS).
        google_trends_repeat_days: age at which a window is asked for again (TRENDS_GOOGLE_TRENDS_REPEAT_DAYS).
        labels_seconds: time for reading repositories in one refresh (TRENDS_LABELS_SECONDS).
        labels_per_month: repositories whose framework is told for each month of papers (TRENDS_LABELS_PER_MONTH).
        conda_months_per_refresh: months of conda's history that one refresh fetches (TRENDS_CONDA_MONTHS_PER_REFRESH).
        hiring_threads_per_refresh: hiring threads that one refresh fetches (TRENDS_HIRING_THREADS_PER_REFRESH).
        openalex_key: optional key of OpenAlex (TRENDS_OPENALEX_KEY).
        lake: catalogue of the lake that hosts share, an address of PostgreSQL or one file (TRENDS_LAKE); may hold a
            password, so it is never shown as it is.
        lake_data: folder or bucket of the lake's files, such as s3://bucket/trends/ (TRENDS_LAKE_DATA).
        cluster: scheduler of the Dask cluster that record-level models run on, such as tcp://scheduler:8786
            (TRENDS_CLUSTER).
        github_token: makes GitHub's quota larger (TRENDS_GITHUB_TOKEN, else GITHUB_TOKEN); never shown.
        stack_exchange_key: makes Stack Exchange's quota larger (TRENDS_STACK_EXCHANGE_KEY); never shown.
    """

    project: Path = PROJECT
    data: Path = field(default_factory=data_folder)
    mirror: str | None = None
    site_url: str = ""
    user_agent: str = f"framework-trends/{VERSION} (open research observatory; set TRENDS_USER_AGENT to add a contact)"
    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    source_seconds: float = 120.0
    reachable_seconds: float = 3.0
    attempts: int = 4
    backoff_seconds: float = 0.5
    max_bytes: int = 2 * 1024**3
    releases_kept: int = 2
    prune_landings: bool = True
    query_seconds: float = 60.0
    query_memory: str = "500MB"
    memory_limit: str = "360MB"
    build_seconds: float = 600.0
    refresh_seconds: float = 3600.0
    retry_seconds: float = 20.0
    expect_sizes: bool = True
    stale_factor: float = 1.5
    schedule_port: int = 4200
    schedule_host: str = "127.0.0.1"
    schedule_sources: str = ""
    schedule_seconds: float = 0.0  # 0: each source by its cadence
    alert_webhook: str | None = field(default=None, repr=False)
    heartbeat_url: str | None = field(default=None, repr=False)
    alert_block: str | None = None
    papers_with_code_format: str = "parquet"
    papers_with_code_abstracts: bool = False
    google_trends_countries: str = "US,IN,DE"
    google_trends_pause_seconds: float = 10.0
    google_trends_seconds: float = 900.0
    google_trends_repeat_days: int = 7
    labels_seconds: float = 900.0
    labels_per_month: int = 1000
    conda_months_per_refresh: int = 24
    hiring_threads_per_refresh: int = 60
    lake: str | None = field(default=None, repr=False)
    lake_data: str | None = None
    cluster: str | None = None
    openalex_key: str = field(default="", repr=False)
    github_token: str = field(default="", repr=False)
    stack_exchange_key: str = field(default="", repr=False)

    @property
    def reference(self) -> Path:
        """The embedded tables of facts, part of the project whatever `data` says."""
        return self.project / "data" / "reference"

    @property
    def sql(self) -> Path:
        """The models."""
        return self.project / "sql"

    @property
    def raw(self) -> Path:
        """Landed files, one folder per source."""
        return self.data / "raw"

    @property
    def current(self) -> Path:
        """The published release, a symbolic link."""
        return self.data / "current"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read `TRENDS_*` variables; an empty one counts as absent."""
        values: dict[str, object] = {}
        if not environ.get("TRENDS_GITHUB_TOKEN", "").strip():
            environ = {**environ, "TRENDS_GITHUB_TOKEN": environ.get("GITHUB_TOKEN", "")}
        for name, default in cls().__dict__.items():
            text = environ.get(f"TRENDS_{name.upper()}", "").strip()
            if text and name != "project":
                values[name] = _parse(f"TRENDS_{name.upper()}", text, default)
        return cls(**values)  # type: ignore[arg-type]  # _parse returns the type of the default

    def __post_init__(self) -> None:
        if not self.sql.is_dir() or not self.reference.is_dir():
            raise SettingsError(
                f"{self.project}: expected the project's sql/ and data/reference/ folders, found none. "
                "The installation is not whole: install framework-trends anew."
            )
        if self.papers_with_code_format not in ("parquet", "json"):
            raise SettingsError(
                f"TRENDS_PAPERS_WITH_CODE_FORMAT: expected parquet or json, found {self.papers_with_code_format!r}. "
                "Set one of the two."
            )
        if not re.fullmatch(r"none|[A-Z]{2}(,[A-Z]{2})*", self.google_trends_countries):
            raise SettingsError(
                f"TRENDS_GOOGLE_TRENDS_COUNTRIES: expected ISO codes such as US,DE or the word none, "
                f"found {self.google_trends_countries!r}. Two capital letters each, joined by commas without spaces."
            )
        for name in ("memory_limit", "query_memory"):
            if not SIZE.fullmatch(getattr(self, name)):
                raise SettingsError(
                    f"TRENDS_{name.upper()}: expected a size such as 800MB, found {getattr(self, name)!r}. "
                    "Give a number and a unit."
                )
        if self.schedule_port > HIGHEST_PORT:
            raise SettingsError(
                f"TRENDS_SCHEDULE_PORT: expected a port up to {HIGHEST_PORT}, found {self.schedule_port}. Name another."
            )
        if not self.user_agent.isprintable() or not self.user_agent.isascii():
            raise SettingsError(
                f"TRENDS_USER_AGENT: expected one line of printable ASCII, found {self.user_agent!r}. "
                "Leave out line ends and letters with accents."
            )
        for name in ("github_token", "stack_exchange_key"):
            secret = getattr(self, name)
            if not all("!" <= letter <= "~" for letter in secret):
                raise SettingsError(
                    f"TRENDS_{name.upper()}: expected one word of printable ASCII, found {len(secret)} characters with "
                    "others among them. Copy it again, without blanks and line ends."
                )


def misspelt(environ: Mapping[str, str]) -> list[str]:
    """A warning for each variable that begins like a setting and is none: it has no effect."""
    known = {f"TRENDS_{each.name.upper()}" for each in fields(Settings)} | {"TRENDS_PROJECT"}
    found = []
    for name in sorted(environ):
        if name.startswith("TRENDS_") and name not in known and name not in OF_TESTS:
            near = get_close_matches(name, known, 1, 0.75)
            found.append(f"{name} is no setting and has no effect" + (f"; did you mean {near[0]}?" if near else "."))
    return found


def _parse(name: str, text: str, default: object) -> object:
    """Turn the text of a variable into the type of the setting's default."""
    if name == "TRENDS_MIRROR":
        return _address(name, text, "every outside request then goes to that address, then host, then path")
    if name == "TRENDS_SITE_URL":
        return _address(name, text, "pages then name themselves by it")
    if name in SECRET_ADDRESSES and not _is_address(text):
        raise SettingsError(
            f"{name}: expected an address such as https://HOST/PATH, found {len(text)} characters that are none. "
            "Copy it again from the service that is called there."
        )
    if isinstance(default, Path):
        return _folder(name, text)
    if isinstance(default, bool):
        words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
        if text.lower() in words:
            return words[text.lower()]
        raise SettingsError(f"{name}: expected 1 or 0, found {text!r}. Set it to 1 to switch it on.")
    if isinstance(default, int | float):
        try:
            number = type(default)(text)
        except ValueError:
            number = type(default)(-1)
        kind, most = ("whole number", LARGEST) if isinstance(default, int) else ("number", LONGEST)
        if not 0 < number < most:
            raise SettingsError(
                f"{name}: expected a positive {kind} below {most:,.0f}, found {text!r}. The default is {default}."
            )
        return number
    return text


def _folder(name: str, text: str) -> Path:
    try:
        path = Path(text).expanduser().absolute()
    except RuntimeError as error:
        raise SettingsError(f"{name}: expected a folder, found {text!a}: {error} Name it from / on.") from error
    # DuckDB takes a name for UTF-8, and what follows a question mark for the query of an address.
    if "?" in str(path) or str(path).encode(errors="replace").decode() != str(path):
        raise SettingsError(
            f"{name}: expected a path in UTF-8 without a question mark, found {text!a}. Name another folder."
        )
    for above in (path, *path.parents):
        with suppress(OSError):  # what we may not look at is told of by what writes there
            if above.is_file():
                raise SettingsError(f"{name}: expected a folder, found that {above} is a file. Name a folder.")
    return path


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # half an IPv6 address, a port beyond the highest
        return False


def _address(name: str, text: str, purpose: str) -> str:
    if not _is_address(text) or urlsplit(text).query or urlsplit(text).fragment:
        shown = re.sub("//[^/]*@", "//***@", text)
        raise SettingsError(
            f"{name}: expected an address such as http://127.0.0.1:8000, found {shown!r}. "
            f"Give scheme, host and port; {purpose}."
        )
    return text.rstrip("/")
