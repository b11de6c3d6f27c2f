"""Where a request comes from: the browser origin that may use the API, and the address behind trusted proxies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from app.core.graphql.context import Cookies
from app.core.viewer import Client
from app.settings import Settings

Headers = Mapping[str, str]
CSRF_HEADER = "x-parley-csrf"
_AGENT_LENGTH = 256
_NO_COOKIES = Cookies({}, is_trusted=False)


def headers_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """The request's headers by lower-case name; repeated ones joined as RFC 9110 says."""
    found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    if len(found) == len(scope["headers"]):
        return found
    found.clear()
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


class Origins:
    """Decides whose browser pages and whose forwarding headers are believed."""

    def __init__(self, settings: Settings) -> None:
        self._allowed = {origin.rstrip("/").lower() for origin in settings.allowed_origins}
        public = urlsplit(settings.public_url)
        self._allowed.add(f"{public.scheme}://{public.netloc}".lower())
        self._proxies = list(_networks(settings.trusted_proxies))

    def is_listed(self, origin: str) -> bool:
        """Whether pages of this origin may call across origins."""
        return origin.lower() in self._allowed

    def may_connect(self, headers: Headers) -> bool:
        """Whether a WebSocket may be opened: native apps send no Origin, pages must be listed or be our own."""
        origin = headers.get("origin")
        if origin is None or self.is_listed(origin):
            return True
        return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc.lower() == headers.get("host", "").lower()

    def cookies(self, headers: Headers) -> Cookies:
        """The request's cookies. They are trusted with the CSRF header, which a foreign page can't add unless CORS lets
        it, and a page's Origin that may use the API; browsers send one with every POST."""
        if "cookie" not in headers and "origin" not in headers:
            return _NO_COOKIES
        is_ours = "origin" in headers and self.may_connect(headers)
        pairs = (pair.partition("=") for pair in headers.get("cookie", "").replace(",", ";").split(";"))
        sent = {name.strip(): value.strip() for name, _, value in pairs}
        return Cookies(sent, is_trusted=is_ours and headers.get(CSRF_HEADER) == "1")

    def cors(self, headers: Headers) -> list[tuple[bytes, bytes]]:
        """The headers that let a listed page read the answer; none for anybody else."""
        origin = headers.get("origin")
        if origin is None or not self.is_listed(origin):
            return []
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", b"x-request-id, retry-after"),
        ]

    def client(self, scope: Mapping[str, Any], headers: Headers) -> Client:
        """The caller's address: the last one of X-Forwarded-For that no trusted proxy of ours has written."""
        address = (scope.get("client") or ("", 0))[0]
        if "x-forwarded-for" in headers:
            hops = [hop.strip() for hop in headers["x-forwarded-for"].split(",") if hop.strip()]
            while hops and self._is_proxy(address):
                address = hops.pop()
        return Client(ip=address[:64], user_agent=headers.get("user-agent", "")[:_AGENT_LENGTH])

    def _is_proxy(self, address: str) -> bool:
        if not self._proxies:
            return False
        try:
            parsed = ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._proxies)


def _networks(addresses: Iterable[str]) -> Iterable[IPv4Network | IPv6Network]:
    for address in addresses:
        yield ip_network(address, strict=False)
