// What yoga's resolvers look up, batched: one set of loaders for each operation.
import DataLoader from 'dataloader'
import * as store from './store.js'

export function makeLoaders(userId) {
  return {
    user: new DataLoader(async (ids) => inOrder(ids, await store.usersById(ids), (row) => row.id)),
    reactions: ofMessages(async (conversationId, messages) => {
      const rows = await store.reactionsTo(userId, conversationId, messages.map((message) => message.seq))
      const found = new Map(messages.map((message) => [message.seq, []]))
      for (const row of rows) found.get(row.seq).push(row)
      return messages.map((message) => found.get(message.seq))
    }),
    deliveryState: ofMessages(async (conversationId, messages) => {
      const marks = await store.marksIn(conversationId)
      return messages.map((message) => store.deliveryState(message, marks))
    }),
    lastMessage: new DataLoader(async (conversations) => {
      const seqs = conversations.map((conversation) => conversation.last_seq)
      const rows = await store.messagesAt(conversations.map((conversation) => conversation.id), seqs)
      const found = new Map(rows.map((row) => [row.conversation_id, row]))
      return conversations.map((conversation) => found.get(conversation.id) ?? null)
    }),
    peer: new DataLoader(async (ids) => inOrder(ids, await store.peersIn(userId, ids), (row) => row.conversation_id))
  }
}

function inOrder(keys, rows, keyOf) {
  const found = new Map(rows.map((row) => [keyOf(row), row]))
  return keys.map((key) => found.get(key) ?? null)
}

/** A loader by message; messages are mostly of one conversation, each has a statement. */
function ofMessages(load) {
  return new DataLoader(async (messages) => {
    const byConversation = grouped(messages)
    const found = new Map()
    await Promise.all([...byConversation].map(async ([conversationId, group]) => {
      const values = await load(conversationId, group)
      group.forEach((message, n) => found.set(message, values[n]))
    }))
    return messages.map((message) => found.get(message))
  })
}

function grouped(messages) {
  const groups = new Map()
  for (const message of messages) {
    if (!groups.has(message.conversation_id)) groups.set(message.conversation_id, [])
    groups.get(message.conversation_id).push(message)
  }
  return groups
}
