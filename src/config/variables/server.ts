import { integer, issuer, oneOf, text, trustProxy } from '../parsers.ts'
import { variable } from './variable.ts'

/** Where it listens, and how much it takes on. */
export const serverVariables = {
  NODE_ENV: variable({
    section: 'Server',
    parse: oneOf('production', 'development', 'test'),
    fallback: 'development',
    doc: 'production makes the server refuse to start on anything that is only fit for trying it out.',
  }),
  ISSUER: variable({
    section: 'Server',
    parse: issuer,
    fallback: undefined,
    example: 'https://auth.example.com',
    doc: 'Public base URL, may have a path; every URL in every document is made from it. Default http://localhost:$PORT. Production needs it, with https except on loopback.',
  }),
  PORT: variable({
    section: 'Server',
    parse: integer({ min: 1, max: 65535 }),
    fallback: '3000',
    doc: 'Port to listen on.',
  }),
  HOST: variable({ section: 'Server', parse: text, fallback: '0.0.0.0', doc: 'Address to listen on.' }),
  TRUST_PROXY: variable({
    section: 'Server',
    parse: trustProxy,
    fallback: 'false',
    doc: 'Which proxies to believe about the caller: true, false, a number of hops, or a list of addresses, subnets, loopback, linklocal, uniquelocal.',
  }),
  WEB_CONCURRENCY: variable({
    section: 'Server',
    parse: integer({ min: 1, max: 64 }),
    fallback: '1',
    doc: 'Processes that share the port, for machines with more than one core. More than 1 needs REDIS_URL, SECRET_KEYS and SIGNING_KEYS.',
  }),
  DRAIN_DELAY: variable({
    section: 'Server',
    parse: integer({ min: 0, max: 60 }),
    fallback: '0',
    doc: 'Seconds that the server goes on listening after SIGTERM, with /readyz at 503, so that the balancer sends nothing more before the port closes. 5 fits Kubernetes and most balancers.',
  }),
  MAX_CONNECTIONS: variable({
    section: 'Server',
    parse: integer({ min: 1, max: 1_000_000 }),
    fallback: '10000',
    doc: 'Connections that a process has at once; further ones are closed unanswered.',
  }),
  MAX_CONCURRENT_REQUESTS: variable({
    section: 'Server',
    parse: integer({ min: 1, max: 100_000 }),
    fallback: '500',
    doc: 'Requests that a process works on at once; further ones are answered with 503 and Retry-After, so that those under way are answered in time.',
  }),
  LOG_LEVEL: variable({
    section: 'Server',
    parse: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    fallback: 'info',
    doc: 'Least severe level to log.',
  }),
}
