import type { Causes } from './cause.ts'

/** What can go wrong on a page, and on this side. */
export const pageCauses = {
  'foreign-origin': {
    title: 'a form from another site',
    explanation: 'A form was posted to a page of this server from another origin.',
    rule: 'OWASP CSRF Prevention, §Verifying Origin',
    remedy: 'Set ISSUER to the address that browsers see, and let the proxy pass the Origin header on.',
    fault: 'operator',
  },
  'browser-cookie-missing': {
    title: 'the browser sent no cookie',
    explanation:
      'The browser that opens the sign-in page has no cookie of it: cookies are blocked or lost, or it is another browser.',
    rule: 'the binding of interactions, docs/wire.md',
    remedy:
      'Begin again, in one browser with cookies allowed. If it happens to everyone, the operator compares ISSUER with http and https.',
    fault: 'user',
  },
  'foreign-browser': {
    title: 'another browser',
    explanation: 'The sign-in was begun in another browser; links of that kind cannot be handed on.',
    rule: 'the binding of interactions, docs/wire.md',
    remedy: 'Begin again in this browser, from the app.',
    fault: 'user',
  },
  'unknown-interaction': {
    title: 'the sign-in is over',
    explanation:
      'The sign-in page was left open for more than half an hour, was answered more than five minutes ago, or never was.',
    rule: 'the binding of interactions, docs/wire.md',
    remedy: 'Begin again, from the app.',
    fault: 'user',
  },
  'interaction-expired': {
    title: 'the sign-in took too long',
    explanation: 'The request ended before the person answered.',
    rule: 'the binding of interactions, docs/wire.md',
    remedy: 'Begin again, from the app.',
    fault: 'user',
  },
  'wrong-csrf-token': {
    title: 'the form does not belong here',
    explanation: 'The form was made for another request or browser, or before a secret was dropped.',
    rule: 'the binding of interactions, docs/wire.md',
    remedy: 'Load the page again, or begin again from the app.',
    fault: 'user',
  },
  'wrong-account-csrf-token': {
    title: 'the account page is too old',
    explanation: 'The form of the account page was made for another session.',
    rule: 'the binding of interactions, docs/wire.md',
    remedy: 'Load the page again.',
    fault: 'user',
  },
  'wrong-answer': {
    title: 'an answer that was not asked for',
    explanation: 'The form came with a value that the page does not offer.',
    rule: 'the binding of interactions, docs/wire.md',
    remedy: 'Use the buttons of the page.',
    fault: 'user',
  },
  'wrong-step': {
    title: 'a step that is not due',
    explanation: 'The form of one step came while another is due, as after using the back button.',
    rule: 'the binding of interactions, docs/wire.md',
    remedy: 'Load the page again and go on from there.',
    fault: 'user',
  },
  'client-gone': {
    title: 'the client was removed',
    explanation: 'The client, or its redirect URI, was taken out of CLIENTS while the request was open.',
    rule: 'RFC 6749 §3.1.2',
    remedy: 'Put the client or the redirect URI back into CLIENTS, or tell the partner.',
    fault: 'operator',
  },
  'hint-of-another-client': {
    title: 'the ID token is of another client',
    explanation: 'The id_token_hint of a sign-out was issued to another client than client_id names.',
    rule: 'RP-Initiated Logout §2',
    remedy: 'Send the ID token of the same client.',
    fault: 'partner',
  },
  'logout-client-unknown': {
    title: 'nobody vouches for the sign-out',
    explanation: 'The sign-out wants to go to an address, and names no client.',
    rule: 'RP-Initiated Logout §3',
    remedy: 'Send client_id or id_token_hint along.',
    fault: 'partner',
  },
  'unregistered-post-logout-redirect-uri': {
    title: 'post_logout_redirect_uri is not registered',
    explanation: 'The address is not byte for byte one of those registered for the client.',
    rule: 'RP-Initiated Logout §3',
    remedy: 'Send a registered address exactly, or ask us to register the one that you send.',
    fault: 'partner',
  },
  'missing-username-or-password': {
    title: 'a field was empty',
    explanation: 'Somebody signed in without a name or password. Stands in audit events only.',
    rule: 'RFC 6819 §4.3.3',
    remedy: 'Nothing is wrong.',
    fault: 'nobody',
  },
  'wrong-username-or-password': {
    title: 'name or password is wrong',
    explanation: 'Somebody signed in with a name and password that do not go together. Stands in audit events only.',
    rule: 'RFC 6819 §4.3.3',
    remedy: 'Type it again, or have the password reset.',
    fault: 'user',
  },
  'store-unavailable': {
    title: 'Redis is out of reach',
    explanation: 'Redis did not answer in time; the request was refused with 503, to be tried again.',
    rule: 'RFC 6749 §4.1.2.1',
    remedy: 'Look at Redis and the network to it: readyz tells when it is back.',
    fault: 'operator',
  },
  overloaded: {
    title: 'too much to do',
    explanation:
      'More requests were worked on at once than the server takes, so that this one was refused with 503, to be tried again.',
    rule: 'RFC 9110 §15.6.4',
    remedy: 'Look at how long requests take and at Redis; where all is well, run more processes (docs/operations.md).',
    fault: 'operator',
  },
  unexpected: {
    title: 'a fault of the server',
    explanation: 'Something happened that nobody thought of. The log line has the stack.',
    rule: 'RFC 6749 §4.1.2.1',
    remedy: 'Report the log line with its stack to whoever maintains the server.',
    fault: 'operator',
  },
} as const satisfies Causes
