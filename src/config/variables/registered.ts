import { boolean, oneOf, resource, text } from '../parsers.ts'
import { variable } from './variable.ts'

/** Who may come, and what they may ask for. */
export const registeredVariables = {
  CLIENTS: variable({
    section: 'Clients, users, scopes',
    parse: text,
    fallback: '[]',
    secret: true,
    doc: 'JSON array of RFC 7591 client metadata, read again on SIGHUP when it comes from CLIENTS_FILE.',
  }),
  USERS: variable({
    section: 'Clients, users, scopes',
    parse: text,
    fallback: '[]',
    secret: true,
    doc: 'JSON array of OpenID claims with username and password_hash (argon2id) or, outside production, password. Read again on SIGHUP.',
  }),
  SCOPES: variable({
    section: 'Clients, users, scopes',
    parse: text,
    fallback: '{}',
    doc: 'JSON object: scope name to the sentence that the consent page shows, or to an object from language tag to sentence. Read again on SIGHUP.',
  }),
  RESOURCES: variable({
    section: 'Clients, users, scopes',
    parse: text,
    fallback: '{}',
    doc: 'JSON object: URI of an API that accepts our tokens (RFC 8707) to its settings, all optional: scopes (those that mean something there), access_token_ttl (seconds), introspected_by (client_ids of its own backend).',
  }),
  DEFAULT_RESOURCE: variable({
    section: 'Clients, users, scopes',
    parse: resource,
    fallback: undefined,
    example: 'https://api.example.com',
    doc: 'The API that access tokens are for, their aud. Default: the issuer.',
  }),
  REQUIRE_PUSHED_AUTHORIZATION_REQUESTS: variable({
    section: 'Clients, users, scopes',
    parse: boolean,
    fallback: 'false',
    doc: 'true refuses every authorization request that was not pushed (RFC 9126). A single client is held to it by require_pushed_authorization_requests in its metadata.',
  }),
  DPOP_NONCE: variable({
    section: 'Clients, users, scopes',
    parse: oneOf('off', 'required'),
    fallback: 'off',
    doc: 'required makes DPoP proofs (RFC 9449) carry a nonce of this server, so that none can be made in advance and no clock of a client matters. Libraries ask once more by themselves. off: the time in the proof decides.',
  }),
}
