"""What every answer of this server tells browsers about itself."""

from __future__ import annotations

from app.settings import Settings


def security_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """Names and values, as ASGI has them."""
    headers = [
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    ]
    if settings.public_url.startswith("https://"):
        headers.append((b"strict-transport-security", b"max-age=31536000"))
    return headers
