/** node-oidc-provider, set up to do what is asked of the others: signed access tokens, PKCE, rotation, no page. */
import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { Provider } from 'oidc-provider'
import {
  ACCESS_TOKEN_TTL,
  CODE_TTL,
  clients,
  REFRESH_TOKEN_TTL,
  RESOURCE,
  SCOPE,
  SESSION_TTL,
  SUBJECT,
} from '../world.ts'
import { createRedisAdapter } from './redis-adapter.ts'

const { ISSUER = '', PREFIX = '', REDIS_URL = '', SIGNING_KEY = '{}' } = process.env
const { status, ...jwk } = JSON.parse(SIGNING_KEY)

const provider = new Provider(ISSUER, {
  adapter: createRedisAdapter(new Redis(REDIS_URL), PREFIX),
  clients: clients.map((client) => ({ ...client, id_token_signed_response_alg: 'ES256' })),
  jwks: { keys: [jwk] },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  findAccount: async (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: SCOPE,
        audience: RESOURCE,
        accessTokenTTL: ACCESS_TOKEN_TTL,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  issueRefreshToken: async () => true,
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: {
    AccessToken: ACCESS_TOKEN_TTL,
    AuthorizationCode: CODE_TTL,
    Grant: REFRESH_TOKEN_TTL,
    Interaction: 600,
    RefreshToken: REFRESH_TOKEN_TTL,
    Session: SESSION_TTL,
  },
})

// The one sign-in before the clock runs: it needs no page, but takes the way that a page of an operator would.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next()
  const { params } = await provider.interactionDetails(ctx.req, ctx.res)
  const grant = new provider.Grant({ accountId: SUBJECT, clientId: params.client_id })
  grant.addResourceScope(RESOURCE, SCOPE)
  const consent = { grantId: await grant.save() }
  await provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: SUBJECT }, consent })
})

provider.listen(Number(process.env.PORT), '127.0.0.1')
