// The tables as both servers use them. Hot statements have names: PostgreSQL then parses and plans them once.
import pg from 'pg'
import { DATABASE_URL } from './environment.js'

pg.types.setTypeParser(pg.types.builtins.INT8, Number)
export const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 20 })

export const PAGE = 50
export const MISSED = 1000
const LONGEST = 4000

/** What a client did wrong. */
export class Refused extends Error {}

async function rows(name, text, values, client = pool) {
  return (await client.query({ name, text, values })).rows
}

/** Throws unless the user is in the conversation. */
export async function checkMember(userId, conversationId, client = pool) {
  const text = 'SELECT 1 FROM members WHERE conversation_id = $1 AND user_id = $2'
  const found = await rows('member', text, [conversationId, userId], client)
  if (found.length === 0) throw new Refused('not a member')
}

export async function conversationIdsOf(userId) {
  const found = await rows('conversation_ids', 'SELECT conversation_id FROM members WHERE user_id = $1', [userId])
  return found.map((row) => row.conversation_id)
}

export async function userById(id) {
  return (await usersById([id]))[0]
}

export async function usersById(ids) {
  return rows('users', 'SELECT id, display_name FROM users WHERE id = ANY($1)', [ids])
}

/** Stores a message under the next number of its conversation, in one transaction. Returns its row. */
export async function storeMessage(userId, conversationId, text) {
  if (typeof text !== 'string' || text === '' || text.length > LONGEST) throw new Refused('text is empty or too long')
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await checkMember(userId, conversationId, client)
    const next = 'UPDATE conversations SET last_seq = last_seq + 1, activity_at = now() WHERE id = $1 RETURNING last_seq'
    const [{ last_seq: seq }] = await rows('next_seq', next, [conversationId], client)
    const insert = `INSERT INTO messages (conversation_id, seq, sender_id, kind, text) VALUES ($1, $2, $3, 'TEXT', $4)
      RETURNING id, conversation_id, seq, kind, text, created_at, sender_id`
    const [message] = await rows('insert_message', insert, [conversationId, seq, userId, text], client)
    await client.query('COMMIT')
    return message
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

/** The newest messages before a number (keyset), oldest first. `withSender` joins who sent them. */
export async function messagesBefore(conversationId, before, limit, withSender) {
  const [columns, join] = withSender ? SENDER : ['', '']
  const text = `SELECT m.id, m.conversation_id, m.seq, m.kind, m.text, m.created_at, m.sender_id${columns}
    FROM messages m ${join} WHERE m.conversation_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`
  const values = [conversationId, before ?? Number.MAX_SAFE_INTEGER, limit]
  return (await rows(withSender ? 'page_with_sender' : 'page', text, values)).reverse()
}

/** What was sent after the given number of each conversation, where the user is a member. */
export async function messagesMissed(userId, conversationIds, seqs, withSender) {
  const [columns, join] = withSender ? SENDER : ['', '']
  const text = `SELECT m.id, m.conversation_id, m.seq, m.kind, m.text, m.created_at, m.sender_id${columns}
    FROM unnest($2::uuid[], $3::bigint[]) AS known (conversation_id, seq)
    JOIN members own ON own.conversation_id = known.conversation_id AND own.user_id = $1
    JOIN messages m ON m.conversation_id = known.conversation_id AND m.seq > known.seq ${join}
    ORDER BY m.conversation_id, m.seq LIMIT $4`
  return rows(withSender ? 'missed_with_sender' : 'missed', text, [userId, conversationIds, seqs, MISSED])
}

const SENDER = [', u.display_name AS sender_name', 'JOIN users u ON u.id = m.sender_id']

/** For each of these messages: its emoji, how many chose each, and whether the user did. Rows, in order. */
export async function reactionsTo(userId, conversationId, seqs) {
  const text = `SELECT seq, emoji, count(*) AS count, bool_or(user_id = $3) AS mine FROM reactions
    WHERE conversation_id = $1 AND seq = ANY($2) GROUP BY seq, emoji ORDER BY seq, min(created_at)`
  return rows('reactions', text, [conversationId, seqs, userId])
}

/** How far each member's devices have got, and how far each has read. */
export async function marksIn(conversationId) {
  const text = 'SELECT user_id, delivered_seq, read_seq FROM members WHERE conversation_id = $1'
  return rows('marks', text, [conversationId])
}

/** Whether a message has reached, and was read by, all others. */
export function deliveryState(message, marks) {
  const others = marks.filter((mark) => mark.user_id !== message.sender_id)
  if (others.every((mark) => mark.read_seq >= message.seq)) return 'READ'
  return others.every((mark) => mark.delivered_seq >= message.seq) ? 'DELIVERED' : 'SENT'
}

/** The conversation as the user has it; undefined when they are no member. */
export async function conversationFor(userId, id) {
  const text = `SELECT ${CONVERSATION} WHERE own.user_id = $1 AND c.id = $2`
  return (await rows('conversation', text, [userId, id]))[0]
}

/** The user's conversations, the most lately active first. */
export async function conversationsOf(userId, limit) {
  const text = `SELECT ${CONVERSATION} WHERE own.user_id = $1 ORDER BY c.activity_at DESC LIMIT $2`
  return rows('conversations', text, [userId, limit])
}

const CONVERSATION = `c.id, c.kind, c.title, c.activity_at, c.last_seq, c.last_seq - own.read_seq AS unread_count
  FROM members own JOIN conversations c ON c.id = own.conversation_id`

/** One message of each conversation, by its number. */
export async function messagesAt(conversationIds, seqs) {
  const text = `SELECT m.id, m.conversation_id, m.seq, m.kind, m.text, m.created_at, m.sender_id
    FROM unnest($1::uuid[], $2::bigint[]) AS wanted (conversation_id, seq)
    JOIN messages m ON m.conversation_id = wanted.conversation_id AND m.seq = wanted.seq`
  return rows('messages_at', text, [conversationIds, seqs])
}

/** The other person of each direct conversation. */
export async function peersIn(userId, conversationIds) {
  const text = `SELECT o.conversation_id, u.id, u.display_name FROM members o JOIN users u ON u.id = o.user_id
    WHERE o.conversation_id = ANY($2) AND o.user_id <> $1`
  return rows('peers', text, [userId, conversationIds])
}
