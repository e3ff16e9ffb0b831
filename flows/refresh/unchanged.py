"""Whether there is anything to make a new release from."""

from dataclasses import dataclass

from ..landing.status import read_status, write_status
from ..release import releases
from ..release.inputs import Inputs
from ..release.releases import Release

ROLLED_BACK = "the release made from this input was rolled back; `trends build` publishes it all the same"


@dataclass(frozen=True)
class Built:
    """What a build did: the release that is current now, and whether it is new."""

    release: Release
    is_new: bool
    reason: str = ""


def as_before(inputs: Inputs) -> Built | None:
    """The current release, where there is nothing to make a new one from; what is known of the sources is kept."""
    held, fingerprint = releases.current(inputs.settings), inputs.fingerprint()
    if held and held.fingerprint == fingerprint:
        if inputs.status != read_status(inputs.settings):
            write_status(inputs.settings, inputs.status)
        return Built(held, is_new=False, reason="nothing changed")
    if held and fingerprint in inputs.status.rolled_back:
        return Built(held, is_new=False, reason=ROLLED_BACK)
    return None
