"""Tries an installed wheel as a stranger would: from another folder, beside code that nothing may write to.

`python -m tests.wheel` (`make wheel`) builds wheel and sdist into dist/ and tries the wheel, with its dependencies as
pinned, in a clean environment of every Python that is there.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
QUESTION = "select count(*) as papers from marts.framework_shares where source = 'papers_with_code'"
NAMES = """
import framework_trends, pathlib, sys
print(pathlib.Path(framework_trends.__file__).parent)
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("flows", "dashboards")))
"""


def build(target: Path, kind: str = "wheel") -> Path:
    """Build into this folder with the hatchling of this environment; return the file."""
    run([sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(target)], PROJECT, {})
    (made,) = target.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


def try_out(binaries: Path, elsewhere: Path) -> dict[str, str]:
    """Run what a newcomer runs; return what was said, by command.

    Args:
        binaries: folder of the environment's python and trends.
        elsewhere: an empty folder to run in; its `home` becomes the user's.
    """
    home = elsewhere / "home"
    home.mkdir()
    environ = {"HOME": str(home), "PATH": f"{binaries}{os.pathsep}{os.defpath}", "LANG": "C.UTF-8"}
    package, modules = run([str(binaries / "python"), "-c", NAMES], elsewhere, environ).splitlines()
    assert modules == "[]", modules
    before = state(Path(package))
    said = {"package": package}
    for words in (["--version"], ["refresh", "--offline"], ["query", QUESTION, "--format", "csv"], ["site"]):
        said[words[0]] = run([str(binaries / "trends"), *words], elsewhere, environ)
    assert state(Path(package)) == before, "something was written beside the code"
    assert [path.name for path in elsewhere.iterdir()] == ["home"], "something was written into the working folder"
    return said


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file but those that Python itself compiles."""
    files = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def run(command: list[str], folder: Path, environ: dict[str, str]) -> str:
    """Standard output of a command that must succeed."""
    done = subprocess.run(
        command, cwd=folder, env=environ or None, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def main() -> None:
    """Build both, and try the wheel with every Python there is; exit 1 where there is none."""
    build(PROJECT / "dist", "sdist")
    wheel = build(PROJECT / "dist")
    tried = 0
    for version in VERSIONS:
        with tempfile.TemporaryDirectory() as folder:
            environment, elsewhere = Path(folder) / "environment", Path(folder) / "elsewhere"
            python = shutil.which(f"python{version}")
            if not python or subprocess.run([python, "-m", "venv", environment], check=False).returncode:
                print(f"Python {version} is not here")
                continue
            constraints = ["--constraint", str(PROJECT / "constraints.txt")]
            run([str(environment / "bin" / "pip"), "install", "--quiet", *constraints, str(wheel)], PROJECT, {})
            elsewhere.mkdir()
            said = try_out(environment / "bin", elsewhere)
            print(f"Python {version}: {said['--version'].strip()}, {said['query'].split()[-1]} figures asked for")
            tried += 1
    if not tried:
        sys.exit("no Python of " + ", ".join(VERSIONS))


if __name__ == "__main__":
    main()
