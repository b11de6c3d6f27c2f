"""GraphiQL, served from the package: the page, its scripts and the headers that keep it offline.

Mounted in development only; in production the application leaves these routes out.
"""

from pathlib import Path

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PATH = "/graphiql"
STATIC = Path(__file__).parent / "static"

# Inline styles stay allowed: CodeMirror and Radix write style attributes and elements at run time.
# Scripts are files only, and nothing may be asked of another host.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self' data:",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
}


class GraphiqlFiles(StaticFiles):
    """Static files with security headers; vendored names carry their version, so they never change."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(HEADERS)
        is_vendored = Path(path).parts[:1] == ("vendor",)
        response.headers["cache-control"] = "public, max-age=31536000, immutable" if is_vendored else "no-cache"
        return response


def graphiql_routes() -> list[Mount]:
    return [Mount(PATH, GraphiqlFiles(directory=STATIC, html=True), name="graphiql")]
