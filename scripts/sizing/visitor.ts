import { createHash, randomBytes } from 'node:crypto'
import { readForm } from '../../test/helpers/html.ts'

/** A client of the server that is measured. */
export interface SizingClient {
  id: string
  secret: string
  redirectUri: string
  scope: string
}

export interface Tokens {
  access_token: string
  refresh_token: string
}

/** A browser without JavaScript and the clients it is sent to. */
export interface Visitor {
  /** Opens the authorize endpoint for a client, signs in and answers the consent page; the code is not redeemed. */
  signIn(client: SizingClient, username: string, password: string): Promise<void>
  /** Answers the consent page that is open, and redeems the code. */
  consent(client: SizingClient): Promise<Tokens>
  /** Opens the authorize endpoint, up to the first page or the client. */
  open(client: SizingClient): Promise<void>
  /** The whole way of somebody who is signed in and has allowed the client before. */
  comeBack(client: SizingClient): Promise<Tokens>
}

/** @param base the address of the server */
export function createVisitor(base: string): Visitor {
  const cookies = new Map<string, string>()
  let page = ''
  let answer = ''
  let verifier = ''

  const send = async (path: string, form?: Record<string, string>): Promise<void> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = form && { method: 'POST', body: new URLSearchParams(form) }
    const response = await fetch(new URL(path, base), {
      redirect: 'manual',
      headers: { cookie, origin: base },
      ...body,
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    page = await response.text()
    const location = response.headers.get('location')
    answer = location ?? ''
    if (response.status >= 400) throw new Error(`${path}: ${response.status} ${page}`)
    if (location !== null && new URL(location, base).origin === base) await send(location)
  }

  const submit = async (fields: Record<string, string>): Promise<void> => {
    const form = readForm(page, Object.keys(fields))
    if (form === undefined) throw new Error(`no form with ${Object.keys(fields)} on this page:\n${page}`)
    await send(form.action, { ...form.hidden, ...fields })
  }

  const redeem = (client: SizingClient): Promise<Tokens> => {
    const code = new URL(answer).searchParams.get('code')
    if (code === null) throw new Error(`no code: ${answer}`)
    const form = { grant_type: 'authorization_code', code, redirect_uri: client.redirectUri, code_verifier: verifier }
    return postAsClient(base, '/oauth/token', client, form) as Promise<Tokens>
  }

  const visitor: Visitor = {
    async open(client) {
      verifier = randomBytes(32).toString('base64url')
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: client.id,
        redirect_uri: client.redirectUri,
        scope: client.scope,
        state: randomBytes(16).toString('base64url'),
        nonce: randomBytes(16).toString('base64url'),
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      })
      await send(`/oauth/authorize?${query}`)
    },
    async signIn(client, username, password) {
      await visitor.open(client)
      await submit({ username, password })
    },
    async consent(client) {
      await submit({ answer: 'allow' })
      return redeem(client)
    },
    async comeBack(client) {
      await visitor.open(client)
      return redeem(client)
    },
  }
  return visitor
}

/** Posts a form with the client's secret in the header, and gives the JSON of the answer. Throws on any error. */
export async function postAsClient(
  base: string,
  path: string,
  client: SizingClient,
  form: Record<string, string>,
): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`
  const options = { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) }
  const response = await fetch(new URL(path, base), options)
  const text = await response.text()
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
  return JSON.parse(text)
}
