"""searchMessages: what is found, by whom, in which order, with the index up to date, behind, and lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from gql.transport.exceptions import TransportQueryError

from app.core import db
from app.messages.search_index import index_messages
from app.messages.search_text import grams_of, snippet, terms_of
from tests.client import ask, signed_out
from tests.conversations.documents import ADD, LEAVE, create_group, start_direct
from tests.messages.documents import SEND_MANY, message, send
from tests.statements import statements

SEARCH = """
query Search($query: String!, $filter: MessageSearchFilter, $first: Int, $after: String) {
  searchMessages(query: $query, filter: $filter, first: $first, after: $after) {
    edges { cursor snippet node { id text } }
    nodes { text conversation { id } sender { id } }
    pageInfo { hasNextPage endCursor }
    unsearchableConversationCount
  }
}
"""


async def found(person, query, **args):
    return [node["text"] for node in (await person.query(SEARCH, query=query, **args))["searchMessages"]["nodes"]]


async def say_many(person, chat, count):
    items = [message(chat, f"many words {n} of {chat}") for n in range(count)]
    assert not any(r["errors"] for r in (await person.mutate(SEND_MANY, items=items))["results"])


@pytest.fixture(params=["indexed", "not indexed"])
def index(request):
    """Brings the index up to date, or leaves all to the part of a search that does without."""

    async def run():
        if request.param == "indexed":
            await index_messages()

    return run


async def say(person, chat, *texts):
    for text in texts:
        await send(person, chat, text)


async def test_words_and_parts_of_words_in_any_script(alice, bob, index):
    chat = await start_direct(alice, bob)
    texts = [
        "The quick brown fox", "Der Fuß über dem Café", "東京タワーへ行きました", "Привет, мир", "नमस्ते दुनिया",
        "مرحبا بالعالم", "50% of a_b\\c 'quoted' \"x\"", "👩‍👩‍👧 family", "한국어 메시지", "ﬁne ｗｉｄｅ",
    ]  # fmt: skip
    await say(alice, chat, *texts)
    await index()

    for query, text in (
        ("quick", 0), ("ROW fo", 0), ("brown quick", 0), ("fuss", 1), ("uber", 1), ("cafe", 1), ("CAFÉ", 1),
        ("東京", 2), ("タワー", 2), ("行", 2), ("мир", 3), ("ПРИВЕТ", 3), ("दुनिया", 4), ("العالم", 5), ("50%", 6),
        ("a_b", 6), ("b\\c", 6), ("'quoted'", 6), ("👩‍👩‍👧", 7), ("메시", 8), ("fine", 9), ("wide", 9), ('"', 6),
        ('"brown fox"', 0),
    ):  # fmt: skip
        assert await found(bob, query) == [texts[text]], query
    for query in ('"fox brown"', "quick 東京", "a%b", "zzz", "*", "NOT", "brown OR", ") AND ("):
        assert await found(bob, query) == [], query


async def test_only_what_the_viewer_may_see(alice, bob, carol, index):
    group = await create_group(alice, bob)
    direct = await start_direct(alice, bob)
    await say(alice, group, "needle before")
    await say(alice, direct, "needle between two")
    await alice.mutate(ADD, conversationId=group, userIds=[carol.id])
    await say(bob, group, "needle after")
    await index()

    assert await found(carol, "needle") == ["needle after"]
    assert await found(bob, "needle") == ["needle after", "needle between two", "needle before"]
    await bob.mutate(LEAVE, conversationId=group)
    assert await found(bob, "needle") == ["needle between two"]
    assert await found(carol, "needle", filter={"conversationId": direct}) == []


async def test_filters(alice, bob, index):
    chat, group = await start_direct(alice, bob), await create_group(alice, bob)
    await say(alice, chat, "see https://example.org/x", "plain one")
    await say(bob, group, "plain two")
    await index()
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    earlier = (datetime.now(UTC) - timedelta(hours=1)).isoformat()

    assert await found(alice, "", filter={"hasLink": True}) == ["see https://example.org/x"]
    assert await found(alice, "", filter={"hasLink": False}) == ["plain two", "plain one"]
    assert await found(alice, "plain", filter={"senderId": bob.id}) == ["plain two"]
    assert await found(alice, "", filter={"senderId": bob.id}) == ["plain two"]
    assert await found(alice, "plain", filter={"conversationId": chat}) == ["plain one"]
    assert await found(alice, "", filter={"conversationId": chat}) == ["plain one", "see https://example.org/x"]
    assert await found(alice, "plain", filter={"kinds": ["TEXT"]}) == ["plain two", "plain one"]
    assert await found(alice, "plain", filter={"kinds": ["IMAGE"]}) == []
    for nothing in ({"from": later}, {"to": earlier}, {"conversationId": "cnv_nonsense"}, {"senderId": chat}):
        assert await found(alice, "", filter=nothing) == [], nothing
    assert len(await found(alice, "", filter={"from": earlier, "to": later})) == 3


@pytest.mark.parametrize("query", ["words", ""], ids=["words", "all"])
async def test_pages_have_everything_once_newest_first(alice, bob, query):
    chat, group = await start_direct(alice, bob), await create_group(alice, bob)
    await say_many(alice, chat, 30)
    await index_messages()
    await say_many(bob, group, 30)  # and half of it is not in the index
    everything = await found(alice, query, first=100)
    assert len(everything) == 60

    pages, after = [], None
    while True:
        page = (await alice.query(SEARCH, query=query, first=7, after=after))["searchMessages"]
        pages += [node["text"] for node in page["nodes"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert pages == everything
    assert sorted(pages) == sorted({*pages})


async def test_what_is_erased_leaves_the_index_at_once(alice, bob):
    chat = await start_direct(alice, bob)
    await send(alice, chat, "a secret word")
    await index_messages()
    assert await found(bob, "secret") == ["a secret word"]

    async def words():
        return (await db.rows("SELECT count(*) AS n FROM message_search WHERE body LIKE '%secret word%'"))[0]["n"]

    assert await words() == 1
    await db.execute("UPDATE message SET text = NULL, deleted_at = created_at WHERE conversation_id IS NOT NULL AND"
                     " text = 'a secret word'")  # fmt: skip
    assert await words() == 0
    assert await found(bob, "secret") == []


async def test_a_lost_index_is_made_anew(alice, bob):
    chat = await start_direct(alice, bob)
    await say(alice, chat, "the lost one")
    await index_messages()
    await db.execute("DELETE FROM message_search")
    await db.execute("UPDATE search_position SET position = $1", 10**9)  # ahead of the log: another log's

    await index_messages()

    assert await found(bob, "lost") == ["the lost one"]


async def test_indexing_twice_changes_nothing(alice, bob):
    chat = await start_direct(alice, bob)
    await say(alice, chat, "once only")
    await index_messages()
    assert await index_messages() == 0
    await db.execute("UPDATE search_position SET position = 0")
    await index_messages()
    assert await found(bob, "once") == ["once only"]


async def test_bad_arguments_and_signed_out(alice):
    for args in ({"query": "x" * 201}, {"query": "x", "first": 0}, {"query": "x", "first": 101},
                 {"query": "x", "after": "nonsense"}):  # fmt: skip
        assert (await alice.failed(SEARCH, **args))["extensions"]["code"] == "BAD_REQUEST", args
    async with signed_out(alice.server) as session:
        with pytest.raises(TransportQueryError) as failure:
            await ask(session, SEARCH, query="x")
    assert failure.value.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("count", [1, 50])
async def test_a_page_takes_as_many_statements_for_1_and_for_50(alice, bob, count, recorded_counts):
    chat = await start_direct(alice, bob)
    await say_many(bob, chat, count)
    await index_messages()
    await found(alice, "words", first=50)

    async with statements() as ran:
        assert len(await found(alice, "words", first=50)) == count

    recorded_counts.append(len([text for text in ran if "message_words_" not in text]))  # FTS5 reads its own tables
    assert len(set(recorded_counts)) == 1, ran


@pytest.fixture(scope="module")
def recorded_counts(engine):
    return []


def test_snippets_escape_and_mark():
    assert snippet("a <b> Café & more", terms_of("cafe")) == "a &lt;b&gt; <mark>Café</mark> &amp; more"
    assert snippet("<script>alert(1)</script>", terms_of("script")) == (
        "&lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt;"
    )
    long = snippet("x" * 500 + " needle " + "y" * 500, terms_of("needle"))
    assert long.startswith("…x")
    assert "<mark>needle</mark>" in long
    assert long.endswith("y…")
    assert snippet("ﬁne", terms_of("in")) == "<mark>ﬁn</mark>e"
    assert snippet("aaa", terms_of("aa a")) == "<mark>aa</mark><mark>a</mark>"


def test_terms():
    assert terms_of('Foo "bar  baz" FOO') == ("foo", "bar  baz")
    assert terms_of("  ") == ()
    assert len(terms_of(" ".join(map(str, range(50))))) == 10
    assert grams_of("abcd") == ["abc", "bcd"]
    assert grams_of("ab") == ["ab"]
    assert grams_of("a") == []


async def test_what_no_text_can_have_is_found_nowhere(alice, bob):
    chat = await start_direct(alice, bob)
    await say(alice, chat, "hello there")
    assert await found(alice, "hello\0") == []
    for narrowed in ({"conversationId": ""}, {"senderId": ""}, {"conversationId": "nonsense"}):
        assert await found(alice, "hello", filter=narrowed) == []
