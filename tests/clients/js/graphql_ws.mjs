// The reference graphql-ws client: signs up, pages, sends and receives, all over WebSockets.
import { createClient } from 'graphql-ws'
import { check, message, person, REGISTER, SEND, START, unwrap, WebSocket, within, wsUrl } from './support.mjs'

const connect = (token) =>
  createClient({
    url: wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    connectionParams: token ? { Authorization: `Bearer ${token}` } : undefined,
  })

async function once(client, query, variables) {
  for await (const result of client.iterate({ query, variables })) return result
  throw new Error('completed without a result')
}

const anonymous = connect()
const alice = unwrap(await once(anonymous, REGISTER, { input: person('wsa') }), 'register')
const bob = unwrap(await once(anonymous, REGISTER, { input: person('wsb') }), 'register')
await anonymous.dispose()

const a = connect(alice.tokens.accessToken)
const b = connect(bob.tokens.accessToken)
const input = { input: { userId: bob.viewer.user.id } }
const conversation = unwrap(await once(a, START, input), 'startDirectConversation').conversation
// Bob wants it too: what a stranger alone starts is a message request.
unwrap(await once(b, START, { input: { userId: alice.viewer.user.id } }), 'startDirectConversation')

const events = b.iterate({
  query: `subscription { events { __typename cursor ... on CursorMoved { isCaughtUp }
          ... on MessageReceived { message { id seq text } } } }`,
})
const first = await within(5, 'CursorMoved', events.next())
check(first.value.data.events.isCaughtUp === true, 'the first event says that the past is through')

for (let i = 1; i <= 12; i++) unwrap(await once(a, SEND, message(conversation.id, `hello ${i}`)), 'sendMessage')
let cursor
for (let seq = 1; seq <= 12; seq++) {
  const { value } = await within(5, `message ${seq}`, events.next())
  check(value.data.events.message.seq === seq, `seq ${seq}, in order`)
  if (seq === 6) cursor = value.data.events.cursor
}
await events.return()

const resumed = b.iterate({
  query: `subscription ($after: Cursor) { events(after: $after, kinds: [MESSAGE_RECEIVED]) {
          __typename ... on MessageReceived { message { seq } } } }`,
  variables: { after: cursor },
})
for (let seq = 7; seq <= 12; seq++) {
  const { value } = await within(5, `replayed ${seq}`, resumed.next())
  check(value.data.events.message.seq === seq, `replay goes on at ${seq}`)
}
await resumed.return()

const PAGE = `query ($id: ID!, $before: String) { conversation(id: $id) { messages(last: 5, before: $before) {
              nodes { seq } pageInfo { hasPreviousPage startCursor } } } }`
const seqs = []
let before
do {
  const { data } = await once(b, PAGE, { id: conversation.id, before })
  const page = data.conversation.messages
  seqs.unshift(...page.nodes.map((m) => m.seq))
  before = page.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null
} while (before)
check(JSON.stringify(seqs) === JSON.stringify([...Array(12).keys()].map((i) => i + 1)), 'pages concatenate to 1..12')
await Promise.all([a.dispose(), b.dispose()])
console.log('graphql-ws ok')
