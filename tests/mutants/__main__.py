"""Breaks the program in one place after the other, and lists what no test notices: `make mutants`.

tests/mutants/table.toml says where, what stands there, what to put in its place, and the tests that must fail. They run
in a copy of the project. It ends with 1 when something survived.
"""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("table.toml")
# What is no part of the project, or is data of the one who works here.
LEFT = shutil.ignore_patterns(".*", "__pycache__", "inputs", "dist", "build", "*.egg-info", "node_modules", "data")
QUICK = "not browser and not soak"
SECONDS = 600


@dataclass(frozen=True)
class Mutant:
    """One breakage.

    Attributes:
        breaks: what is wrong then, in words.
        file: in which.
        old: what stands there, once.
        new: what stands there instead.
        tests: words for pytest.
    """

    breaks: str
    file: str
    old: str
    new: str
    tests: str

    def survives(self, project: Path) -> bool:
        """Break a copy of the project and see whether the tests pass; the copy is whole again afterwards."""
        path = project / self.file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")
        try:
            return is_passed(project, self.tests.split(), self.breaks)
        finally:
            path.write_text(text, encoding="utf-8")


def is_passed(project: Path, tests: Sequence[str], what: str, seconds: float = SECONDS) -> bool:
    """Whether tests pass in a copy of the project."""
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", QUICK, *tests]
    done = subprocess.run(words, cwd=project, capture_output=True, text=True, timeout=seconds, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{what}: pytest could not run {tests}:\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def mutants() -> list[Mutant]:
    """The table."""
    return [Mutant(**row) for row in tomllib.loads(TABLE.read_text(encoding="utf-8"))["mutant"]]


def copied(target: Path) -> Path:
    """A copy of what the tests need."""
    shutil.copytree(PROJECT, target, ignore=LEFT)
    shutil.copytree(PROJECT / "data" / "reference", target / "data" / "reference")
    return target


def main(chosen: list[str]) -> int:
    """Try the mutants whose words contain one of these, or all; print the survivors."""
    tried = [one for one in mutants() if not chosen or any(word in f"{one.file} {one.breaks}" for word in chosen)]
    with TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        copies = [copied(Path(folder) / str(number)) for number in range(2)]
        # What fails in a whole copy too would notice nothing.
        whole = sorted({test for one in tried for test in one.tests.split()})
        if not is_passed(copies[0], whole, "nothing is broken yet", SECONDS * 6):
            raise RuntimeError("the tests of the table fail in a copy that nothing is broken in")
        results = [pool.submit(try_all, tried[number::2], copy) for number, copy in enumerate(copies)]
        survivors = [one for result in results for one in result.result()]
    print(f"{len(tried) - len(survivors)} of {len(tried)} breakages noticed")
    for one in survivors:
        print(f"survives: {one.breaks} ({one.file}: {one.old!r} -> {one.new!r}; {one.tests})")
    return 1 if survivors or not tried else 0


def try_all(tried: list[Mutant], project: Path) -> list[Mutant]:
    """Those that no test noticed."""
    return [one for one in tried if one.survives(project)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
