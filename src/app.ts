import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import type { Deps } from './deps.ts'
import { account } from './endpoints/account/account.ts'
import { assets } from './endpoints/assets.ts'
import { authorize } from './endpoints/authorize.ts'
import { clientLogo } from './endpoints/client-logo.ts'
import { healthz, readyz } from './endpoints/health.ts'
import { interaction } from './endpoints/interaction/interaction.ts'
import { introspect } from './endpoints/introspect.ts'
import { jwks } from './endpoints/jwks.ts'
import { logout } from './endpoints/logout.ts'
import { metadata } from './endpoints/metadata.ts'
import { par } from './endpoints/par.ts'
import { revoke } from './endpoints/revoke.ts'
import { token } from './endpoints/token.ts'
import { userinfo } from './endpoints/userinfo.ts'
import { applyCors } from './http/cors.ts'
import type { Endpoint, Method } from './http/endpoint.ts'
import { basePathOf } from './http/issuer-url.ts'
import { sendNotFound, wanted } from './http/not-found.ts'
import { refusePrefetch } from './http/prefetch.ts'
import { apiHeaders, pageHeaders } from './http/security-headers.ts'
import { OAuthError } from './oauth/errors.ts'

/**
 * The application: every route of the server and what guards it.
 *
 * @param draining whether the process is about to stop, for readiness
 */
export function createApp(deps: Deps, draining: () => boolean = () => false): Express {
  const endpoints: Endpoint[] = [
    authorize(deps),
    // auth0-spa-js has this address built in.
    { ...authorize(deps), path: '/authorize', metadata: undefined },
    interaction(deps),
    account(deps),
    logout(deps),
    par(deps),
    token({ ...deps, grants: deps.grantServices }),
    userinfo(deps),
    introspect(deps),
    revoke(deps),
    jwks(deps),
    healthz(),
    readyz({ store: deps.store, draining }),
    ...assets(deps.assets),
    clientLogo(deps),
  ]
  endpoints.push(...metadata(deps, endpoints))

  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  // Routes are exact and parameters are read by our own strict reader: two readers are how two readings come about.
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('query parser', false)
  app.set('trust proxy', deps.config.trustProxy)

  const basePath = basePathOf(deps.config.issuer)
  for (const endpoint of endpoints) mount(app, endpoint, basePath, deps)

  app.use((req: Request, res: Response) => sendNotFound(req, res, deps.errors))
  // Four parameters make it Express's error handler: it sees what goes wrong before a route is found.
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => deps.errors[wanted(req)](res, error))
  return app
}

function mount(app: Express, endpoint: Endpoint, basePath: string, deps: Deps): void {
  const secure = deps.config.issuer.startsWith('https:')
  const headers = endpoint.errors === 'page' ? pageHeaders(secure) : apiHeaders(secure)
  const fail = deps.errors[endpoint.errors]

  app.all((endpoint.atOrigin ? '' : basePath) + endpoint.path, headers, async (req, res) => {
    try {
      if (endpoint.errors === 'page' && endpoint.inert !== true) refusePrefetch(req)
      if (applyCors(endpoint, deps.clients, req, res)) return
      const handler = endpoint.methods[req.method as Method]
      if (handler === undefined) throw wrongMethod(endpoint)
      await handler(req, res)
    } catch (error) {
      fail(res, error)
    }
  })
}

function wrongMethod({ methods }: Endpoint): OAuthError {
  const allowed = Object.keys(methods).join(', ')
  return new OAuthError('invalid_request', `this address answers ${allowed} only`, {
    status: 405,
    cause: 'wrong-method',
    headers: { Allow: allowed },
  })
}
