"""The names of countries are those of the library that would cost every process 100 MB."""

from __future__ import annotations

import subprocess
import sys

import phonenumbers
from phonenumbers.geodata.locale import LOCALE_DATA

from app.accounts.country_names import COUNTRY_NAMES

_UNNAMED = {"AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo"}  # the library has no names of these


def _name(region: str) -> str:
    names = LOCALE_DATA.get(region, {})
    name = names.get("en") or _UNNAMED[region]
    return names[name[1:]] if name.startswith("*") else name  # as in that other language


def test_every_country_has_its_name():
    assert {region: _name(region) for region in phonenumbers.SUPPORTED_REGIONS} == COUNTRY_NAMES


def test_a_server_does_not_import_the_library_of_names():
    script = "import sys, app.main; print('phonenumbers.geodata.locale' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
