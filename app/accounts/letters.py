"""What accounts write to people: the words of mails and text messages. Nothing in them was typed by anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from app.core.delivery import Mail, Sms


@dataclass(slots=True, frozen=True)
class _Code:
    """A line that stands out, to be copied."""

    text: str


@dataclass(slots=True, frozen=True)
class _Link:
    """A line that can be clicked."""

    url: str
    label: str


_Line = str | _Code | _Link


def code_mail(to: str, code: str, *, minutes: int, product: str) -> Mail:
    """A one-time code. Not in the subject, which mail servers log."""
    lines: list[_Line] = [
        f"Your {product} code is",
        _Code(code),
        f"It works for {minutes} minutes, once. Don't give it to anybody: we never ask for it.",
        "If you did not ask for a code, ignore this mail.",
    ]
    return _mail(to, f"Your {product} code", lines, product)


def code_sms(to: str, code: str, *, minutes: int, product: str) -> Sms:
    """A one-time code in one SMS."""
    return Sms(to, f"Your {product} code is {code}. It works for {minutes} minutes. Don't give it to anybody.")


def verification_mail(to: str, url: str, *, hours: int, product: str) -> Mail:
    """The link that proves an address."""
    lines: list[_Line] = [
        f"Confirm that this address is yours and belongs to your {product} account:",
        _Link(url, "Confirm the address"),
        f"The link works for {hours} hours, once, where you are signed in.",
        f"If you did not sign up for {product}, ignore this mail: without you nothing is confirmed.",
    ]
    return _mail(to, f"Confirm your address for {product}", lines, product)


def reset_mail(to: str, url: str, *, minutes: int, product: str) -> Mail:
    """The link that lets a new password be chosen."""
    lines: list[_Line] = [
        f"Somebody asked to reset the password of your {product} account. Choose a new one here:",
        _Link(url, "Choose a new password"),
        f"The link works for {minutes} minutes, once. All devices are signed out then.",
        "If it was not you, ignore this mail: your password stays as it is.",
    ]
    return _mail(to, f"Reset your {product} password", lines, product)


def notice_mail(to: str, subject: str, words: Sequence[str], *, product: str) -> Mail:
    """Something happened to the account that its owner should know of."""
    return _mail(to, subject, words, product)


def _mail(to: str, subject: str, lines: Sequence[_Line], product: str) -> Mail:
    return Mail(to, subject, _text(lines, product), _html(lines, product))


def _text(lines: Sequence[_Line], product: str) -> str:
    return "\n\n".join([*map(_plain, lines), f"-- \n{product}"]) + "\n"


def _plain(line: _Line) -> str:
    match line:
        case _Code(text):
            return f"    {text}"
        case _Link(url, _):
            return url
        case _:
            return line


def _html(lines: Sequence[_Line], product: str) -> str:
    """No images, no styles from elsewhere: nothing that tells when it was read."""
    body = "\n".join(_paragraph(line) for line in lines)
    return (
        '<!doctype html><html lang="en"><body style="font:16px/1.5 sans-serif;max-width:32em;margin:2em auto">\n'
        f'{body}\n<p style="color:#777">{escape(product)}</p></body></html>\n'
    )


def _paragraph(line: _Line) -> str:
    if isinstance(line, _Code):
        return f'<p style="font:bold 28px monospace;letter-spacing:4px">{escape(line.text)}</p>'
    if isinstance(line, _Link):
        return f'<p><a href="{escape(line.url)}">{escape(line.label)}</a><br>{escape(line.url)}</p>'
    return f"<p>{escape(line)}</p>"
