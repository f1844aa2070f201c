import { isRecord } from '../lib/json-object.ts'
import type { ClaimsRequest, Prompt } from './authorization-request.ts'
import { type Client, mayRequest } from './client.ts'
import { OAuthError } from './errors.ts'
import { ACR, scopeOfClaim } from './openid-claims.ts'
import type { Params } from './params.ts'
import { splitScope } from './scope.ts'
import { readUiLocales } from './ui-locales.ts'

/** What OpenID Connect adds to an authorization request (Core §3.1.2.1). */
export interface OpenIdParams {
  nonce?: string
  prompt: readonly Prompt[]
  maxAge?: number
  loginHint?: string
  uiLocales?: readonly string[]
  claims?: ClaimsRequest
  /** From the claims parameter: the user the client expects (Core §5.5.1). */
  expectedSubject?: string
}

const PROMPTS: readonly string[] = ['none', 'login', 'consent', 'select_account']
const LONGEST_NONCE = 1024
const LONGEST_HINT = 200
const LONGEST_CLAIMS = 4096
const MOST_CLAIMS = 64

/**
 * The OpenID parameters of an authorization request. display and acr_values may come and change nothing; values of
 * prompt that are not known are passed over.
 *
 * @throws OAuthError `invalid_request` naming the parameter at fault
 */
export function readOpenIdParams(params: Params, client: Client): OpenIdParams {
  const maxAge = readMaxAge(params.max_age) ?? client.default_max_age
  const uiLocales = readUiLocales(params.ui_locales)
  const { claims, expectedSubject } = readClaims(params.claims, client)
  return {
    prompt: readPrompt(params.prompt),
    ...(params.nonce === undefined ? {} : { nonce: bounded('nonce', params.nonce, LONGEST_NONCE) }),
    ...(maxAge === undefined ? {} : { maxAge }),
    ...(params.login_hint === undefined ? {} : { loginHint: params.login_hint.slice(0, LONGEST_HINT) }),
    ...(uiLocales === undefined ? {} : { uiLocales }),
    ...(claims === undefined ? {} : { claims }),
    ...(expectedSubject === undefined ? {} : { expectedSubject }),
  }
}

function readPrompt(text: string | undefined): Prompt[] {
  const prompts = splitScope(text ?? '')
  if (prompts.includes('none') && prompts.length > 1) {
    throw new OAuthError('invalid_request', 'prompt none does not go with other values', { cause: 'wrong-prompt' })
  }
  return prompts.filter((name): name is Prompt => PROMPTS.includes(name))
}

function readMaxAge(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new OAuthError('invalid_request', 'max_age must be whole seconds', { cause: 'wrong-max-age' })
}

function bounded(name: string, value: string, longest: number): string {
  if (value.length <= longest) return value
  throw new OAuthError('invalid_request', `${name} is longer than ${longest} characters`, { cause: `long-${name}` })
}

/** The claims parameter (Core §5.5): a JSON object whose members id_token and userinfo name claims. */
function readClaims(text: string | undefined, client: Client): { claims?: ClaimsRequest; expectedSubject?: string } {
  if (text === undefined) return {}
  const value = parseObject(bounded('claims', text, LONGEST_CLAIMS))
  const [idToken, userinfo] = [readMember(value, 'id_token'), readMember(value, 'userinfo')]
  const mine = (names: string[]) => names.filter((name) => isClientsClaim(name, client))
  const names = { idToken: mine(Object.keys(idToken)), userinfo: mine(Object.keys(userinfo)) }
  if (names.idToken.length + names.userinfo.length > MOST_CLAIMS) {
    throw new OAuthError('invalid_request', `claims names more than ${MOST_CLAIMS} claims`, { cause: 'many-claims' })
  }
  requireReachableAcr(idToken.acr)
  const sub: unknown = idToken.sub
  const expected = isRecord(sub) && typeof sub.value === 'string' ? sub.value : undefined
  return { claims: names, ...(expected === undefined ? {} : { expectedSubject: expected }) }
}

/** Core §5.5.1.1: an essential `acr` that this server cannot give is a failed authentication, and not another value. */
function requireReachableAcr(acr: unknown): void {
  if (!isRecord(acr) || acr.essential !== true) return
  const wanted: unknown = acr.values ?? (acr.value === undefined ? undefined : [acr.value])
  if (wanted === undefined || (Array.isArray(wanted) && wanted.includes(ACR))) return
  throw new OAuthError('unmet_authentication_requirements', `claims asks for an acr that is not ${ACR}`)
}

/**
 * Whether the client may ask for the claim: one of a scope it is registered for. All others are passed over, as Core §5.5.1
 * lets voluntary claims be; what no scope asks for, no sentence on the consent page could name.
 */
function isClientsClaim(name: string, client: Client): boolean {
  const scope = scopeOfClaim(name)
  return scope !== undefined && mayRequest(client, scope)
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch {
    // Told below, as for JSON that is no object.
  }
  throw new OAuthError('invalid_request', 'claims must be a JSON object', { cause: 'malformed-claims' })
}

function readMember(value: Record<string, unknown>, name: string): Record<string, unknown> {
  const member = Object.hasOwn(value, name) ? value[name] : undefined
  if (member === undefined || member === null) return {}
  if (isRecord(member)) return member
  throw new OAuthError('invalid_request', `claims: ${name} must be an object`, { cause: 'malformed-claims' })
}
