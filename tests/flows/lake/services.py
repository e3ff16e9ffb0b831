"""Real servers for the tests of the lake, in temporary folders: PostgreSQL, an object store and a Dask cluster."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import requests

STORE_KEYS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "of-tests", "AWS_REGION": "us-east-1"}
PASSWORD = "s3cret/of:tests"
MAKES_BUCKET = """
import time, boto3, botocore.exceptions
while True:
    try:
        boto3.client("s3").create_bucket(Bucket="lake")
        break
    except botocore.exceptions.EndpointConnectionError:
        time.sleep(0.2)
"""


def free_port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens at port {port}")


class Postgres:
    """A server of PostgreSQL that accepts no one without the password.

    Args:
        folder: where its data lie.
        host: address at which it listens.
        within: words before each command, of the host that it runs on.
    """

    def __init__(self, folder: Path, host: str = "127.0.0.1", within: Sequence[str] = ()) -> None:
        self.host, self._within = host, within
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
        self._bin, self.folder, self.port = found[-1].parent, folder, free_port()
        if not found[-1].name:
            if os.environ.get("CI"):
                raise FileNotFoundError("PostgreSQL is not installed: .ci/run installs it")
            pytest.skip("PostgreSQL is not installed (Debian's package postgresql)")
        # It refuses to run as root.
        self._user = "postgres" if getpass.getuser() == "root" else None
        self._as_user = ["runuser", "-u", self._user, "--"] if self._user else []
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "password").write_text(PASSWORD)
        if self._user:
            for path in (folder, folder / "password"):
                shutil.chown(path, self._user)
        options = ["-U", "trends", "-A", "scram-sha-256", f"--pwfile={folder / 'password'}", "--no-sync"]
        self._run("initdb", "-D", str(folder / "data"), *options)
        if within:
            with (folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {host}/24 scram-sha-256\n")

    def _run(self, word: str, *arguments: str) -> None:
        command = [*self._within, *self._as_user, str(self._bin / word), *arguments]
        # pg_ctl leaves the server running, which would hold an open pipe for ever.
        with (self.folder / f"{word}.log").open("ab") as log:
            done = subprocess.run(command, cwd=self.folder, stdout=log, stderr=log, check=False)
        assert done.returncode == 0, (self.folder / f"{word}.log").read_text()

    def start(self) -> None:
        options = f"-k {self.folder} -p {self.port} -c listen_addresses={self.host} -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", options, "-w", "start"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def database(self, name: str) -> str:
        """Make an empty database; return its address."""
        environ = os.environ | {"PGPASSWORD": PASSWORD}
        where = ["-h", self.host, "-p", str(self.port), "-U", "trends"]
        subprocess.run([*self._within, str(self._bin / "createdb"), *where, name], env=environ, check=True)
        return f"postgresql://trends:{PASSWORD.replace('/', '%2F').replace(':', '%3A')}@{self.host}:{self.port}/{name}"


@contextmanager
def postgres(folder: Path, host: str = "127.0.0.1", within: Sequence[str] = ()) -> Iterator[Postgres]:
    # The user of the server has to reach the folder through all folders above it.
    server = Postgres(folder, host, within)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def store(folder: Path, host: str = "127.0.0.1", within: Sequence[str] = ()) -> Iterator[dict[str, str]]:
    """An object store with the bucket `lake`; the variables that lead there."""
    port = free_port()
    with (folder / "store.log").open("ab") as log:
        command = [*within, sys.executable, "-m", "moto.server", "-H", host, "-p", str(port)]
        started = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        environ = STORE_KEYS | {"AWS_ENDPOINT_URL_S3": f"http://{host}:{port}"}
        command = [*within, sys.executable, "-c", MAKES_BUCKET]
        subprocess.run(command, env=os.environ | environ, check=True, timeout=120)
        yield environ
    finally:
        started.terminate()
        started.wait()


@contextmanager
def denying(store: str, writes: int) -> Iterator[str]:
    """A store before the store that takes so many writes, and then answers all that it is asked with 403."""
    left = [writes]

    class Denying(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.command in ("PUT", "POST"):
                left[0] -= 1
            if left[0] < 0:
                # The real one repeats the key's name as well.
                said = f"<Error><Code>AccessDenied</Code><Message>{self.headers['Authorization']}</Message></Error>"
                self.answer(403, {"Content-Type": "application/xml"}, said.encode())
                return
            names = {name: text for name, text in self.headers.items() if name.lower() != "host"}
            asked = requests.request(self.command, store + self.path, data=body, headers=names, timeout=60)
            self.answer(asked.status_code, dict(asked.headers), asked.content)

        do_HEAD = do_PUT = do_POST = do_DELETE = do_GET  # what the base class calls

        def answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, text in headers.items():
                if name.lower() not in ("content-length", "transfer-encoding", "connection", "date", "server"):
                    self.send_header(name, text)
            length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(body))
            self.send_header("Content-Length", length)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Denying) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


class Cluster:
    """A Dask scheduler and workers, each a process of its own with one thread."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self.folder, self.environ, self.port = folder, os.environ | environ, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.workers: list[subprocess.Popen[bytes]] = []
        self._scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")
        wait_for(self.port)

    def _start(self, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{kind}.log").open("ab") as log:
            command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
            return subprocess.Popen(command, env=self.environ, stdout=log, stderr=log)

    def add_worker(self) -> None:
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0"]
        options += ["--preload", "flows.lake.tasks"]  # importing it takes seconds, which no task should wait for
        folder = ["--local-directory", str(self.folder)]
        self.workers.append(self._start("worker", self.address, *options, *folder))

    def wait_for_workers(self, count: int) -> None:
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(count, timeout=120)

    def kill_worker(self, number: int) -> None:
        """Kill one, and put another in its place, as a service manager does."""
        worker = self.workers.pop(number)
        worker.kill()
        worker.wait()
        self.add_worker()

    def stop(self) -> None:
        for process in [*self.workers, self._scheduler]:
            process.kill()
            process.wait()


@contextmanager
def cluster(folder: Path, environ: Mapping[str, str], workers: int = 2) -> Iterator[Cluster]:
    started = Cluster(folder, environ)
    try:
        for _ in range(workers):
            started.add_worker()
        started.wait_for_workers(workers)
        yield started
    finally:
        started.stop()


@contextmanager
def prefect(folder: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """A Prefect server, as an operator of a cluster has it; its address."""
    port = free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "prefect.log").open("ab") as log:
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        wait_for(port, 180)
        time.sleep(2)
        yield f"http://127.0.0.1:{port}/api"
    finally:
        server.terminate()
        server.wait()
