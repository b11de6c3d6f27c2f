"""What has to be waited for: values that resolvers promise, and objects whose fields are under way."""

from __future__ import annotations

from collections.abc import Awaitable
from types import CoroutineType
from typing import Any

from app.core.executor.run import Complete, Run, Site, Trail


async def wait_for(
    run: Run, value: Awaitable[Any], complete: Complete, site: Site, place: Trail, required: bool
) -> Any:
    """Completes a value when it is there; its failure is this place's."""
    try:
        done = complete(run, await value, place)
        return await done if type(done) is CoroutineType else done
    except Exception as raw:
        run.fail(raw, site, place, required=required)
        return None


async def guarded(run: Run, under_way: Awaitable[Any], site: Site, place: Trail, required: bool) -> Any:
    """Waits for a value being completed; its failure is this place's."""
    try:
        return await under_way
    except Exception as raw:
        run.fail(raw, site, place, required=required)
        return None
