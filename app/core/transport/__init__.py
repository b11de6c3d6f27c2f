"""GraphQL over HTTP, Server-Sent Events and graphql-transport-ws, straight on ASGI: parsing and its limits, execution,
masking, and the one write per socket and tick that fan-out lives on. No domain words.

`server.GraphQLTransport` is the ASGI application; `protocol.ParleyWebSocket` is the uvicorn `--ws` class it needs.
"""
