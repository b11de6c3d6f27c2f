// The operations of a small chat app, typed by GraphQL Code Generator.
import { graphql } from './generated/index'

export const LogIn = graphql(`
  mutation LogIn($input: LogInInput!) {
    logIn(input: $input) {
      errors { code message field retryAfter }
      tokens { accessToken accessExpiresAt refreshToken refreshExpiresAt }
      viewer { id user { id username displayName } }
    }
  }
`)

export const ColdStart = graphql(`
  query ColdStart {
    viewer {
      id
      eventCursor
      conversations(first: 20) {
        edges { cursor node { __typename id kind title unreadCount lastSeq lastMessage { id seq text createdAt } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`)

export const History = graphql(`
  query History($id: ID!, $last: Int, $before: String) {
    conversation(id: $id) {
      id
      messages(last: $last, before: $before) {
        edges { cursor node { id seq text deliveryState sender { id displayName } } }
        pageInfo { hasPreviousPage startCursor }
      }
    }
  }
`)

export const Send = graphql(`
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      errors { code message field }
      clientMessageId
      message { id seq text clientMessageId }
    }
  }
`)

export const Events = graphql(`
  subscription Events($after: Cursor) {
    events(after: $after) {
      __typename
      cursor
      kind
      occurredAt
      ... on CursorMoved { isCaughtUp }
      ... on MessageReceived { message { id seq text sender { id } conversation { id unreadCount } } }
      ... on ConversationRemoved { conversationId }
      ... on MemberChanged { member { id role } change }
    }
  }
`)
