/** Listens in on the partner app's own requests to the server, which no browser ever sees. */
import type { CustomFetch } from 'openid-client'
import type { Exchange } from './story.ts'

export interface BackChannel {
  readonly fetch: CustomFetch
  /** What was sent since the last time, requests with a form only. */
  take(): Array<Exchange & { readonly form: URLSearchParams }>
}

const MOST_KEPT = 20

export function createBackChannel(): BackChannel {
  let heard: Array<Exchange & { readonly form: URLSearchParams }> = []

  return {
    async fetch(url, { method, headers, body, redirect, signal }) {
      const answer = await fetch(url, { method, headers, body, redirect, signal: signal ?? null })
      if (body instanceof URLSearchParams) {
        const { status, statusText } = answer
        heard = [...heard, { url: new URL(url), method, status, statusText, form: body }].slice(-MOST_KEPT)
      }
      return answer
    },
    take() {
      const taken = heard
      heard = []
      return taken
    },
  }
}
