// The tabs a new visitor finds. Only operations every server of this contract has.

import { randomId } from "./api.js";

const COLD_START = `# All a client needs to open: who I am,
# my chats, and where to resume from.
# Sign in above first: the token then
# appears under "Headers".
query ColdStart {
  viewer {
    id
    user { displayName username }
    eventCursor
    conversations(first: 20) {
      nodes {
        id
        title
        unreadCount
        lastMessage { text }
      }
    }
  }
}
`;

const START_AND_SEND = `# Run one after the other (the run button
# offers a list), filling in the variables.
query FindPerson($username: String!) {
  user(username: $username) { id displayName }
}

mutation StartChat($userId: ID!) {
  startDirectConversation(input: { userId: $userId }) {
    errors { code message field }
    conversation { id title }
  }
}

# The same clientMessageId gives the same
# message, never a second: use a new one each.
mutation Send($conversationId: ID!, $clientMessageId: String!, $text: String!) {
  sendMessage(input: { conversationId: $conversationId, clientMessageId: $clientMessageId, text: $text }) {
    errors { code message field }
    message { id seq text }
  }
}

mutation StartGroup($title: String!, $userId: ID!) {
  createGroup(input: { title: $title, memberIds: [$userId] }) {
    errors { code message field }
    group { id title }
  }
}
`;

const EVENTS = `# Runs until stopped. "Stream" (the radio icon
# on the left) keeps all that arrived.
# With a cursor in $after (eventCursor, or the
# last event's) what was missed comes first.
subscription Events($after: Cursor) {
  events(after: $after) {
    __typename
    cursor
    occurredAt
    ... on MessageReceived {
      message { id seq text sender { displayName } conversation { id title } }
    }
    ... on ConversationAdded {
      conversation { id title }
    }
    ... on CursorMoved {
      isCaughtUp
    }
  }
}
`;

const PAGES = `# The newest 20, oldest first. For older ones
# pass pageInfo.startCursor as $before.
query Messages($conversationId: ID!, $before: String) {
  conversation(id: $conversationId) {
    id
    title
    messages(last: 20, before: $before) {
      nodes {
        seq
        text
        sender { displayName }
      }
      pageInfo { hasPreviousPage startCursor }
    }
  }
}
`;

const variables = (values) => JSON.stringify(values, null, 2);

export function exampleTabs() {
  const sending = { username: "bob", userId: "", conversationId: "", clientMessageId: randomId(), text: "Hello!", title: "Weekend" };
  return [
    { query: COLD_START },
    { query: START_AND_SEND, variables: variables(sending) },
    { query: EVENTS, variables: variables({ after: null }) },
    { query: PAGES, variables: variables({ conversationId: "", before: null }) },
  ];
}
