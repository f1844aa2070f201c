import { type NextStep, nextStep, type SignedIn } from '../../src/authorization/next-step.ts'
import type { AuthorizationRequest, Prompt } from '../../src/oauth/authorization-request.ts'
import type { Client } from '../../src/oauth/client.ts'
import type { SettledAccount } from '../../src/store/store.ts'

const NOW = 1_000_000
const S1 = { userKey: 'alice', secret: 's1' }
const WEB = 'https://app.example/callback'
const SCHEME = 'com.example.app:/callback'

const consent = { grants: [{ resource: 'https://api.example', scope: ['read'] }], expiresAt: NOW * 2 }
const alice: SignedIn = { subject: 'alice', session: S1, authenticatedAt: NOW - 10_000, consent }
const here: SettledAccount = { session: S1, by: 'sign-in' }
const chosen: SettledAccount = { session: S1, by: 'choice' }

function decide(given: {
  signedIn?: SignedIn
  account?: SettledAccount
  client?: Partial<Client>
  redirectUri?: string
  request?: Partial<AuthorizationRequest>
}): NextStep {
  const redirectUri = given.redirectUri ?? WEB
  return nextStep({
    client: {
      token_endpoint_auth_method: 'client_secret_basic',
      application_type: 'web',
      consent: 'explicit',
      ...given.client,
    } as Client,
    redirectUri,
    request: {
      clientId: 'app',
      redirectUri,
      state: undefined,
      scope: ['read'],
      resources: ['https://api.example'],
      codeChallenge: 'challenge',
      responseMode: 'query',
      prompt: [],
      ...given.request,
    },
    signedIn: given.signedIn,
    now: NOW,
    account: given.account,
  })
}

const prompt = (...names: Prompt[]) => ({ prompt: names })

