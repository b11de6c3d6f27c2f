"""beginOAuth and completeOAuth against a real OpenID Connect provider: signing in, linking, and each refusal."""

import base64
import hashlib
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest

from app.core import db
from app.core.clock import now
from app.settings import OAuthSettings
from tests.accounts.identity_provider import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, identity_provider, sign_in_there
from tests.accounts.support import audited, call, codes_of, count, device, own_rows, user_uuid
from tests.accounts.test_two_factor import code_of, switched_on, verify
from tests.client import ask, sign_up, signed_out
from tests.running import Server, running, serving

_ERRORS = "errors { code message field }"
BEGIN = f"mutation B($input: BeginOAuthInput!) {{ beginOAuth(input: $input) {{ {_ERRORS} authorizationUrl state }} }}"
COMPLETE = (
    f"mutation C($input: CompleteOAuthInput!) {{ completeOAuth(input: $input) {{ {_ERRORS} isNewUser challenge"
    " tokens { accessToken refreshToken } viewer { id email emailVerified linkedProviders user { displayName } } } }"
)
VERIFIER = "v" * 20 + "-._~" + "A9" * 12
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
async def offering(settings, runtime) -> AsyncIterator[Server]:
    """A process of the same server that offers the provider."""
    async with identity_provider() as issuer:
        oauth = OAuthSettings(
            redirect_uris=[REDIRECT_URI], oidc_issuer=issuer, oidc_client_id=CLIENT_ID, oidc_client_secret=CLIENT_SECRET
        )
        async with running(settings.model_copy(update={"oauth": oauth})) as own, serving(own) as server:
            yield server


@pytest.fixture
async def anna(offering):
    async with sign_up(offering, "anna") as person:
        yield person


async def begin(server, *, token=None, **changes) -> dict:
    values = {"provider": "OIDC", "redirectUri": REDIRECT_URI, "codeChallenge": CHALLENGE} | changes
    return await call(server, BEGIN, token=token, **values)


async def back(server, login: str, *, token=None) -> dict:
    """What a client has when the person comes back from the provider."""
    begun = await begin(server, token=token)
    assert begun["errors"] == []
    sent = await sign_in_there(begun["authorizationUrl"], login)
    assert sent["state"] == begun["state"]
    return {"provider": "OIDC", "state": sent["state"], "code": sent["code"], "codeVerifier": VERIFIER}


async def complete(server, returned: dict, *, token=None) -> dict:
    return await call(server, COMPLETE, token=token, device=device(), **returned)


def unused() -> str:
    return f"p{uuid4().hex[:12]}"


async def people() -> tuple[int, int]:
    users = await db.row("SELECT count(*) AS n FROM user_account")
    linked = await db.row("SELECT count(*) AS n FROM linked_identity")
    assert users
    assert linked
    return users["n"], linked["n"]


async def test_a_person_signs_up_and_in_again(offering):
    login = unused()

    first = await complete(offering, await back(offering, login))
    again = await complete(offering, await back(offering, login))

    assert (first["errors"], first["isNewUser"], again["errors"], again["isNewUser"]) == ([], True, [], False)
    assert first["viewer"] == again["viewer"]
    assert first["viewer"]["email"] == f"{login}@example.org"
    assert first["viewer"]["emailVerified"] is True
    assert first["viewer"]["linkedProviders"] == ["OIDC"]
    assert first["viewer"]["user"]["displayName"] == f"Person {login}"
    assert again["tokens"]["refreshToken"]


async def test_an_address_the_provider_has_not_verified_is_not_taken_over(offering):
    login = f"unverified{unused()}"

    payload = await complete(offering, await back(offering, login))

    assert payload["errors"] == []
    assert payload["viewer"]["email"] is None


async def test_an_address_never_links(offering):
    login = unused()
    async with sign_up(offering, "own", email=f"{login}@example.org") as owner:
        returned = await back(offering, login)
        before = (await own_rows(owner), await people())

        payload = await complete(offering, returned)

        assert codes_of(payload) == ["EMAIL_TAKEN"]
        assert payload["tokens"] is None
        assert (await own_rows(owner), await people()) == before


