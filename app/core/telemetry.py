"""What a process tells its operators: structured logs without secrets, and metrics."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import structlog
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.core.runtime import Counted

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

    from app.core.runtime import Runtime
    from app.settings import Settings

_SECRET_KEYS = re.compile(r"password|token|secret|authorization|cookie|^code$|otp|code_hash", re.IGNORECASE)
_BEARER = re.compile(r"(?i)(bearer\s+)[\w.~+/=-]+|eyJ[\w-]+\.[\w-]+\.[\w-]+|(://[^:/@\s]*:)[^@\s]+(?=@)")
_QUIET = ("asyncio", "tortoise", "aiosqlite", "websockets", "broadcaster", "httpx", "uvicorn.access")


def configure_logging(settings: Settings) -> None:
    """Sends structlog's and the standard library's records, one line each, to standard error."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
        redact,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # tests configure again
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*_ending(settings.log_format)])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        # At debug the WebSocket library writes down headers (cookies) and frames (tokens, messages).
        logger.setLevel(max(level, logging.INFO))
        logger.handlers.clear()
        logger.propagate = True


def _ending(log_format: str) -> Iterable[Processor]:
    yield structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "json":
        yield structlog.processors.format_exc_info
        yield redact
        yield structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    else:
        # Not rich's traceback: it shows local variables, which hold passwords and codes.
        plain = structlog.dev.plain_traceback
        yield structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def redact(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """A structlog processor: values of secret-looking keys, tokens and passwords in URLs never reach a line."""
    event.pop("color_message", None)  # uvicorn's second copy of the same words
    for key, value in event.items():
        if _SECRET_KEYS.search(key) and value is not None:
            event[key] = "…"
        elif isinstance(value, str):
            event[key] = _BEARER.sub(lambda found: (found[1] or found[2] or "") + "…", value)
    return event


class RuntimeCollector(Collector):
    """Reads the plain counters of the runtime's parts when somebody scrapes; nothing is counted twice."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def collect(self) -> Iterator[Metric]:
        runtime = self._runtime
        for name, words, value in self._gauges(runtime):
            yield GaugeMetricFamily(f"parley_{name}", words, value=value)
        for name, words, value in self._counters(runtime):
            yield CounterMetricFamily(f"parley_{name}", words, value=value)

    @staticmethod
    def _gauges(runtime: Runtime) -> Iterator[tuple[str, str, float]]:
        yield "subscriptions", "Subscriptions open in this process.", runtime.hub.subscriptions
        texts, ephemeral = runtime.hub.texts, runtime.hub.ephemeral_texts
        yield "hub_texts_bytes", "Renderings of events kept for who comes later.", texts.bytes
        yield "hub_ephemeral_texts_bytes", "Renderings of typing and presence kept.", ephemeral.bytes
        yield "bus_healthy", "1 while events of other processes arrive by themselves.", int(runtime.bus.healthy)
        yield from ((g.name, g.words, g.read()) for g in runtime.gauges if not isinstance(g, Counted))

    @staticmethod
    def _counters(runtime: Runtime) -> Iterator[tuple[str, str, float]]:
        hub, follower, bus = runtime.hub, runtime.follower, runtime.bus
        yield "events_dispatched", "Events of the log dispatched in this process.", follower.dispatched
        yield "log_holes", "Times a missing position was waited for.", follower.holes
        yield "log_reads", "Times the log was read instead of heard.", follower.reads
        yield "log_resets", "Times the log turned out to be a foreign one.", follower.resets
        yield "hub_deliveries", "Events handed to subscriptions.", hub.deliveries
        yield "hub_executions", "Executions of a selection for an event.", hub.executions
        yield "hub_shared_executions", "Executions whose result was shared by all viewers.", hub.shared_executions
        yield "hub_overflows", "Times a subscription fell out of the live stream.", hub.overflows
        yield "hub_ephemeral_deliveries", "Typing and presence handed to subscriptions.", hub.ephemeral_deliveries
        yield (
            "hub_ephemeral_dropped",
            "Typing and presence dropped: there was no room.",
            hub.ephemeral_dropped,
        )
        yield "hub_replays", "Replays begun.", hub.replays
        yield "hub_expired", "Cursors refused as expired.", hub.expired
        yield "bus_published", "Messages handed to the bus.", bus.published
        yield "bus_failed", "Messages the bus did not take.", bus.failed
        yield "bus_forged", "Messages refused because their signature was wrong.", bus.forged
        yield from ((g.name, g.words, g.read()) for g in runtime.gauges if isinstance(g, Counted))


class Metrics:
    """The metrics of one runtime."""

    def __init__(self, runtime: Runtime) -> None:
        self._registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self._registry)
        self._registry.register(RuntimeCollector(runtime))

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self._registry)
