import type { Client } from '../oauth/client.ts'

/** The registered clients. */
export interface ClientRegistry {
  find(clientId: string): Client | undefined
  /** Whether browser pages of that origin may read token responses: some client lives or is allowed there. */
  hasOrigin(origin: string): boolean
  /** Puts other clients in place of all. */
  replace(clients: readonly Client[]): void
}

export function createClientRegistry(initial: readonly Client[]): ClientRegistry {
  let byId = new Map<string, Client>()
  let origins = new Set<string>()

  const replace = (clients: readonly Client[]) => {
    byId = new Map(clients.map((client) => [client.client_id, client]))
    origins = new Set(clients.flatMap(originsOf))
  }
  replace(initial)

  return {
    find: (clientId) => byId.get(clientId),
    hasOrigin: (origin) => origins.has(origin),
    replace,
  }
}

function originsOf(client: Client): string[] {
  const web = client.redirect_uris.filter((uri) => /^https?:/.test(uri)).map((uri) => new URL(uri).origin)
  return [...web, ...client.allowed_origins]
}