async def test_a_signed_in_person_links_the_provider_and_signs_in_with_it(offering, anna):
    login = unused()

    linked = await complete(offering, await back(offering, login, token=anna.access_token), token=anna.access_token)
    by_provider = await complete(offering, await back(offering, login))

    assert (linked["errors"], linked["tokens"], linked["viewer"]["linkedProviders"]) == ([], None, ["OIDC"])
    assert by_provider["errors"] == []
    assert by_provider["viewer"]["id"] == anna.viewer_id
    assert by_provider["viewer"]["email"] == anna.email
    assert (await audited(anna))[-1] == ("SIGNED_IN", "OIDC")


async def test_what_another_account_has_linked_stays_there(offering, anna):
    login = unused()
    owner = await complete(offering, await back(offering, login))
    returned = await back(offering, login, token=anna.access_token)
    before = (await own_rows(anna), await people())

    payload = await complete(offering, returned, token=anna.access_token)

    assert codes_of(payload) == ["CONFLICT"]
    assert (await own_rows(anna), await people()) == before
    assert (await complete(offering, await back(offering, login)))["viewer"]["id"] == owner["viewer"]["id"]


async def test_one_person_of_a_provider_is_linked(offering, anna):
    token = anna.access_token
    login = unused()
    for _ in range(2):  # again is no error
        assert (await complete(offering, await back(offering, login, token=token), token=token))["errors"] == []
    before = await own_rows(anna)

    other = await complete(offering, await back(offering, unused(), token=token), token=token)

    assert codes_of(other) == ["ALREADY_EXISTS"]
    assert await own_rows(anna) == before


async def test_a_state_works_once(offering):
    returned = await back(offering, unused())
    await complete(offering, returned)
    before = await people()

    payload = await complete(offering, returned)

    assert [(e["code"], e["field"]) for e in payload["errors"]] == [("EXPIRED", ["input", "state"])]
    assert await people() == before


async def test_a_state_is_for_whoever_began(offering, anna):
    """Else a victim who follows an attacker's link would link the attacker's identity, or sign in as the attacker."""
    for began, completes in ((None, anna.access_token), (anna.access_token, None)):
        returned = await back(offering, unused(), token=began)
        before = await people()
        assert codes_of(await complete(offering, returned, token=completes)) == ["EXPIRED"]
        assert await people() == before


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"state": "x"}, ("EXPIRED", ["input", "state"])),
        ({"state": ""}, ("EXPIRED", ["input", "state"])),
        ({"provider": "GOOGLE"}, ("EXPIRED", ["input", "state"])),
        ({"codeVerifier": "w" * 48}, ("INVALID", ["input", "codeVerifier"])),
        ({"codeVerifier": ""}, ("INVALID", ["input", "codeVerifier"])),
        ({"code": "guessed"}, ("WRONG_CODE", ["input", "code"])),
        ({"code": ""}, ("WRONG_CODE", ["input", "code"])),
        ({"code": "é"}, ("WRONG_CODE", ["input", "code"])),
    ],
)
async def test_what_does_not_fit_signs_nobody_in(offering, changes, answer):
    returned = await back(offering, unused())
    before = await people()

    payload = await complete(offering, returned | changes)

    assert [(e["code"], e["field"]) for e in payload["errors"]] == [answer]
    assert payload["tokens"] is None
    assert await people() == before


async def test_a_code_works_once_with_another_state_too(offering):
    first = await back(offering, unused())
    await complete(offering, first)
    before = await people()

    payload = await complete(offering, first | {"state": (await begin(offering))["state"]})

    assert codes_of(payload) == ["WRONG_CODE"]
    assert await people() == before


async def test_a_code_begun_with_another_nonce_is_refused(offering):
    """A code that was stolen from another sign-in, injected into one's own."""
    stolen, own = await back(offering, unused()), await begin(offering)
    before = await people()

    assert codes_of(await complete(offering, stolen | {"state": own["state"]})) == ["WRONG_CODE"]

    assert await people() == before


