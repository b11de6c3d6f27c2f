// Express, Socket.IO with its Redis adapter, pg: what many teams would write.
import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import express from 'express'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { PORT, REDIS_URL, userOf } from './environment.js'
import * as store from './store.js'

const app = express()
app.disable('x-powered-by')
app.disable('etag') // a chat's pages change: nobody asks again for the same one

app.get('/healthz', (request, response) => response.json({ ok: true }))

app.use((request, response, next) => {
  try {
    request.userId = userOf(request.headers.authorization)
    next()
  } catch {
    response.status(401).json({ error: 'sign in' })
  }
})

const limitOf = (query) => Math.min(Math.max(Number(query.limit) || store.PAGE, 1), 100)

app.get('/conversations', async (request, response) => {
  const limit = limitOf(request.query)
  const { rows } = await store.pool.query({ name: 'list', text: LIST, values: [request.userId, limit + 1] })
  response.json({ conversations: rows.slice(0, limit).map(showConversation), hasMore: rows.length > limit })
})

app.get('/conversations/:id/messages', async (request, response) => {
  const { id } = request.params
  const { before, include = '' } = request.query
  const limit = limitOf(request.query)
  await store.checkMember(request.userId, id)
  const found = await store.messagesBefore(id, before && Number(before), limit + 1, true)
  const hasMore = found.length > limit
  const page = hasMore ? found.slice(1) : found
  const messages = page.map(showMessage)
  if (include === 'details') await addDetails(request.userId, id, page, messages)
  response.json({ messages, hasMore })
})

app.use((error, request, response, next) => {
  if (!(error instanceof store.Refused)) console.error(error)
  const status = error instanceof store.Refused ? 403 : 500
  response.status(status).json({ error: status === 403 ? error.message : 'internal' })
})

const LIST = `SELECT c.id, c.kind, c.activity_at, c.last_seq, c.last_seq - own.read_seq AS unread_count,
    coalesce(c.title, peer.display_name) AS title,
    m.id AS message_id, m.seq, m.kind AS message_kind, m.text, m.created_at, m.sender_id, u.display_name AS sender_name
  FROM members own JOIN conversations c ON c.id = own.conversation_id
  LEFT JOIN messages m ON m.conversation_id = c.id AND m.seq = c.last_seq LEFT JOIN users u ON u.id = m.sender_id
  LEFT JOIN LATERAL (SELECT p.display_name FROM members o JOIN users p ON p.id = o.user_id
    WHERE c.kind = 'DIRECT' AND o.conversation_id = c.id AND o.user_id <> own.user_id LIMIT 1) peer ON true
  WHERE own.user_id = $1 ORDER BY c.activity_at DESC LIMIT $2`

function showConversation(row) {
  const lastMessage = row.message_id && {
    id: row.message_id, seq: row.seq, kind: row.message_kind, text: row.text, createdAt: row.created_at,
    sender: { id: row.sender_id, name: row.sender_name }
  }
  return {
    id: row.id, kind: row.kind, title: row.title, activityAt: row.activity_at, lastSeq: row.last_seq,
    unreadCount: row.unread_count, lastMessage
  }
}

function showMessage(row) {
  return {
    id: row.id, seq: row.seq, kind: row.kind, text: row.text, createdAt: row.created_at,
    conversation: { id: row.conversation_id }, sender: { id: row.sender_id, name: row.sender_name }
  }
}

async function addDetails(userId, conversationId, page, messages) {
  const seqs = page.map((message) => message.seq)
  const [reactions, marks] = await Promise.all([
    store.reactionsTo(userId, conversationId, seqs), store.marksIn(conversationId)
  ])
  const shown = new Map()
  page.forEach((row, n) => {
    messages[n].reactions = []
    messages[n].deliveryState = store.deliveryState(row, marks)
    shown.set(row.seq, messages[n])
  })
  for (const { seq, emoji, count, mine } of reactions) shown.get(seq).reactions.push({ emoji, count, mine })
}

const server = createServer(app)
const publisher = new Redis(REDIS_URL)
const io = new Server(server, { adapter: createAdapter(publisher, publisher.duplicate()) })

io.use((socket, next) => {
  try {
    socket.data.userId = userOf(`Bearer ${socket.handshake.auth.token}`)
    next()
  } catch {
    next(new Error('sign in'))
  }
})

/** Runs an event handler that answers by acknowledgement. */
function answering(handle) {
  return async (input, answer) => {
    try {
      answer(await handle(input))
    } catch (error) {
      if (!(error instanceof store.Refused)) console.error(error)
      answer({ error: error instanceof store.Refused ? error.message : 'internal' })
    }
  }
}

io.on('connection', async (socket) => {
  const { userId } = socket.data
  socket.on('send', answering(async ({ conversationId, text }) => {
    const row = await store.storeMessage(userId, conversationId, text)
    const message = showMessage({ ...row, sender_name: socket.data.name })
    socket.to(conversationId).emit('message', message) // this device has it by the answer
    return { message: { id: message.id, seq: message.seq, createdAt: message.createdAt } }
  }))
  socket.on('missed', answering(async ({ after }) => {
    const found = await store.messagesMissed(userId, Object.keys(after), Object.values(after), true)
    return { messages: found.map(showMessage) }
  }))
  const [user, conversationIds] = await Promise.all([store.userById(userId), store.conversationIdsOf(userId)])
  socket.data.name = user.display_name
  if (socket.handshake.auth.listens !== false) socket.join(conversationIds)
  socket.emit('ready')
})

server.listen(Number(PORT), '127.0.0.1')
