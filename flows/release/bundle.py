"""A packed edition for people without network: what one machine pulled, another one uses.

`trends bundle write FILE` packs what the current release was made from, as far as it may be passed on: sources marked
`yes` in data/reference/redistribution.csv as their landed files, those marked `figures only` as rows of TABLES, with
reference, time and hash of the files behind them, all others not at all. A file that the operator gave never leaves the
machine, nor do figures that it may have gone into. bundle.json lists what is in the bundle and what was left out.

`trends bundle read FILE` checks all of it first, then lands it: times, hashes and addresses stay, the origin is
`imported`. What is damaged, or was written by something else, is refused whole.
"""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Self

import duckdb

from ..errors import LandingError, ReleaseError, SourceError
from ..json_text import parsed_json
from ..landing import ahead
from ..landing.bundled import NAME, TABLES, Origin
from ..landing.cards import FOLDER, Card, LandedFile, card_path
from ..landing.landing import Landing
from ..landing.loading import looking
from ..network.web import Web
from ..reference.sources import PASSED_ON, redistribution, source_row
from ..replacing import replaced
from ..settings import Settings
from ..sources import SOURCES
from ..sql_text import parquet, quoted

FORM = "framework-trends bundle 1"
MANIFEST = "bundle.json"
BLOCK = 1024 * 1024
WRITTEN_BY_US = "a bundle that `trends bundle write` made"
# Where a warehouse has the rows of a source that travel without their files.
QUERIES = {
    "bundle_observations": "from ({told}) where source = {source} and coalesce(source_file, '') <> ''",
    "bundle_rejected_records": "from marts.rejected_records where source = {source} and source_file <> ''",
    "bundle_search_interest": "from marts.search_interest where {source} = 'google_trends'",
}
TOLD = """
select table_name from duckdb_columns()
where database_name = 'warehouse' and schema_name = 'intermediate' and column_name = 'source_file'
    and ends_with(table_name, '_observations') and table_name not like 'reference%'
order by table_name
"""