describe('the next step of an authorization request', () => {
  it.each<[string, Parameters<typeof decide>[0], NextStep]>([
    ['nobody is signed in', {}, 'login'],
    ['someone is, and allowed it before', { signedIn: alice }, 'issue'],
    ['they never allowed it', { signedIn: { ...alice, consent: undefined } }, 'consent'],
    ['they allowed less', { signedIn: alice, request: { scope: ['read', 'write'] } }, 'consent'],
    [
      'they allowed it for another API',
      { signedIn: alice, request: { resources: ['https://other.example'] } },
      'consent',
    ],

    ['prompt=login', { signedIn: alice, request: prompt('login') }, 'login'],
    ['prompt=login, signed in for it', { signedIn: alice, request: prompt('login'), account: here }, 'issue'],
    ['prompt=login, an account only chosen', { signedIn: alice, request: prompt('login'), account: chosen }, 'login'],
    ['prompt=select_account', { signedIn: alice, request: prompt('select_account') }, 'choose'],
    ['prompt=select_account, chosen', { signedIn: alice, request: prompt('select_account'), account: chosen }, 'issue'],
    [
      'prompt=select_account, signed in',
      { signedIn: alice, request: prompt('select_account'), account: here },
      'issue',
    ],
    [
      'prompt=select_account, chosen in a session that ended since',
      { signedIn: { ...alice, session: { ...S1, secret: 's2' } }, request: prompt('select_account'), account: chosen },
      'choose',
    ],
    ['prompt=select_account, nobody there', { request: prompt('select_account') }, 'login'],
    ['prompt=consent', { signedIn: alice, request: prompt('consent') }, 'consent'],
    [
      'somebody else is signed in by now than for it',
      { signedIn: { ...alice, session: { userKey: 'bob', secret: 's3' } }, account: here },
      'choose',
    ],
    [
      'the same person signed in once more',
      { signedIn: { ...alice, session: { ...S1, secret: 's2' } }, account: here },
      'issue',
    ],
    ['a yes came from the page of another account', { signedIn: alice, account: 'unsure' }, 'choose'],
    ['another account is wanted', { signedIn: alice, account: 'another' }, 'login'],

    ['max_age is over', { signedIn: alice, request: { maxAge: 5 } }, 'login'],
    ['max_age is over to the second', { signedIn: alice, request: { maxAge: 10 } }, 'login'],
    ['max_age is not over', { signedIn: alice, request: { maxAge: 11 } }, 'issue'],
    ['max_age=0, signed in for it', { signedIn: alice, request: { maxAge: 0 }, account: here }, 'issue'],
    ['max_age=0, an account only chosen', { signedIn: alice, request: { maxAge: 0 }, account: chosen }, 'login'],

    ['the client expects someone else', { signedIn: alice, request: { expectedSubject: 'bob' } }, 'login'],
    [
      'it expects someone else than who signed in for it',
      { signedIn: alice, request: { expectedSubject: 'bob' }, account: here },
      'login',
    ],
    ['it expects who is there', { signedIn: alice, request: { expectedSubject: 'alice' } }, 'issue'],

    ['prompt=none, nobody there', { request: prompt('none') }, { refuse: 'login_required' }],
    [
      'prompt=none, consent missing',
      { signedIn: { ...alice, consent: undefined }, request: prompt('none') },
      { refuse: 'consent_required' },
    ],
    ['prompt=none, nothing left to ask', { signedIn: alice, request: prompt('none') }, 'issue'],
  ])('%s', (_, facts, expected) => {
    expect(decide(facts)).toEqual(expected)
  })

  describe('of a first-party client (consent: implicit)', () => {
    const client = { consent: 'implicit' } as const
    const newcomer = { ...alice, consent: undefined }

    it('asks for no consent', () => {
      expect(decide({ signedIn: newcomer, client })).toBe('issue')
      expect(decide({ signedIn: newcomer, client, request: prompt('none') })).toBe('issue')
    })
    it('asks for a sign-in as ever', () => {
      expect(decide({ client })).toBe('login')
    })
    it('asks for consent where the client wants that', () => {
      expect(decide({ signedIn: newcomer, client, request: prompt('consent') })).toBe('consent')
    })
    it('asks where anyone could pose as it: a public client on loopback or a private-use scheme', () => {
      const anyone = { ...client, token_endpoint_auth_method: 'none' }
      for (const redirectUri of [SCHEME, 'http://127.0.0.1:4711/callback']) {
        expect(decide({ signedIn: alice, client: anyone, redirectUri })).toBe('consent')
        expect(decide({ signedIn: alice, client: anyone, redirectUri, request: prompt('none') })).toEqual({
          refuse: 'consent_required',
        })
      }
      expect(decide({ signedIn: alice, client: anyone, redirectUri: WEB })).toBe('issue')
    })
  })

  describe('towards an installed app', () => {
    const native = { application_type: 'native' } as const

    it('asks for a tap where nothing was asked: browsers open no app by themselves', () => {
      expect(decide({ signedIn: alice, redirectUri: SCHEME })).toBe('continue')
      expect(decide({ signedIn: alice, client: native })).toBe('continue')
    })
    it('asks for none right after a sign-in or a choice', () => {
      expect(decide({ signedIn: alice, redirectUri: SCHEME, account: here })).toBe('issue')
      expect(decide({ signedIn: alice, redirectUri: SCHEME, account: chosen })).toBe('issue')
    })
    it('never shows a page where the client asked for none', () => {
      expect(decide({ signedIn: alice, redirectUri: SCHEME, request: prompt('none') })).toBe('issue')
    })
    it('asks for consent first', () => {
      expect(decide({ signedIn: { ...alice, consent: undefined }, redirectUri: SCHEME })).toBe('consent')
    })
    it('asks for none on loopback, where a browser goes by itself', () => {
      expect(decide({ signedIn: alice, redirectUri: 'http://127.0.0.1:4711/callback' })).toBe('issue')
    })
  })
})
