"""The accessibility rules of axe-core."""

import tarfile

from tests.npm import packed

VERSION = "4.11.0"
INTEGRITY = "sha512-ilYanEU8vxxBexpJd8cWM4ElSQq4QctCLKih0TSfjIfCQTeyH/6zVrmIJfLPrKTKJRbiG+cfnZbQIjAlJmF1jQ=="


def script() -> str:
    """The text of axe.min.js."""
    with tarfile.open(packed("axe-core", VERSION, INTEGRITY)) as archive:
        member = archive.extractfile("package/axe.min.js")
        assert member is not None
        return member.read().decode("utf-8")
