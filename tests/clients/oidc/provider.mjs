// A real OpenID Connect issuer for tests: node provider.mjs <port> <redirect URI>. Anybody signs in as any login, by the
// development pages; a login that begins with "unverified" has an address that is not.
import { Provider } from 'oidc-provider'

const [port, redirectUri] = process.argv.slice(2)
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'parley',
    client_secret: 'parley-secret-of-the-tests',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'client_secret_post',
  }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: `Person ${id}`.slice(0, 60),
      email: `${id}@example.org`,
      email_verified: !id.startsWith('unverified'),
    }),
  }),
})
provider.listen(Number(port), '127.0.0.1', () => console.log('listening'))
