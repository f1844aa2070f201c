/** The partner app's pages. They show tokens shortened only: a token has no business in a page. */
import type { TokenEndpointResponse } from 'openid-client'
import { type Html, html } from './html.ts'

export const STYLE = `
body { max-width: 40rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color: #1f2328 }
h1 { font-size: 1.5rem }
pre { padding: 1rem; overflow-x: auto; background: #f3f4f6; border-radius: .5rem }
.button { display: inline-block; padding: .5rem 1rem; font: inherit; color: #fff; background: #1d4ed8;
  border: 0; border-radius: .5rem; text-decoration: none; cursor: pointer }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem }
`

export function startPage(tokens: TokenEndpointResponse | undefined): Html {
  if (tokens === undefined) {
    return html`<p>This app would like to read your reports. You decide, at the company that keeps them;
      your password stays there.</p>
      <p><a class="button" href="/connect">Connect</a></p>`
  }
  return html`<p>Connected. This is what the token endpoint gave us, tokens shortened:</p>
    ${pre(shortenTokens(tokens))}
    <div class="row"><a class="button" href="/call-api">Call the API</a>
      <form method="post" action="/refresh"><button class="button">Refresh</button></form>
      <a href="/connect">Connect again</a></div>`
}

export function apiPage(status: number, body: unknown): Html {
  return html`<p>The API answered ${status}:</p>${pre(body)}<p><a href="/">Back</a></p>`
}

export function problemPage(text: string): Html {
  return html`<p>${text}</p><p><a href="/">Back to the start</a></p>`
}

export function layout(title: string, body: Html): string {
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title} - Partner App</title><link rel="stylesheet" href="/style.css"></head>
<body><h1>${title}</h1>
${body}
</body></html>
`.html
}

/** The token response as it may be shown: enough of each token to see that it changed, too little to use it. */
export function shortenTokens(tokens: TokenEndpointResponse): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...tokens }
  for (const name of ['access_token', 'refresh_token', 'id_token']) {
    const token = shown[name]
    if (typeof token === 'string') shown[name] = `${token.slice(0, 10)}…${token.slice(-8)}`
  }
  return shown
}

function pre(value: unknown): Html {
  return html`<pre>${JSON.stringify(value, null, 2)}</pre>`
}
