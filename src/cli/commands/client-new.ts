import { clientAuthMethods } from '../../client-auth/registry.ts'
import { readClients } from '../../config/clients.ts'
import { Problems } from '../../config/problem.ts'
import { grantTypes } from '../../grant-types/registry.ts'
import { isNativeRedirect } from '../../oauth/redirect-uri.ts'
import { splitScope } from '../../oauth/scope.ts'
import { command, json } from '../command.ts'
import { EXIT, usageError } from '../exit.ts'
import type { Io } from '../io.ts'
import { knownScopes } from '../known-scopes.ts'
import { type Answers, completeAnswers } from '../new-client-questions.ts'
import { hashSecret } from './client-hash-secret.ts'

const DEFAULT_GRANT_TYPES = ['authorization_code', 'refresh_token']

export const clientNew = command({
  name: 'client new',
  summary: 'print the metadata of a new client, and its secret once',
  usage: `Prints a JSON array with the metadata of one client, which is what CLIENTS, or the file that
CLIENTS_FILE names, holds; to add the client to others, put the object among them. Only the
hash of its secret is in there (but client_secret_jwt needs the secret itself): the secret is
shown once, on standard error. What is needed and not given is asked for at a terminal.

  latchkey client new --name "Acme CRM" --redirect-uri https://crm.acme.example/callback

An app that only has loopback or custom-scheme redirect URIs cannot keep a secret, so it gets
the auth method none; one with a --jwks-uri gets private_key_jwt, every other one
client_secret_basic. Where SCOPES is set in the environment, --scope may name those only.`,
  options: {
    name: { type: 'string', value: 'text', summary: 'what people see on the consent page' },
    'redirect-uri': { type: 'string', multiple: true, value: 'uri', summary: 'where the browser goes back to' },
    'grant-type': {
      type: 'string',
      multiple: true,
      value: 'name',
      summary: `${namesOf(grantTypes)}; ${DEFAULT_GRANT_TYPES.join(' and ')} where it is left out`,
    },
    scope: { type: 'string', value: 'names', summary: 'scopes parted by blanks; all where it is left out' },
    'auth-method': { type: 'string', value: 'name', summary: namesOf(clientAuthMethods) },
    'jwks-uri': { type: 'string', value: 'uri', summary: 'where its public keys are, for private_key_jwt' },
    id: { type: 'string', value: 'text', summary: 'its client_id; made up where it is left out' },
    json: { ...json, summary: 'print JSON with the members client and client_secret, all on standard output' },
  },
  async run(values, io) {
    const grant_types = [...(values['grant-type'] ?? DEFAULT_GRANT_TYPES)]
    const answers = await completeAnswers(
      {
        name: values.name,
        redirectUris: values['redirect-uri'],
        authMethod: values['auth-method'],
      },
      { redirects: grant_types.includes('authorization_code') },
      io,
    )
    const token_endpoint_auth_method = answers.authMethod ?? usualAuthMethod(answers, values['jwks-uri'])
    const secret = token_endpoint_auth_method.startsWith('client_secret_') ? io.random.secret() : undefined
    const client = {
      client_id: values.id ?? io.random.id(),
      client_name: answers.name,
      ...(answers.redirectUris.length === 0 ? {} : { redirect_uris: answers.redirectUris }),
      grant_types,
      ...(values.scope === undefined ? {} : { scope: splitScope(values.scope).join(' ') }),
      token_endpoint_auth_method,
      ...(values['jwks-uri'] === undefined ? {} : { jwks_uri: values['jwks-uri'] }),
      ...(secret === undefined ? {} : kept(secret, token_endpoint_auth_method)),
    }
    await requireRight(client, splitScope(values.scope ?? ''), io)

    if (values.json === true) {
      io.out(`${JSON.stringify({ client, ...(secret === undefined ? {} : { client_secret: secret }) }, null, 2)}\n`)
      return EXIT.ok
    }
    io.out(`${JSON.stringify([client], null, 2)}\n`)
    if (secret !== undefined) io.err(`\nThe client secret, shown this once:\n\n  ${secret}\n\n`)
    return EXIT.ok
  },
})

function namesOf(registry: ReadonlyArray<{ name: string }>): string {
  return registry.map(({ name }) => name).join(', ')
}

/** An app on the person's own device cannot keep a secret (RFC 8252 §8.5). */
function usualAuthMethod({ redirectUris }: Answers, jwksUri: string | undefined): string {
  if (jwksUri !== undefined) return 'private_key_jwt'
  return redirectUris.length > 0 && redirectUris.every(isNativeRedirect) ? 'none' : 'client_secret_basic'
}

/** The secret as the metadata keep it: its hash, except where the server must make an HMAC with it. */
function kept(secret: string, method: string): object {
  return method === 'client_secret_jwt' ? { client_secret: secret } : { client_secret_hash: hashSecret(secret) }
}

/** Reads the metadata as the server will, so that nothing is printed that it would refuse. */
async function requireRight(client: object, named: readonly string[], io: Io): Promise<void> {
  const { supported } = await import('../../deps.ts')
  try {
    readClients(JSON.stringify([client]), {
      ...supported,
      scopes: knownScopes(io.env) ?? named,
      resources: [],
      allowLoopback: io.env.NODE_ENV !== 'production',
    })
  } catch (error) {
    if (!(error instanceof Problems)) throw error
    // Here is one client only, so that its place in a list says nothing.
    throw usageError(...error.lines.map((line) => line.replace(/^\[0\](?: \(client "(?:[^"\\]|\\.)*"\))?: /, '')))
  }
}
