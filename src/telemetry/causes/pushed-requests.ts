import type { Causes } from './cause.ts'

/** What can be wrong with a pushed request, or with the way to it. */
export const pushedRequestCauses = {
  'request-not-pushed': {
    title: 'the request was not pushed',
    explanation: 'This client, or this server, takes pushed authorization requests only.',
    rule: 'RFC 9126 §5, §6',
    remedy:
      'Send the parameters to the pushed authorization request endpoint first, and the browser with the request_uri.',
    fault: 'partner',
  },
  'request-uri-pushed': {
    title: 'request_uri inside a pushed request',
    explanation: 'A pushed request must not name another one.',
    rule: 'RFC 9126 §2.1',
    remedy: 'Leave request_uri out of the pushed parameters.',
    fault: 'partner',
  },
  'forged-request-uri': {
    title: 'a request_uri of somebody else',
    explanation: 'The request_uri was not made by this server, or was cut or changed on the way.',
    rule: 'RFC 9126 §2.2',
    remedy: 'Use the request_uri exactly as it came.',
    fault: 'partner',
  },
  'unknown-request-uri': {
    title: 'the request_uri is over',
    explanation: 'The request_uri expired before a browser opened it.',
    rule: 'RFC 9126 §2.2',
    remedy: 'Push a new request at the moment the person clicks, and never keep a request_uri.',
    fault: 'partner',
  },
  'used-request-uri': {
    title: 'the request_uri was used',
    explanation: 'The request that was pushed has come to its end already.',
    rule: 'RFC 9126 §4',
    remedy: 'Push a new request for every sign-in.',
    fault: 'partner',
  },
  'foreign-request-uri': {
    title: 'a request_uri of another client',
    explanation: 'The request was pushed by another client than the one that uses it.',
    rule: 'RFC 9126 §2.2, §4',
    remedy: 'Use the same client_id to push and to authorize.',
    fault: 'partner',
  },
} as const satisfies Causes
