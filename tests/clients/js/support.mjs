// What the client scripts share: the server's address, people, and a time limit that names what was awaited.
import { randomUUID } from 'node:crypto'
import WebSocket from 'ws'

export const httpUrl = process.argv[2]
export const wsUrl = httpUrl.replace('http', 'ws')
export { WebSocket }

export const device = (name) => ({ name, platform: 'WEB', installationId: randomUUID() })

export function person(prefix) {
  const username = prefix + randomUUID().slice(0, 8)
  return { username, email: `${username}@example.com`, password: 'correct horse battery', device: device(prefix) }
}

export const REGISTER = /* GraphQL */ `
  mutation Register($input: RegisterInput!) {
    register(input: $input) { errors { code message } tokens { accessToken } viewer { id user { id username } } }
  }
`
export const START = /* GraphQL */ `
  mutation Start($input: StartDirectConversationInput!) {
    startDirectConversation(input: $input) { errors { code message } conversation { id } }
  }
`
export const SEND = /* GraphQL */ `
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) { errors { code message } message { id seq text } }
  }
`
export const message = (conversationId, text) => ({ input: { conversationId, text, clientMessageId: randomUUID() } })

export async function within(seconds, what, promise) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${seconds} s: ${what}`)), seconds * 1000)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

export function check(condition, what) {
  if (!condition) throw new Error(`expected: ${what}`)
}

export function unwrap(result, field) {
  check(!result.errors, `no errors, got ${JSON.stringify(result.errors)}`)
  const payload = result.data[field]
  check(payload.errors.length === 0, `no user errors in ${field}, got ${JSON.stringify(payload.errors)}`)
  return payload
}
