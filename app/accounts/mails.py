"""Mails about an account, each sent by a job: the links, and notices of what happened."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.accounts.letters import notice_mail, reset_mail, verification_mail
from app.accounts.mail_tokens import MailPurpose, issue_link, seconds_of
from app.core import db
from app.core.delivery import Delivery
from app.core.jobs import enqueue, job
from app.core.runtime import current

# What happened → subject and words. The product's name stands for {product}.
NOTICES = {
    "PASSWORD_CHANGED": (
        "Your {product} password was changed",
        (
            "The password of your {product} account was changed, and other devices were signed out.",
            "If it was not you, reset your password now.",
        ),
    ),
    "PASSWORD_BLOCKED": (
        "Your {product} password no longer works everywhere",
        (
            "Somebody gave too many wrong passwords for your {product} account. On devices that never signed in to it,"
            " the password no longer works until you set another by resetting it.",
            "If it was you, reset it now. If not, nobody has got in, and you need not do anything.",
        ),
    ),
    "TOKEN_REUSED": (
        "A device of your {product} account was signed out",
        (
            "A device of your {product} account was signed out, as its access may have been copied by somebody else.",
            "Sign in on it again, look at your devices, and if you know none of this, change your password.",
        ),
    ),
    "TWO_FACTOR_OFF": (
        "Two factors are off for your {product} account",
        (
            "Signing in to your {product} account takes no second factor any more.",
            "If it was not you, change your password and look at your devices.",
        ),
    ),
    "PROVIDER_LINKED": (
        "Your {product} account can be signed in to in another way",
        (
            "Somebody at another provider may now sign in to your {product} account.",
            "If it was not you, remove the provider, change your password and look at your devices.",
        ),
    ),
    "IDENTIFIER_REMOVED": (
        "This address was taken off your {product} account",
        (
            "This address no longer belongs to your {product} account.",
            "If it was not you, sign in another way and change your password.",
        ),
    ),
    "IDENTIFIER_ADDED": (
        "Your {product} account has another address",
        (
            "An e-mail address or phone number was added to your {product} account, or replaced another.",
            "If it was not you, change your password and look at your devices.",
        ),
    ),
}


@dataclass(slots=True, frozen=True)
class SendVerification:
    """Mails the link that proves the address, if it still is the person's and unproved."""

    user_id: str
    email_key: str


@dataclass(slots=True, frozen=True)
class SendPasswordReset:
    """Mails the link to a new password, if anybody has the address. Enqueued for unknown addresses alike."""

    email_key: str


@dataclass(slots=True, frozen=True)
class SendNotice:
    """Tells an address what happened: a key of `NOTICES`."""

    to: str
    notice: str


@job("accounts.sendVerification", seconds=30)
async def send_verification(work: SendVerification) -> None:
    user_id = UUID(work.user_id)
    found = await db.row(
        "SELECT email FROM user_account WHERE id = $1 AND email_key = $2 AND email_verified = $3"
        " AND deleted_at IS NULL",
        user_id, work.email_key, False,
    )  # fmt: skip
    if found is None:
        return
    mail = current().part(Delivery).require_mail()
    url = await issue_link(user_id, MailPurpose.VERIFY_EMAIL, work.email_key)
    hours, product = seconds_of(MailPurpose.VERIFY_EMAIL) // 3600, current().settings.name
    await mail.send_mail(verification_mail(found["email"], url, hours=hours, product=product))


@job("accounts.sendPasswordReset", seconds=30)
async def send_password_reset(work: SendPasswordReset) -> None:
    sql = "SELECT id, email FROM user_account WHERE email_key = $1 AND deleted_at IS NULL"
    found = await db.row(sql, work.email_key)
    if found is None:
        return
    mail = current().part(Delivery).require_mail()
    url = await issue_link(found["id"], MailPurpose.RESET_PASSWORD, work.email_key)
    minutes, product = seconds_of(MailPurpose.RESET_PASSWORD) // 60, current().settings.name
    await mail.send_mail(reset_mail(found["email"], url, minutes=minutes, product=product))


@job("accounts.sendNotice", seconds=30)
async def send_notice(work: SendNotice) -> None:
    product = current().settings.name
    subject, words = NOTICES[work.notice]
    said = [line.format(product=product) for line in words]
    mail = notice_mail(work.to, subject.format(product=product), said, product=product)
    await current().part(Delivery).require_mail().send_mail(mail)


async def ask_to_verify(user_id: UUID, email_key: str) -> None:
    """Inside a transaction: has the link that proves an address mailed, where this server sends mail."""
    if current().part(Delivery).mail is not None:
        await enqueue(SendVerification(str(user_id), email_key))


async def notify(user_id: UUID, notice: str) -> None:
    """Inside a transaction: tells the person's proved address what happened to the account, where there is one."""
    if current().part(Delivery).mail is None:
        return
    found = await db.row("SELECT email FROM user_account WHERE id = $1 AND email_verified = $2", user_id, True)
    if found is not None and found["email"]:
        await enqueue(SendNotice(found["email"], notice))
