// graphql-yoga, graphql-ws, Redis pub/sub, pg: what many teams would write.
import { createServer } from 'node:http'
import { createRedisEventTarget } from '@graphql-yoga/redis-event-target'
import { GraphQLError } from 'graphql'
import { useServer } from 'graphql-ws/use/ws'
import { createYoga } from 'graphql-yoga'
import { Redis } from 'ioredis'
import { WebSocketServer } from 'ws'
import { PORT, REDIS_URL, userOf } from './environment.js'
import { makeLoaders } from './loaders.js'
import { schema } from './schema.js'
import { userById } from './store.js'

const publishClient = new Redis(REDIS_URL)
const topics = createRedisEventTarget({ publishClient, subscribeClient: publishClient.duplicate() })

/** `extra` is of a WebSocket, whose token was checked, and whose person looked up, when it connected. */
function context({ request, extra }) {
  const userId = extra?.userId ?? signedIn(request.headers.get('authorization'))
  return { userId, user: extra?.user, loaders: makeLoaders(userId), topics }
}

function signedIn(authorization) {
  try {
    return userOf(authorization)
  } catch {
    throw new GraphQLError('sign in', { extensions: { code: 'UNAUTHENTICATED' } })
  }
}

const yoga = createYoga({ schema, context, graphiql: false, landingPage: false, healthCheckEndpoint: '/healthz' })
const server = createServer(yoga)
const sockets = new WebSocketServer({ server, path: yoga.graphqlEndpoint })

useServer(
  {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    onConnect: async (ctx) => {
      try {
        ctx.extra.userId = userOf(ctx.connectionParams?.authorization)
      } catch {
        return false
      }
      ctx.extra.user = await userById(ctx.extra.userId)
    },
    onSubscribe: async (ctx, _id, params) => {
      const { extra } = ctx
      const enveloped = yoga.getEnveloped({ ...ctx, req: extra.request, socket: extra.socket, params })
      const { schema, execute, subscribe, contextFactory, parse, validate } = enveloped
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe }
      }
      const errors = validate(args.schema, args.document)
      return errors.length ? errors : args
    }
  },
  sockets
)

server.listen(Number(PORT), '127.0.0.1')
