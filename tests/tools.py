"""Programs that some tests need and pip can't install: without them those tests are skipped, except in CI."""

from __future__ import annotations

import os
import shutil

import pytest


def require_tool(*names: str, why: str) -> str:
    """The path of the first of these programs. Without any the test is skipped, or fails when CI must be complete."""
    for name in names:
        if path := shutil.which(name):
            return path
    message = f"{why}: install {names[0]}"
    if os.environ.get("PARLEY_CI"):
        pytest.fail(message)
    pytest.skip(message)
