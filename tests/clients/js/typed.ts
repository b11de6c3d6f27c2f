// Compiles only while the schema keeps its promises: ids and texts are typed, events have a default branch.
import type { ResultOf } from '@graphql-typed-document-node/core'
import { ColdStart, Events, History, Send } from './operations'

export function resumeFrom(data: ResultOf<typeof ColdStart>): string | undefined {
  return data.viewer?.eventCursor
}

export function texts(data: ResultOf<typeof History>): string[] {
  return (data.conversation?.messages.edges ?? []).map((edge) => edge.node.text ?? '')
}

export function sentSeq(data: ResultOf<typeof Send>): number {
  const payload = data.sendMessage
  if (!payload || payload.errors.length || !payload.message) throw new Error(payload?.errors[0]?.message ?? 'refused')
  return payload.message.seq
}

export function reduce(seen: string[], data: ResultOf<typeof Events>): string[] {
  const event = data.events
  switch (event.__typename) {
    case 'MessageReceived':
      return [...seen, event.message.id]
    case 'ConversationRemoved':
      return seen.filter((id) => id !== event.conversationId)
    default:
      return seen
  }
}
