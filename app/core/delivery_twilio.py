"""Text messages through Twilio's HTTP API."""

from __future__ import annotations

import httpx2

from app.core.delivery import DeliveryError, Sms
from app.core.jobs import GiveUpError
from app.settings import DeliverySettings


class TwilioDriver:
    """Keeps a few connections. `close` it with the process."""

    def __init__(self, settings: DeliverySettings) -> None:
        self._account = settings.twilio_account_sid
        self._sender = settings.twilio_from
        self._http = httpx2.AsyncClient(
            base_url=settings.twilio_url,
            auth=(settings.twilio_account_sid, settings.twilio_auth_token),
            timeout=settings.timeout_seconds,
            follow_redirects=False,
            trust_env=False,
        )

    async def send_sms(self, sms: Sms) -> None:
        """Hands a message to Twilio, waiting at most `timeout_seconds`."""
        sender = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        form = {"To": sms.to, sender: self._sender, "Body": sms.text}
        try:
            answer = await self._http.post(f"/2010-04-01/Accounts/{self._account}/Messages.json", data=form)
        except httpx2.HTTPError as error:
            raise DeliveryError(f"Twilio can't be reached ({type(error).__name__})") from None
        if answer.status_code == 201:
            return
        code = _code_of(answer)
        if answer.status_code in (400, 404):  # e.g. 21211: not a number that can be texted
            raise GiveUpError(f"Twilio refused the message ({answer.status_code}, error {code})")
        raise DeliveryError(f"Twilio answered {answer.status_code} (error {code})")

    async def close(self) -> None:
        await self._http.aclose()


def _code_of(answer: httpx2.Response) -> int | None:
    """Twilio's number of the error: its words repeat the phone number."""
    try:
        code = answer.json().get("code")
    except (ValueError, AttributeError):
        return None
    return code if isinstance(code, int) else None
