import type { Causes } from './cause.ts'

/** What a well-formed request asks for and does not get. */
export const refusedRequestCauses = {
  'unknown-client': {
    title: 'no such client',
    explanation: 'No client is registered under the client_id.',
    rule: 'RFC 6749 §2.2, §4.1.2.1',
    remedy: 'Compare the client_id with the one you were given, and look whether it is meant for this environment.',
    fault: 'partner',
  },
  'missing-redirect-uri': {
    title: 'redirect_uri is missing',
    explanation: 'The client has several registered addresses, or none, and the request named none.',
    rule: 'RFC 6749 §3.1.2.3',
    remedy: 'Send the redirect_uri.',
    fault: 'partner',
  },
  'unregistered-redirect-uri': {
    title: 'redirect_uri is not registered',
    explanation: 'The redirect_uri is not byte for byte one of those registered for the client.',
    rule: 'RFC 9700 §2.1, §4.1.3',
    remedy: 'Send a registered redirect_uri exactly, or ask us to register the one that you send.',
    fault: 'partner',
  },
  'scope-not-allowed': {
    title: 'a scope that the client may not have',
    explanation: 'The request names a scope that is not registered for the client.',
    rule: 'RFC 6749 §3.3',
    remedy: 'Ask for registered scopes only, or ask us to register the one you need.',
    fault: 'partner',
  },
  'resource-not-allowed': {
    title: 'an API that the client may not use',
    explanation: 'The resource is not known here, not registered for the client, or was not granted.',
    rule: 'RFC 8707 §2',
    remedy:
      'Compare the resource byte by byte with the URI of the API, and ask for it in the authorization request already.',
    fault: 'partner',
  },
  'several-resources': {
    title: 'several resources at once',
    explanation: 'A request for one token names several APIs.',
    rule: 'RFC 8707 §2.2',
    remedy: 'Ask for one token for each API.',
    fault: 'partner',
  },
  login_required: {
    title: 'nobody is signed in',
    explanation: 'The client asked with prompt=none, and the person would have to sign in.',
    rule: 'OpenID Connect Core §3.1.2.6',
    remedy: 'Nothing is wrong: send the person through a visible sign-in.',
    fault: 'nobody',
  },
  consent_required: {
    title: 'the person was not asked yet',
    explanation: 'The client asked with prompt=none, and the person would have to consent.',
    rule: 'OpenID Connect Core §3.1.2.6',
    remedy: 'Nothing is wrong: send the person through a visible authorization.',
    fault: 'nobody',
  },
  prefetch: {
    title: 'the browser looked ahead',
    explanation: 'A browser or a program fetched the page before anyone opened it; links must not act then.',
    rule: 'RFC 9110 §9.2.1',
    remedy: 'Nothing is wrong: whoever opens the page gets it.',
    fault: 'nobody',
  },
  'foreign-id-token-hint': {
    title: 'an ID token hint that is not ours',
    explanation: 'The id_token_hint was not signed by a key that this server publishes.',
    rule: 'OpenID Connect Core §3.1.2.1, RP-Initiated Logout §2',
    remedy: 'Send your newest ID token of this server, or leave the hint out.',
    fault: 'partner',
  },
} as const satisfies Causes