async def test_an_attempt_has_its_time(offering):
    returned = await back(offering, unused())
    await db.execute("UPDATE oauth_attempt SET expires_at = $1", now() - timedelta(seconds=1))

    assert codes_of(await complete(offering, returned)) == ["EXPIRED"]


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"provider": "GITHUB"}, ("NOT_FOUND", ["input", "provider"])),
        ({"redirectUri": "https://evil.example/"}, ("INVALID", ["input", "redirectUri"])),
        ({"redirectUri": REDIRECT_URI + "/../evil"}, ("INVALID", ["input", "redirectUri"])),
        ({"codeChallenge": ""}, ("INVALID", ["input", "codeChallenge"])),
        ({"codeChallenge": VERIFIER}, ("INVALID", ["input", "codeChallenge"])),
    ],
)
async def test_what_can_not_be_begun(offering, changes, answer):
    payload = await begin(offering, **changes)

    assert [(e["code"], e["field"]) for e in payload["errors"]] == [answer]
    assert payload["authorizationUrl"] is None


async def test_the_server_tells_what_it_offers(offering, server):
    ask_for = "{ server { oauthProviders signInMethods } }"
    async with signed_out(offering) as session:
        offered = (await ask(session, ask_for))["server"]
    async with signed_out(server) as session:
        none = (await ask(session, ask_for))["server"]

    assert (offered["oauthProviders"], "OAUTH" in offered["signInMethods"]) == (["OIDC"], True)
    assert (none["oauthProviders"], "OAUTH" in none["signInMethods"]) == ([], False)


async def test_state_and_nonce_are_new_and_only_a_hash_of_the_state_is_stored(offering):
    begun = [await begin(offering) for _ in range(2)]

    assert begun[0]["state"] != begun[1]["state"]
    assert "code_challenge_method=S256" in begun[0]["authorizationUrl"]
    assert await count("oauth_attempt", "state_hash", begun[0]["state"]) == 0


async def test_a_second_factor_is_asked_for_here_too(offering, anna):
    login = unused()
    await complete(offering, await back(offering, login, token=anna.access_token), token=anna.access_token)
    secret, _ = await switched_on(anna)
    before = await count("session", "user_id", user_uuid(anna))

    payload = await complete(offering, await back(offering, login))

    assert codes_of(payload) == ["SECOND_FACTOR_REQUIRED"]
    assert await count("session", "user_id", user_uuid(anna)) == before
    assert (await verify(offering, payload["challenge"], code_of(secret)))["viewer"]["id"] == anna.viewer_id


REMOVE = (
    f"mutation R($input: RemoveIdentifierInput!) {{ removeIdentifier(input: $input) {{ {_ERRORS}"
    " viewer { linkedProviders } } }"
)


async def test_a_provider_can_be_unlinked(offering, anna):
    login, token = unused(), anna.access_token
    await complete(offering, await back(offering, login, token=token), token=token)

    payload = await call(offering, REMOVE, token=token, provider="OIDC")

    assert (payload["errors"], payload["viewer"]) == ([], {"linkedProviders": []})
    assert (await audited(anna))[1:] == [("PROVIDER_LINKED", "OIDC"), ("PROVIDER_UNLINKED", "OIDC")]
    stranger = await complete(offering, await back(offering, login))
    assert (stranger["errors"], stranger["isNewUser"]) == ([], True)


async def test_the_only_way_in_can_not_be_unlinked_nor_what_is_not_linked(offering, anna):
    login = f"unverified{unused()}"
    only = (await complete(offering, await back(offering, login)))["tokens"]["accessToken"]
    before = await people()

    last = await call(offering, REMOVE, token=only, provider="OIDC")
    none = await call(offering, REMOVE, token=anna.access_token, provider="OIDC")
    both = await call(offering, REMOVE, token=only, provider="OIDC", identifier="a@example.org")

    assert [codes_of(p) for p in (last, none, both)] == [["CONFLICT"], ["NOT_FOUND"], ["INVALID"]]
    assert await people() == before
