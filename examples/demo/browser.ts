/** A browser without eyes: cookies, requests, answers. It follows nothing by itself, so that every hop can be shown. */
import { createCookieJar } from './cookies.ts'

export interface Visit {
  readonly url: URL
  /** With a form it is a POST. */
  readonly form?: URLSearchParams
  /** The page that the form was on. */
  readonly from?: Answer
  readonly accept?: string
}

export interface Answer {
  readonly url: URL
  readonly method: string
  readonly status: number
  readonly statusText: string
  readonly headers: Headers
  /** Where the answer sends the browser, made absolute. */
  readonly location: URL | undefined
  readonly text: string
  readonly cookiesSet: readonly string[]
}

export interface Browser {
  send(visit: Visit): Promise<Answer>
}

/** Requests without cookies, as a server sends them; also the lower half of a browser. */
export async function request(url: URL, signal: AbortSignal, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, { ...init, redirect: 'manual', signal })
  const location = answer.headers.get('location')
  return {
    url,
    method: init.method ?? 'GET',
    status: answer.status,
    statusText: answer.statusText,
    headers: answer.headers,
    location: location === null ? undefined : new URL(location, url),
    text: await answer.text(),
    cookiesSet: [],
  }
}

export function createBrowser(signal: AbortSignal): Browser {
  const jar = createCookieJar()

  return {
    async send({ url, form, from, accept = 'text/html' }) {
      const headers = new Headers({ accept })
      const cookie = jar.header(url)
      if (cookie !== undefined) headers.set('cookie', cookie)
      if (form !== undefined) headers.set('origin', originOf(from))
      const answer = await request(
        url,
        signal,
        form === undefined ? { headers } : { headers, method: 'POST', body: form },
      )
      return { ...answer, cookiesSet: jar.keep(url, answer.headers) }
    },
  }
}

/** A page that forbids referrers posts its forms with `Origin: null`, even to its own server; so do browsers. */
function originOf(page: Answer | undefined): string {
  if (page === undefined || page.headers.get('referrer-policy') === 'no-referrer') return 'null'
  return page.url.origin
}
