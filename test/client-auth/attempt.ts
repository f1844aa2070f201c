import { authenticateClient } from '../../src/client-auth/authenticate-client.ts'
import type { ClientAuthServices } from '../../src/client-auth/client-auth-method.ts'
import { createProvenLately } from '../../src/client-auth/proven-lately.ts'
import { type ClientRegistry, createClientRegistry } from '../../src/clients/client-registry.ts'
import { readClients } from '../../src/config/clients.ts'
import type { Client } from '../../src/oauth/client.ts'
import { OAuthError } from '../../src/oauth/errors.ts'
import { readParams } from '../../src/oauth/params.ts'
import { createMemoryStore } from '../../src/store/memory/memory-store.ts'
import { createTestClock } from '../helpers/clock.ts'

/** A registry of these clients, as the configuration would make it. */
export function registryOf(...metadata: object[]): ClientRegistry {
  const supported = {
    grantTypes: ['authorization_code', 'refresh_token'],
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    signingAlgorithms: {},
    allowLoopback: false,
    scopes: ['read', 'write'],
    resources: [],
  }
  return createClientRegistry(readClients(JSON.stringify(metadata), supported))
}

/** An attempt to authenticate: the header as it is sent, the form as a client would fill it in. */
export interface Attempt {
  header?: string
  form?: Record<string, string>
}

export function authenticate(clients: ClientRegistry, { header, form = {} }: Attempt): Promise<Client> {
  const params = readParams(new URLSearchParams(form).toString())
  return authenticateClient({ authorization: header, params, address: '203.0.113.7' }, servicesOf(clients))
}

/** Services that remember nothing from one attempt to the next, so that no failure slows the next one down. */
function servicesOf(clients: ClientRegistry): ClientAuthServices {
  const store = createMemoryStore()
  return {
    clients,
    clientKeys: { find: async () => ({ status: 'found', keys: [] }) },
    assertions: store.once,
    attempts: store.attempts,
    provenLately: createProvenLately(),
    issuer: 'http://localhost:3000',
    clock: createTestClock(),
    audit: () => undefined,
  }
}

/** The refusal of an attempt; fails where the client is let in. */
export async function refusalOf(clients: ClientRegistry, attempt: Attempt): Promise<OAuthError> {
  try {
    await authenticate(clients, attempt)
  } catch (error) {
    if (error instanceof OAuthError) return error
    throw error
  }
  throw new Error('the client was let in')
}

/** A Basic header whose parts are sent as they are (RFC 7617 §2). */
export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
}

/** A Basic header whose parts are form-encoded first (RFC 6749 §2.3.1). */
export function encodedBasic(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return basic(encode(id), encode(secret))
}
