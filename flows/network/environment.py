"""Looks at what requests takes from the environment, proxies and certificates, before anything is asked.

One wrong letter there stops every source, and the libraries' own words then show a part of the password.
"""

import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

from ..settings import Settings

PROXIES = ("https_proxy", "http_proxy", "all_proxy")
BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
HOST_AND_PORT = re.compile(r"(\[[0-9a-fA-F:]+\]|[^\s:/?#@]+)(:\d{1,5})?/?")
SCHEMES = ("http", "https", "socks5", "socks5h", "socks4", "socks4a")
SHORTEST_SECRET = 3


@dataclass(frozen=True)
class Given:
    """One variable of the environment: what it says, without its password, and the cure where that cannot work."""

    name: str
    shown: str
    cure: str = ""


def trouble(environ: Mapping[str, str], settings: Settings) -> str | None:
    """What in the environment keeps us from asking; a mirror needs no proxy, and no source is asked by plain http."""
    found = [] if settings.mirror else [one for one in _proxies(environ) if one.name != "HTTP_PROXY"]
    if (settings.mirror or "https:").startswith("https:"):
        found += _bundle(environ)  # which reads all certificates
    for one in found:
        if one.cure:
            return f"{one.name}: {one.shown}. {one.cure}"
    return None


def given(environ: Mapping[str, str]) -> Iterator[Given]:
    """Every variable that requests may read."""
    yield from _proxies(environ)
    yield from _bundle(environ)


def passwords(environ: Mapping[str, str]) -> set[str]:
    """Passwords of proxies, as they are written and as they are sent: nothing may show them."""
    found: set[str] = set()
    for address in _addresses(environ).values():
        password = address.partition("://")[2].rpartition("@")[0].partition(":")[2]
        found |= {password, *re.split(r"[#?/]", password)}  # libraries break it there, and show the pieces
    return {text for word in found for text in (word, unquote(word)) if len(text) >= SHORTEST_SECRET}


def _is_host_and_port(text: str) -> bool:
    """Whether an address can begin so, behind its scheme and login; the port may be left out."""
    found = HOST_AND_PORT.fullmatch(text)
    return found is not None and int((found[2] or ":1")[1:]) in range(1, 65536)


def _addresses(environ: Mapping[str, str]) -> dict[str, str]:
    said = {name.upper(): environ.get(name) or environ.get(name.upper()) or "" for name in PROXIES}
    return {name: text if "://" in text else f"http://{text}" for name, text in said.items() if text}


def _proxies(environ: Mapping[str, str]) -> Iterator[Given]:
    for name, address in _addresses(environ).items():
        scheme, _, rest = address.partition("://")
        login, _, host = rest.rpartition("@")
        form = f"Give {name} as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or unset it."
        if re.search(r"[#?/\s]", login):
            signs = "Write # as %23, / as %2F, ? as %3F and @ as %40 in a proxy's name and password."
            yield Given(name, f"its name or password has a sign that ends an address ({host})", f"{signs} {form}")
        elif scheme == "socks":
            yield Given(name, f"is socks://{host}", f"Name the kind: socks5h://{host} (or socks4a://).")
        elif scheme not in SCHEMES or not _is_host_and_port(host):
            yield Given(name, f"is {scheme}://{host}", form)
        elif scheme.startswith("socks") and find_spec("socks") is None:
            yield Given(name, f"is {scheme}://{host}", "Run `pip install PySocks` in this environment, or unset it.")
        else:
            yield Given(name, f"is {scheme}://{host}")


def _bundle(environ: Mapping[str, str]) -> Iterator[Given]:
    """The certificates: requests takes the first of the two variables that is set."""
    for name in BUNDLES:
        if not environ.get(name):
            continue
        path = Path(environ[name])
        cure = f"Name a file of certificates in PEM form, which {path} is not, or unset {name}."
        try:
            if not path.is_dir():
                ssl.create_default_context(cafile=str(path))
            yield Given(name, f"is {path}")
        except ssl.SSLError:
            yield Given(name, f"is {path}, in which no certificate was found", cure)
        except OSError as error:
            yield Given(name, f"is {path}, which cannot be read ({error.strerror})", cure)
        return
