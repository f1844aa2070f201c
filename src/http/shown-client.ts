import type { Client } from '../oauth/client.ts'

/** How a page shows a client. */
export function shownClient({ client }: { client: Client }): { name: string; host?: string } {
  const host = client.client_uri === undefined ? undefined : new URL(client.client_uri).host
  return { name: client.client_name, ...(host === undefined ? {} : { host }) }
}

/** Where the browser goes next, as a person can read it: the host of a web address, or the scheme of an app's own. */
export function destinationOf(uri: string): string {
  const { protocol, host } = new URL(uri)
  return protocol === 'https:' || protocol === 'http:' ? host : protocol
}
