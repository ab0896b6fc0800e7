"""Fixtures shared by the tests."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tinycorpus import build_tiny

ROOT = Path(__file__).resolve().parent.parent

# How long an example takes is the machine's affair, not the code's.
settings.register_profile("onrecord", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("onrecord")


# A suite that was started in the background ignores SIGINT, and so would the commands that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def require(condition: bool, reason: str) -> None:
    """Skips with the reason, or fails where ``ONRECORD_REQUIRE_SHARED=1`` says nothing may be missing."""
    if condition:
        return
    if os.environ.get("ONRECORD_REQUIRE_SHARED") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real corpora that may be tested on but not redistributed."""
    folder = ROOT.parent / "shared" / "data"
    require(folder.is_dir(), f"needs the real corpora in {folder}")
    return folder


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The released folder of the tiny corpus; it is only read."""
    return build_tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT
