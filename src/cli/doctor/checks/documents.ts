import { isRecord, readJsonObject } from '../../../lib/json-object.ts'
import { type Finding, judge, ok, problem, warning } from '../finding.ts'
import { isFailure } from '../probe.ts'
import { at, type Check, type Target, WELL_KNOWN } from '../target.ts'

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** The issuer, byte for byte: every client compares it. */
export const issuer: Check = async ({ url, metadata }) => {
  const told = metadata.issuer
  const name = typeof told === 'string' && told === `${url}/` ? 'issuer-slash' : 'issuer'
  const message =
    name === 'issuer'
      ? `the issuer is ${JSON.stringify(told)} and not ${url}`
      : 'the issuer ends with a slash and the address does not'
  return [
    judge(
      name,
      told === url,
      'the issuer is the address',
      message,
      `Set ISSUER to exactly what clients use, such as ${url}, and let the proxy change no bodies.`,
    ),
  ]
}

/** All addresses of the metadata document, those for an issuer with a path included (RFC 8414 §3.1). */
export const wellKnown: Check = async ({ url, origin, path, probe, document }) => {
  const addresses = WELL_KNOWN.flatMap((name) => [url + name, ...(path === '' ? [] : [origin + name + path])])
  const findings = await Promise.all(
    addresses.map(async (address): Promise<Finding[]> => {
      const answer = await probe.ask(address)
      if (!isFailure(answer) && answer.status === 200 && answer.body === document.body) return []
      const what = isFailure(answer) ? answer.failure : answer.status === 200 ? 'another document' : `${answer.status}`
      return [
        problem(
          'metadata',
          `${address} gives ${what}`,
          'Let the proxy forward /.well-known/ as well as the path of the issuer, unchanged: clients look at both places.',
        ),
      ]
    }),
  )
  const bad = findings.flat()
  return bad.length > 0 ? bad : [ok('metadata', 'the metadata are the same wherever clients look for them')]
}

/** The endpoints that the metadata name: on the same origin, and answering as this server does. */
export const endpoints: Check = async (target) => {
  const named = Object.entries(target.metadata).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri')
  const findings = await Promise.all(named.map(([name, uri]) => endpoint(name, uri, target)))
  const bad = findings.flat()
  return bad.length > 0
    ? bad
    : [ok('endpoints', `all ${named.length} endpoints are on the origin of the issuer and answer`)]
}

async function endpoint(name: string, uri: unknown, { url, probe }: Target): Promise<Finding[]> {
  if (typeof uri !== 'string' || !uri.startsWith(`${url}/`)) {
    return [
      problem(
        'endpoint-origin',
        `${name} is ${JSON.stringify(uri)}, which is not under ${url}`,
        'Set ISSUER to the public address, and let the proxy change no bodies.',
      ),
    ]
  }
  const answer = await probe.ask(uri)
  // Without parameters these refuse in their own way; anything else comes from something before them.
  if (!isFailure(answer) && (answer.status < 400 || [400, 401, 405].includes(answer.status))) return []
  const what = isFailure(answer) ? answer.failure : `${answer.status}`
  return [problem('endpoint', `${name} gives ${what}`, `Let the proxy forward ${new URL(uri).pathname}.`)]
}

/** The public keys: there for every algorithm that is advertised, and public. */
export const jwks: Check = async (target) => {
  const answer = await target.probe.ask(at(target, '/.well-known/jwks.json'))
  const set = isFailure(answer) ? undefined : readJsonObject(Buffer.from(answer.body))
  const keys = Array.isArray(set?.keys) ? set.keys.filter(isRecord) : []
  if (keys.length === 0)
    return [
      problem(
        'jwks',
        'the JWKS has no keys',
        'Look at SIGNING_KEYS, and whether the proxy forwards /.well-known/jwks.json.',
      ),
    ]
  const leaked = keys.find((key) => PRIVATE_MEMBERS.some((member) => Object.hasOwn(key, member)))
  if (leaked !== undefined) {
    return [
      problem(
        'jwks-private',
        `the key ${JSON.stringify(leaked.kid)} is published with its private part`,
        'Take it offline now and make new keys: whoever saw it can sign tokens. See docs/key-rotation.md.',
      ),
    ]
  }
  const wanted = target.metadata.id_token_signing_alg_values_supported
  const missing = (Array.isArray(wanted) ? wanted : []).filter((alg) => !keys.some((key) => key.alg === alg))
  return [
    missing.length === 0
      ? ok('jwks', `the JWKS has ${keys.length} public keys, for every advertised algorithm`)
      : warning(
          'jwks',
          `the JWKS has no key for ${missing.join(', ')}`,
          'Look whether all processes have the same SIGNING_KEYS.',
        ),
  ]
}