@dataclass
class Bundle:
    """What is in a bundle.

    Attributes:
        made_at: when it was written, aware.
        members: size and SHA-256 by name, without the list itself.
        landings: cards of landed files, by member.
        figures: by member: source, table and the files behind the rows.
        left_out: what did not travel, and why.
    """

    made_at: datetime
    members: dict[str, dict[str, Any]] = field(default_factory=dict)
    landings: dict[str, Card] = field(default_factory=dict)
    figures: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        """The list that travels."""
        words = {
            "form": FORM,
            "made_at": self.made_at.isoformat(),
            "members": self.members,
            "landings": {member: json.loads(card.as_json()) for member, card in self.landings.items()},
            "figures": {
                member: {**told, "made_from": [origin.as_dict() for origin in told["made_from"]]}
                for member, told in self.figures.items()
            },
            "left_out": self.left_out,
        }
        return json.dumps(words, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Read the list; raise ValueError, KeyError, TypeError or AttributeError for anything that is not one."""
        words = parsed_json(text)
        if words["form"] != FORM:
            raise ValueError(f"the form {words['form']!r}")
        figures = {
            str(member): {
                "source": str(told["source"]),
                "table": str(told["table"]),
                "made_from": [Origin.of(one) for one in told["made_from"]],
            }
            for member, told in words["figures"].items()
        }
        found = cls(
            datetime.fromisoformat(words["made_at"]),
            {
                str(member): {"size": int(m["size"]), "sha256": str(m["sha256"])}
                for member, m in words["members"].items()
            },
            {str(member): Card.of(card) for member, card in words["landings"].items()},
            figures,
            {str(what): str(why) for what, why in words["left_out"].items()},
        )
        if found.made_at.tzinfo is None or found.members.keys() != found.landings.keys() | found.figures.keys():
            raise ValueError("members that no card speaks of, or cards without their member")
        return found

    def told(self) -> str:
        """What is in it, for the operator."""
        size = sum(member["size"] for member in self.members.values())
        sources = {card.source for card in self.landings.values()}
        counted = {told["source"] for told in self.figures.values()}
        return (
            f"{len(self.landings)} files of {len(sources)} sources and figures of {len(counted)} others, "
            f"{size / 1e6:.1f} MB, as of {self.made_at:%Y-%m-%d %H:%M} UTC"
        )


def write(settings: Settings, target: Path, now: datetime) -> str:
    """Pack what the current release was made from; return what to tell the operator."""
    bundle = Bundle(now.replace(microsecond=0))
    try:
        with replaced(target) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as packed:
            with tempfile.TemporaryDirectory(prefix="trends-bundle-") as aside:
                _pack(settings, packed, bundle, Path(aside))
            packed.writestr(_member(MANIFEST, bundle), bundle.as_json())
    except OSError as error:
        raise ReleaseError(
            f"{target}: the bundle cannot be written ({error.strerror or error}). Free the disk or name another place."
        ) from error
    return "\n".join(
        [f"{target}: {bundle.told()}", *(f"left out: {what}: {why}" for what, why in bundle.left_out.items())]
    )


def read(settings: Settings, file: Path) -> str:
    """Land what a bundle holds, once all of it is found right; return what to tell the operator."""
    with _opened(file) as packed:
        bundle = _checked(settings, packed, file)
        said = [f"{file}: {bundle.told()}"]
        said += [f"not in it: {what}: {why}" for what, why in bundle.left_out.items()]
        with Web(settings, source=NAME) as web:
            for member, card in bundle.landings.items():
                with packed.open(member) as content:
                    said += _land(settings, web, content, card)
            for member, told in bundle.figures.items():
                with packed.open(member) as content:
                    _land(settings, web, content, _card_of_figures(settings, file, bundle, member, told))
    return "\n".join(said)


def _pack(settings: Settings, packed: zipfile.ZipFile, bundle: Bundle, aside: Path) -> None:
    rules = redistribution(settings)
    with closing(duckdb.connect()) as con:
        con.execute(f"attach {quoted(str(_warehouse(settings)))} as warehouse (read_only)")
        con.execute("use warehouse; set threads = 1; set timezone = 'UTC'")
        for source, used in _used(con).items():
            cards = [(path, Card.read(card_path(path))) for path in map(settings.raw.joinpath, used) if path.exists()]
            given = [path for path, card in cards if card.kind == "import"]
            rule, why = rules.get(source, ("no", "no row in data/reference/redistribution.csv says that it may"))
            if rule == "yes":
                for path, card in cards:
                    if path not in given:
                        _add_landing(packed, bundle, LandedFile(path, card))
                bundle.left_out |= {
                    _below(settings, path): "a file given on that machine stays there" for path in given
                }
            elif rule in PASSED_ON and not given:
                _add_figures(con, packed, bundle, source, list(used.values()), aside)
            else:
                bundle.left_out[source] = (
                    "figures that files given on that machine may have gone into" if given else why
                )


def _warehouse(settings: Settings) -> Path:
    path = settings.current / "warehouse.duckdb"
    if not path.exists():
        raise ReleaseError(f"{path}: there is no release yet that could be packed. Run `trends refresh` first.")
    return path.resolve()


def _used(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Origin]]:
    """By source and place: the files that the release was made from; those behind figures of a bundle too."""
    found: dict[str, dict[str, Origin]] = {}
    rows = con.execute(
        "select source_file, source, retrieved_at, address, sha256, size_bytes "
        "from staging.refresh__landings order by all"
    ).fetchall()
    for source_file, source, retrieved_at, address, sha256, size in rows:
        fetched_at = datetime.fromisoformat(f"{retrieved_at}+00:00")
        name = source_file.removeprefix(f"{NAME}/")
        found.setdefault(source, {})[source_file] = Origin(name, source, fetched_at, address, sha256, size)
    return found


def _add_landing(packed: zipfile.ZipFile, bundle: Bundle, file: LandedFile) -> None:
    """Pack a landed file, if its bytes are still those of its card."""
    member = f"raw/{file.source_file}"
    with file.path.open("rb") as content:
        found = _add(packed, bundle, member, content)
    if found != file.card.sha256:
        file.verify()
        raise LandingError(f"{file.path}: it changed while it was read. Write the bundle again.")
    bundle.landings[member] = file.card


def _add_figures(
    con: duckdb.DuckDBPyConnection,
    packed: zipfile.ZipFile,
    bundle: Bundle,
    source: str,
    made_from: list[Origin],
    aside: Path,
) -> None:
    """Pack the rows of a source whose files stay."""
    told = " union all by name ".join(f"from intermediate.{name}" for (name,) in con.execute(TOLD).fetchall())
    for table, query in QUERIES.items():
        columns = ", ".join(
            f"'{NAME}/' || regexp_replace({column}, '^{NAME}/', '') as {column}"
            if column == "source_file"
            else f"{column}::{kind} as {column}"
            for column, kind in TABLES[table].items()
        )
        rows = f"select {columns} {query.format(told=told, source=quoted(source))} order by all"
        file = aside / f"{source}.{table}.parquet"
        con.execute(f"copy ({rows}) to {quoted(str(file))} (format parquet, compression zstd)")
        if con.execute(f"select count(*) from {parquet(file)}").fetchall()[0][0]:
            member = f"figures/{file.name}"
            with file.open("rb") as content:
                _add(packed, bundle, member, content)
            bundle.figures[member] = {"source": source, "table": table, "made_from": made_from}


def _add(packed: zipfile.ZipFile, bundle: Bundle, member: str, content: IO[bytes]) -> str:
    """Copy bytes into the bundle; return their SHA-256."""
    size, total = 0, hashlib.sha256()
    with packed.open(_member(member, bundle), "w", force_zip64=True) as inside:
        while block := content.read(BLOCK):
            inside.write(block)
            total.update(block)
            size += len(block)
    bundle.members[member] = {"size": size, "sha256": total.hexdigest()}
    return total.hexdigest()


def _member(name: str, bundle: Bundle) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, bundle.made_at.timetuple()[:6])
    info.external_attr = 0o644 << 16
    return info


def _below(settings: Settings, path: Path) -> str:
    return str(path.relative_to(settings.raw))


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as packed:
            yield packed
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        if isinstance(error, LandingError):
            raise
        found = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
        raise _foreign(file, found) from error


def _foreign(file: Path, found: str) -> SourceError:
    return SourceError(str(file), WRITTEN_BY_US, found, "Nothing was landed. Get the bundle again, or write a new one.")


def _checked(settings: Settings, packed: zipfile.ZipFile, file: Path) -> Bundle:
    """The list of a bundle, if everything that it names is there, whole, in its place and allowed."""
    names = packed.namelist()
    if names.count(MANIFEST) != 1:
        raise _foreign(file, f"no {MANIFEST} in it")
    try:
        bundle = Bundle.from_json(packed.read(MANIFEST))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _foreign(file, f"a {MANIFEST} with {type(error).__name__}: {error}") from error
    if sorted(names) != sorted([*bundle.members, MANIFEST]):
        raise _foreign(file, "other members than it lists")
    for member, told in bundle.members.items():
        if packed.getinfo(member).file_size != told["size"] or _sha256(packed, member, told["size"]) != told["sha256"]:
            raise _foreign(file, f"{member} with other bytes than were packed")
    rules = {source: rule for source, (rule, _) in redistribution(settings).items()}
    for member, card in bundle.landings.items():
        _refuse_landing(file, member, card, bundle.members[member], rules)
    for member, told in bundle.figures.items():
        _refuse_figures(file, packed, member, told, rules)
    return bundle


def _sha256(packed: zipfile.ZipFile, member: str, size: int) -> str:
    """Hash a member, and not a byte more than it may have."""
    total, left = hashlib.sha256(), size
    with packed.open(member) as content:
        while block := content.read(min(BLOCK, left + 1)):
            total.update(block)
            left -= len(block)
            if left < 0:
                break
    return total.hexdigest()


def _refuse_landing(file: Path, member: str, card: Card, told: Mapping[str, Any], rules: Mapping[str, str]) -> None:
    parts = member.split("/")
    is_in_place = len(parts) == 4 and parts[0] == "raw" and parts[1] == card.source and parts[3] == card.name
    if not is_in_place or not FOLDER.fullmatch(parts[2]) or not card.name.strip(".") or "\\" in card.name:
        raise _foreign(file, f"{member!r}, which is no place of a landed file")
    if card.source not in {source.NAME for source in SOURCES} or rules.get(card.source) != "yes":
        raise _foreign(file, f"files of {card.source}, which may not be passed on")
    if card.kind == "import" or (card.sha256, card.size) != (told["sha256"], told["size"]):
        raise _foreign(file, f"{member} with a card that is not its own")


def _refuse_figures(
    file: Path, packed: zipfile.ZipFile, member: str, told: Mapping[str, Any], rules: Mapping[str, str]
) -> None:
    source, table = told["source"], told["table"]
    if table not in TABLES or member != f"figures/{source}.{table}.parquet":
        raise _foreign(file, f"{member!r}, which is no place of figures")
    if source not in {one.NAME for one in SOURCES} or rules.get(source) not in PASSED_ON:
        raise _foreign(file, f"figures of {source}, which may not be passed on")
    known = {f"{NAME}/{origin.source_file}" for origin in told["made_from"]}
    with tempfile.TemporaryDirectory(prefix="trends-bundle-") as aside, looking() as con:
        path = Path(packed.extract(member, aside))
        try:
            described = con.execute(f"describe from {parquet(path)}").fetchall()
            columns = {name: kind for name, kind, *_ in described}
            sources = _distinct(con, path, "source", columns)
            files = _distinct(con, path, "source_file", columns)
        except duckdb.Error as error:
            raise _foreign(file, f"{member} that cannot be read ({type(error).__name__})") from error
    if columns != TABLES[table] or not sources <= {source} or not files <= known:
        raise _foreign(file, f"{member} with other columns, sources or files than it lists")


def _distinct(con: duckdb.DuckDBPyConnection, path: Path, column: str, columns: Mapping[str, str]) -> set[Any]:
    if column not in columns:
        return set()
    return {row[0] for row in con.execute(f"select distinct {column} from {parquet(path)}").fetchall()}


def _card_of_figures(settings: Settings, file: Path, bundle: Bundle, member: str, told: Mapping[str, Any]) -> Card:
    row, found = source_row(settings, told["source"]), bundle.members[member]
    return Card(
        source=NAME,
        name=f"{told['source']}.{told['table']}.parquet",
        address=file.name,
        final_address=file.name,
        fetched_at=bundle.made_at,
        sha256=found["sha256"],
        size=found["size"],
        etag=None,
        last_modified=None,
        licence=row.licence,
        citation=row.attribution,
        kind=NAME,
        details={
            "source": told["source"],
            "table": told["table"],
            "made_from": json.dumps([origin.as_dict() for origin in told["made_from"]]),
        },
    )


def _land(settings: Settings, web: Web, content: IO[bytes], card: Card) -> list[str]:
    """Land one file at the time of its card; answers that we asked for ourselves are kept instead."""
    landing = Landing(
        settings, card.source, web, licence=card.licence, citation=card.citation, checks={}, now=card.fetched_at
    )
    held = landing.held(card.name)
    if held and held.card.kind != NAME and ahead.NAME.fullmatch(card.name):
        return [f"kept our own: {held.source_file}, which the bundle has too"]
    landing.take_over(content, replace(card, kind=NAME))
    return []
