"""The link under which an export is downloaded: signed, good until the export expires, for that one file."""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from app.accounts.exports import DataExportState, ExportRow, export_path, load_exports
from app.accounts.tokens import derive_key
from app.core.clock import now
from app.core.runtime import current
from app.settings import Settings

_SIGNATURE = 32


class ExportLinks:
    """Makes and reads the tokens of links, with a key of their own."""

    def __init__(self, settings: Settings) -> None:
        self._base = settings.public_url.rstrip("/")
        self._key = derive_key(settings.secret, "export links")

    def url(self, export: ExportRow) -> str | None:
        """The link; None unless the export can be downloaded now."""
        if export.shown_state is not DataExportState.READY or export.expires_at is None:
            return None
        return f"{self._base}/exports/{self._token(export.id, export.expires_at)}"

    def read(self, token: str) -> UUID | None:
        """The export a token is for; None when it is none of ours, or its time is over."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except ValueError:
            return None
        body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
        if len(body) != 24 or not hmac.compare_digest(signature, hmac.digest(self._key, body, "sha256")):
            return None
        ends = datetime.fromtimestamp(int.from_bytes(body[16:], "big"), UTC)
        return UUID(bytes=body[:16]) if ends > now() else None

    def _token(self, export_id: UUID, expires_at: datetime) -> str:
        body = export_id.bytes + int(expires_at.timestamp()).to_bytes(8, "big")
        return base64.urlsafe_b64encode(body + hmac.digest(self._key, body, "sha256")).rstrip(b"=").decode()


async def download(request: Request) -> Response:
    """GET /exports/<token>: the file, as long as the export is there. All else is 404."""
    export_id = current().part(ExportLinks).read(request.path_params["token"])
    export = (await load_exports([export_id]))[0] if export_id else None
    if export is None or export.shown_state is not DataExportState.READY or not export_path(export.id).is_file():
        return JSONResponse({"error": "This link is wrong or has expired."}, 404)
    headers = {"cache-control": "private, no-store"}
    return FileResponse(export_path(export.id), media_type="application/zip", filename="export.zip", headers=headers)
