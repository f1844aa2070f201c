import { covers, isOptional, narrowed, parted } from '../../src/authorization/consent.ts'
import type { AuthorizationRequest } from '../../src/oauth/authorization-request.ts'

const MAIL = 'https://mail.example'
const FILES = 'https://files.example'

function request(overrides: Partial<AuthorizationRequest> = {}): AuthorizationRequest {
  return {
    clientId: 'app',
    redirectUri: 'https://app.example/callback',
    state: undefined,
    scope: ['openid', 'read', 'write'],
    resources: [MAIL],
    codeChallenge: 'challenge',
    responseMode: 'query',
    prompt: [],
    ...overrides,
  }
}

const readMail = { grants: [{ resource: MAIL, scope: ['openid', 'read'] }], expiresAt: 1 }

describe('what a consent page asks', () => {
  it('asks for everything at first', () => {
    expect(parted(request(), undefined)).toEqual({ fresh: ['openid', 'read', 'write'], known: [] })
  })
  it('asks only for what is new', () => {
    expect(parted(request(), readMail)).toEqual({ fresh: ['write'], known: ['openid', 'read'] })
  })
  it('takes nothing as known that was not allowed at every API asked for', () => {
    expect(parted(request({ resources: [MAIL, FILES] }), readMail)).toEqual({
      fresh: ['openid', 'read', 'write'],
      known: [],
    })
  })
  it('asks for everything again with prompt=consent', () => {
    expect(parted(request({ prompt: ['consent'] }), readMail).known).toEqual([])
  })
  it('counts a claim that is named one by one as its scope', () => {
    const claims = { idToken: ['email'], userinfo: ['phone_number'] }
    expect(parted(request({ claims }), readMail).fresh).toEqual(['write', 'email', 'phone'])
  })
})

describe('leaving scopes out', () => {
  it('takes the scope from the request, and the single claims that belong to it', () => {
    const claims = { idToken: ['email', 'name'], userinfo: ['email_verified#de'] }
    const left = narrowed(request({ scope: ['openid', 'read', 'email'], claims }), ['read', 'email'])
    expect(left.scope).toEqual(['openid'])
    expect(left.claims).toEqual({ idToken: ['name'], userinfo: [] })
  })
  it('changes nothing where nothing is left out', () => {
    const before = request()
    expect(narrowed(before, [])).toBe(before)
  })
  it('is not possible for openid and offline_access', () => {
    expect(['openid', 'offline_access', 'read', 'email'].filter(isOptional)).toEqual(['read', 'email'])
  })
})

describe('a remembered consent', () => {
  it('covers a scope at the very API where it was allowed', () => {
    const consent = { ...readMail, grants: [...readMail.grants, { resource: FILES, scope: ['write'] }] }
    expect(covers(consent, { scope: ['read'], resources: [MAIL] })).toBe(true)
    expect(covers(consent, { scope: ['write'], resources: [FILES] })).toBe(true)
    expect(covers(consent, { scope: ['write'], resources: [MAIL] })).toBe(false)
  })
})
