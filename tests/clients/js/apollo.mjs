// Apollo Client 4: normalised cache, relayStylePagination, and a subscription that updates a watched list by itself.
import { readFileSync } from 'node:fs'
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode, buildSchema, isAbstractType } from 'graphql'
import { relayStylePagination } from '@apollo/client/utilities'
import { createClient } from 'graphql-ws'
import { check, httpUrl, message, person, REGISTER, SEND, START, unwrap, WebSocket, within, wsUrl } from './support.mjs'

const schema = buildSchema(readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8'))
const possibleTypes = Object.fromEntries(
  Object.values(schema.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [type.name, schema.getPossibleTypes(type).map((t) => t.name)]),
)

function connect(token) {
  const ws = createClient({
    url: wsUrl,
    webSocketImpl: WebSocket,
    connectionParams: token ? { Authorization: `Bearer ${token}` } : undefined,
  })
  const http = new HttpLink({ uri: httpUrl, headers: token ? { authorization: `Bearer ${token}` } : {} })
  const link = ApolloLink.split((o) => o.operationType === OperationTypeNode.SUBSCRIPTION, new GraphQLWsLink(ws), http)
  const cache = new InMemoryCache({
    possibleTypes,
    typePolicies: { Conversation: { fields: { messages: relayStylePagination() } } },
  })
  return { client: new ApolloClient({ link, cache }), close: () => ws.dispose() }
}

const signUp = async (client, name) =>
  unwrap(await client.mutate({ mutation: gql(REGISTER), variables: { input: person(name) } }), 'register')

const outside = connect()
const alice = await signUp(outside.client, 'apa')
const bob = await signUp(outside.client, 'apb')
const a = connect(alice.tokens.accessToken)
const b = connect(bob.tokens.accessToken)
const started = await a.client.mutate({ mutation: gql(START), variables: { input: { userId: bob.viewer.user.id } } })
const { id } = unwrap(started, 'startDirectConversation').conversation
// Bob wants it too: what a stranger alone starts is a message request.
await b.client.mutate({ mutation: gql(START), variables: { input: { userId: alice.viewer.user.id } } })
const send = (text) => a.client.mutate({ mutation: gql(SEND), variables: message(id, text) })
for (let i = 1; i <= 30; i++) unwrap(await send(`message ${i}`), 'sendMessage')

const HISTORY = gql`
  query History($id: ID!, $before: String) {
    conversation(id: $id) {
      id
      messages(last: 10, before: $before) {
        edges { cursor node { id seq text sender { id displayName } } }
        pageInfo { hasPreviousPage hasNextPage startCursor endCursor }
      }
    }
  }
`
const history = b.client.watchQuery({ query: HISTORY, variables: { id } })
const watching = history.subscribe({ next() {} })
let page = await within(5, 'a page', b.client.query({ query: HISTORY, variables: { id } }))
for (let pages = 1; page.data.conversation.messages.pageInfo.hasPreviousPage; pages++) {
  check(pages < 3, 'thirty messages are three pages of ten')
  const before = page.data.conversation.messages.pageInfo.startCursor
  page = await within(5, 'an older page', history.fetchMore({ variables: { before } }))
}
const { conversation } = b.client.readQuery({ query: HISTORY, variables: { id } })
const seqs = conversation.messages.edges.map((edge) => edge.node.seq)
check(JSON.stringify(seqs) === JSON.stringify([...Array(30).keys()].map((i) => i + 1)), `1..30 merged, got ${seqs}`)
watching.unsubscribe()

const LIST = gql`
  query List {
    viewer { id eventCursor conversations(first: 10) { nodes { id title unreadCount lastMessage { id text } } } }
  }
`
const list = b.client.watchQuery({ query: LIST })
let changed
const updated = new Promise((resolve) => (changed = resolve))
const listening = list.subscribe(({ data: now }) => {
  const row = now?.viewer?.conversations?.nodes?.[0]
  if (row?.lastMessage?.text === 'through the cache') changed(row)
})
const { data: cold } = await within(5, 'cold start', b.client.query({ query: LIST }))
check(cold.viewer.conversations.nodes[0].unreadCount === 30, 'thirty unread')

const EVENTS = gql`
  subscription Events($after: Cursor) {
    events(after: $after) {
      cursor
      kind
      ... on MessageReceived { message { id seq text conversation { id unreadCount lastMessage { id text } } } }
    }
  }
`
const stream = b.client.subscribe({ query: EVENTS, variables: { after: cold.viewer.eventCursor } }).subscribe({ next() {} })
unwrap(await send('through the cache'), 'sendMessage')
const row = await within(5, 'the list to change by the event alone', updated)
check(row.unreadCount === 31, `absolute unread count 31 in the cache, got ${row.unreadCount}`)
stream.unsubscribe()
listening.unsubscribe()
await Promise.all([outside.close(), a.close(), b.close()])
for (const { client } of [outside, a, b]) client.stop()
console.log('apollo ok')
