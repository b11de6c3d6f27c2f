// yoga's schema and resolvers. Parents are the rows of store.js.
import { createSchema, Repeater } from 'graphql-yoga'
import { GraphQLError, GraphQLScalarType } from 'graphql'
import * as store from './store.js'

const typeDefs = /* GraphQL */ `
  scalar DateTime
  enum DeliveryState { SENT DELIVERED READ }
  type User { id: ID! displayName: String! }
  type Reaction { emoji: String! count: Int! viewerHasReacted: Boolean! }
  type Message {
    id: ID! seq: Int! kind: String! text: String! createdAt: DateTime!
    conversation: Conversation! sender: User! reactions: [Reaction!]! deliveryState: DeliveryState!
  }
  type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type MessageConnection { nodes: [Message!]! pageInfo: PageInfo! }
  type Conversation {
    id: ID! kind: String! title: String activityAt: DateTime! lastSeq: Int! unreadCount: Int!
    lastMessage: Message messages(last: Int = 50, before: String): MessageConnection!
  }
  type ConversationConnection { nodes: [Conversation!]! pageInfo: PageInfo! }
  type Viewer { id: ID! conversations(first: Int = 50): ConversationConnection! }
  input Position { conversationId: ID! seq: Int! }
  input SendMessageInput { conversationId: ID! text: String! }
  type Query { viewer: Viewer! conversation(id: ID!): Conversation missed(after: [Position!]!): [Message!]! }
  type Mutation { sendMessage(input: SendMessageInput!): Message! }
  type Subscription { messageReceived: Message! }
`

const DateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? value.toISOString() : value) // from Redis it comes as text
})

const limited = (size) => Math.min(Math.max(size, 1), 100)

const Query = {
  viewer: (_, __, { userId }) => ({ id: userId }),
  conversation: async (_, { id }, { userId }) => (await store.conversationFor(userId, id)) ?? null,
  missed: (_, { after }, { userId }) =>
    store.messagesMissed(userId, after.map((one) => one.conversationId), after.map((one) => one.seq), false)
}

const Viewer = {
  conversations: async (_, { first }, { userId }) => {
    const size = limited(first)
    const found = await store.conversationsOf(userId, size + 1)
    const nodes = found.slice(0, size)
    const endCursor = nodes.at(-1)?.activity_at.toISOString()
    return { nodes, pageInfo: { hasNextPage: found.length > size, hasPreviousPage: false, endCursor } }
  }
}

const Conversation = {
  title: async (row, _, { loaders }) => row.title ?? (await loaders.peer.load(row.id))?.display_name,
  activityAt: (row) => row.activity_at,
  lastSeq: (row) => row.last_seq,
  unreadCount: (row) => row.unread_count,
  lastMessage: (row, _, { loaders }) => loaders.lastMessage.load(row),
  messages: async (row, { last, before }) => {
    const size = limited(last)
    const found = await store.messagesBefore(row.id, before && Number(before), size + 1, false)
    const nodes = found.slice(-size)
    const [startCursor, endCursor] = [nodes.at(0)?.seq, nodes.at(-1)?.seq]
    const hasNextPage = (endCursor ?? 0) < row.last_seq
    return { nodes, pageInfo: { hasNextPage, hasPreviousPage: found.length > size, startCursor, endCursor } }
  }
}

const Message = {
  createdAt: (row) => row.created_at,
  conversation: (row) => ({ id: row.conversation_id }),
  sender: (row, _, { loaders }) => row.sender ?? loaders.user.load(row.sender_id),
  reactions: (row, _, { loaders }) => loaders.reactions.load(row),
  deliveryState: (row, _, { loaders }) => loaders.deliveryState.load(row)
}

const Mutation = {
  sendMessage: async (_, { input }, { userId, user, loaders, topics }) => {
    try {
      const row = await store.storeMessage(userId, input.conversationId, input.text)
      const message = { ...row, sender: user ?? (await loaders.user.load(userId)) }
      topics.dispatchEvent(new CustomEvent(`message:${row.conversation_id}`, { detail: message }))
      return message
    } catch (error) {
      throw error instanceof store.Refused ? new GraphQLError(error.message) : error
    }
  }
}

const Subscription = {
  messageReceived: {
    subscribe: async (_, __, { userId, topics }) => {
      const ids = await store.conversationIdsOf(userId)
      // One repeater for all topics: Repeater.merge of one each costs half as much again for an event.
      return new Repeater(async (push, stop) => {
        const hear = (event) => push(event.detail)
        for (const id of ids) topics.addEventListener(`message:${id}`, hear)
        await stop
        for (const id of ids) topics.removeEventListener(`message:${id}`, hear)
      })
    },
    resolve: (message) => message
  }
}

const User = { displayName: (row) => row.display_name }

const Reaction = { viewerHasReacted: (row) => row.mine }

export const schema = createSchema({
  typeDefs,
  resolvers: { DateTime, Query, Viewer, Conversation, Message, Mutation, Subscription, User, Reaction }
})
