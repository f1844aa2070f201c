import type { Environment } from '../../src/config/load.ts'
import { CLIENT_SECRET, confidentialClient } from '../helpers/fixtures.ts'
import { type ListeningServer, listen } from '../helpers/listen.ts'
import { type AuthorizationRequest, authorizationRequest } from '../helpers/request.ts'
import { html, openSite } from './sites.ts'

/**
 * A partner's web service: a confidential client on another site than the server. Its redirect URI answers with one more
 * redirect, to a third site, as the services of partners do.
 */
export interface Partner {
  server: ListeningServer
  redirectUri: string
  /** Its home page, with a link to where the sign-in begins. */
  address: string
  /** Where that link leads, with parameters that the request gets. */
  signInAddress(wanted?: Record<string, string>): string
  /** An authorization request of any client, as an address. */
  requestAddress(wanted: Record<string, string>): string
  /** What came to the redirect URI, in order. */
  callbacks: URLSearchParams[]
  /** The state of the request that was sent last. */
  lastState(): string
  /** Leaves the browser without an answer the next time it comes to the redirect URI; resolves when it is there. */
  stall(): Promise<void>
  /** Redeems the code of a callback at the token endpoint. */
  redeem(callback: URLSearchParams | undefined): Promise<Response>
  /** Presents a refresh token at the token endpoint. */
  refresh(token: string): Promise<Response>
  close(): Promise<void>
}

/** The headings of the third site. */
export const WELCOME = 'Welcome back'
export const REFUSED = 'You are not signed in'

/** Opens the partner's sites and a server that knows it, among other clients. */
export async function openPartner(
  options: { clients?: object[]; metadata?: object; env?: Environment } = {},
): Promise<Partner> {
  const requests = new Map<string, AuthorizationRequest>()
  const callbacks: URLSearchParams[] = []
  let stalled: (() => void) | undefined
  let issuer = ''

  const home = await openSite('home.localhost', {
    '/welcome': () => ({ html: html(WELCOME) }),
    '/refused': () => ({ html: html(REFUSED) }),
  })
  const site = await openSite('localhost', {
    '/': () => ({ html: html('Our service', '<a href="/sign-in">Sign in with Latchkey</a>') }),
    '/sign-in': ({ searchParams }) => {
      const wanted = Object.fromEntries(searchParams)
      const request = authorizationRequest({ client_id: client.client_id, redirect_uri: redirectUri, ...wanted })
      requests.set(request.state, request)
      return { redirect: `${issuer}/oauth/authorize?${request.query()}` }
    },
    '/callback': ({ searchParams }) => {
      callbacks.push(searchParams)
      if (stalled !== undefined) {
        stalled()
        stalled = undefined
        return new Promise<never>(() => {})
      }
      return { redirect: `${home.origin}${searchParams.has('code') ? '/welcome' : '/refused'}` }
    },
  })
  const redirectUri = `${site.origin}/callback`
  const client = { ...confidentialClient, client_uri: site.origin, redirect_uris: [redirectUri], ...options.metadata }
  const server = await listen({
    clients: [client, ...(options.clients ?? [])],
    ...(options.env && { env: options.env }),
  })
  issuer = server.issuer

  const token = (form: Record<string, string>) => {
    const authorization = `Basic ${Buffer.from(`${client.client_id}:${CLIENT_SECRET}`).toString('base64')}`
    const body = new URLSearchParams(form)
    return fetch(`${issuer}/oauth/token`, { method: 'POST', headers: { authorization }, body })
  }

  return {
    server,
    redirectUri,
    callbacks,
    address: `${site.origin}/`,
    signInAddress: (wanted = {}) => `${site.origin}/sign-in?${new URLSearchParams(wanted)}`,
    requestAddress: (wanted) => `${issuer}/oauth/authorize?${authorizationRequest(wanted).query()}`,
    lastState: () => [...requests.keys()].at(-1) as string,
    stall: () =>
      new Promise((resolve) => {
        stalled = resolve
      }),
    async redeem(callback) {
      const request = requests.get(callback?.get('state') ?? '')
      if (request === undefined) throw new Error('the client asked for nothing with this state')
      const form = request.redeem(callback?.get('code') ?? '', { client_id: undefined })
      return token(form)
    },
    refresh: (refresh_token) => token({ grant_type: 'refresh_token', refresh_token }),
    async close() {
      await Promise.all([server.close(), site.close(), home.close()])
    },
  }
}
