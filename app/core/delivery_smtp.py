"""Mail through an SMTP server."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

import aiosmtplib

from app.core.delivery import DeliveryError, Mail
from app.core.jobs import GiveUpError
from app.settings import DeliverySettings


class SmtpDriver:
    """One connection a mail: mails are rare, and a kept connection dies unseen."""

    def __init__(self, settings: DeliverySettings) -> None:
        self._settings = settings

    async def send_mail(self, mail: Mail) -> None:
        """Hands a mail to the server, waiting at most `timeout_seconds` for each of its answers."""
        s = self._settings
        try:
            await aiosmtplib.send(
                message_of(mail, sender=s.mail_from),
                hostname=s.smtp_host,
                port=s.smtp_port,
                username=s.smtp_user or None,
                password=s.smtp_password or None,
                use_tls=s.smtp_tls == "tls",
                start_tls=s.smtp_tls == "starttls",
                timeout=s.timeout_seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _refused(max(r.code for r in error.recipients)) from None
        except aiosmtplib.SMTPResponseException as error:
            # Not `from error`: servers repeat addresses, and what they were told, in their answers.
            raise _refused(error.code) from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise DeliveryError(f"the mail server can't be reached ({type(error).__name__})") from None


def _refused(code: int) -> Exception:
    """4xx: later, perhaps; so are refusals of our own log-in (530 to 538), which an operator can repair."""
    if 550 <= code <= 559:
        return GiveUpError(f"the mail server refused the mail ({code})")
    return DeliveryError(f"the mail server answered {code}")


def message_of(mail: Mail, *, sender: str) -> EmailMessage:
    """The message in MIME: text and HTML as alternatives. EmailMessage refuses line breaks in headers."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message
