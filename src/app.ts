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
import { metrics } from './endpoints/metrics.ts'
import { par } from './endpoints/par.ts'
import { revoke } from './endpoints/revoke.ts'
import { token } from './endpoints/token.ts'
import { userinfo } from './endpoints/userinfo.ts'
import { applyCors } from './http/cors.ts'
import type { Endpoint, Method } from './http/endpoint.ts'
import { basePathOf } from './http/issuer-url.ts'
import { sendNotFound, wanted } from './http/not-found.ts'
import { type Observer, observe } from './http/observe.ts'
import { refusePrefetch } from './http/prefetch.ts'
import { noteEndpoint } from './http/request-facts.ts'
import { apiHeaders, pageHeaders } from './http/security-headers.ts'
import { createShedding, type Shedding } from './http/shedding.ts'
import { OAuthError } from './oauth/errors.ts'
import type { Metrics } from './telemetry/metrics.ts'

/**
 * The application: every route of the server and what guards it.
 *
 * @param draining whether the process is about to stop, for readiness
 */
export function createApp(deps: Deps, draining: () => boolean = () => false): Express {
  return appOf(endpointsOf(deps, draining), basePathOf(deps.config.issuer), deps, observe(deps))
}

/** Every endpoint of the public port. */
export function endpointsOf(deps: Deps, draining: () => boolean = () => false): Endpoint[] {
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
    readyz({ ...deps, draining }),
    ...assets(deps.assets),
    clientLogo(deps),
  ]
  return [...endpoints, ...metadata(deps, endpoints)]
}

/**
 * What operators and their tools ask, on a port of its own, which is not open to the world. What is asked here is no traffic
 * and is not counted.
 *
 * @param draining as above
 */
export function createOperatorsApp(deps: Deps, measured: Metrics, draining: () => boolean): Express {
  const unobserved: Observer = (_req, _res, work) => work()
  return appOf([metrics(measured), healthz(), readyz({ ...deps, draining })], '', deps, unobserved)
}

/** Answers every request to one address. */
type Answerer = (req: Request, res: Response) => Promise<void>

function appOf(endpoints: readonly Endpoint[], basePath: string, deps: Deps, observed: Observer): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  // Routes are exact and parameters are read by our own strict reader: two readers are how two readings come about.
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('query parser', false)
  app.set('trust proxy', deps.config.trustProxy)

  const shedding = createShedding({ ...deps, limit: deps.config.maxConcurrentRequests })
  const answerers = endpoints.map((endpoint): [string, Answerer] => {
    const path = (endpoint.atOrigin ? '' : basePath) + endpoint.path
    return [path, answererOf(endpoint, path, deps, shedding)]
  })
  // Express would try one route after the other; addresses without parameters are looked up.
  const fixed = new Map(answerers.filter(([path]) => !path.includes(':')))
  app.use((req: Request, res: Response, next: NextFunction) =>
    observed(req, res, () => {
      const answer = fixed.get(req.path)
      return answer === undefined ? next() : answer(req, res)
    }),
  )
  for (const [path, answer] of answerers) if (!fixed.has(path)) app.all(path, answer)

  app.use((req: Request, res: Response) => sendNotFound(req, res, deps.errors))
  // Four parameters make it Express's error handler: it sees what goes wrong before a route is found.
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => deps.errors[wanted(req)](res, error))
  return app
}

function answererOf(endpoint: Endpoint, path: string, deps: Deps, shedding: Shedding): Answerer {
  const secure = deps.config.issuer.startsWith('https:')
  const headers = endpoint.errors === 'page' ? pageHeaders(secure) : apiHeaders(secure)
  const fail = deps.errors[endpoint.errors]

  return async (req, res) => {
    for (const [name, value] of headers) res.setHeader(name, value)
    noteEndpoint(res, path)
    let leave = () => {}
    try {
      if (endpoint.errors === 'page' && endpoint.inert !== true) refusePrefetch(req)
      if (applyCors(endpoint, deps.clients, req, res)) return
      if (endpoint.alwaysAnswers === undefined) leave = shedding.enter(req)
      const handler = endpoint.methods[req.method as Method]
      if (handler === undefined) throw wrongMethod(endpoint)
      if (endpoint.limit !== undefined) await deps.rateLimits.byAddress(endpoint.limit, req, res)
      await handler(req, res)
    } catch (error) {
      fail(res, error)
    } finally {
      leave()
    }
  }
}

function wrongMethod({ methods }: Endpoint): OAuthError {
  const allowed = Object.keys(methods).join(', ')
  return new OAuthError('invalid_request', `this address answers ${allowed} only`, {
    status: 405,
    cause: 'wrong-method',
    headers: { Allow: allowed },
  })
}
