import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { readForm } from './html.ts'
import type { AuthorizationRequest } from './request.ts'

/** An answer that came over the network. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** How long it took, in milliseconds. */
  took: number
}

/** Asks real processes, over connections that stay open. Follows no redirects. */
export interface HttpClient {
  /** @param token an access token to show */
  get(url: string, cookie?: string, token?: string): Promise<Answer>
  post(url: string, form: Record<string, string>, cookie?: string): Promise<Answer>
  /** Answers at once what the connections may still hold. */
  close(): void
}

/** @param connections how many it opens to one server at most; what is asked beyond that waits for a free one */
export function createHttpClient(connections = 50): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })

  const send = (method: string, url: string, headers: Record<string, string>, body?: string) =>
    new Promise<Answer>((resolve, reject) => {
      const begun = performance.now()
      const req = request(url, { method, agent, headers }, (res) => {
        let text = ''
        res.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        res.on('error', reject)
        res.on('end', () => {
          resolve({ status: res.statusCode ?? 0, headers: res.headers, text, took: performance.now() - begun })
        })
      })
      req.on('error', reject)
      req.end(body)
    })

  return {
    get(url, cookie, token) {
      const headers = {
        ...(cookie === undefined ? {} : { cookie }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      }
      return send('GET', url, headers)
    },
    post(url, form, cookie) {
      const body = new URLSearchParams(form).toString()
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': `${Buffer.byteLength(body)}`,
        ...(cookie === undefined ? {} : { cookie }),
      }
      return send('POST', url, headers, body)
    },
    close: () => agent.destroy(),
  }
}

/** A browser that talks to a real process: keeps cookies, fills in forms. */
export interface RemoteBrowser {
  /** Signs in and consents, and gives the code of the request. */
  signIn(wanted: AuthorizationRequest, person: { username: string; password: string }): Promise<string>
  /** The code for a request that needs no more questions. */
  code(wanted: AuthorizationRequest): Promise<string>
  /** The cookies as a browser sends them. */
  cookie(): string
  get(path: string): Promise<Answer>
  post(path: string, form: Record<string, string>): Promise<Answer>
}

export function createRemoteBrowser(client: HttpClient, server: string): RemoteBrowser {
  const jar = new Map<string, string>()
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const kept = (answer: Answer) => {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      jar.set(name, value)
    }
    return answer
  }
  const get = async (path: string) => kept(await client.get(server + path, cookie()))
  const post = async (path: string, form: Record<string, string>) =>
    kept(await client.post(server + path, form, cookie()))
  const submit = async (page: Answer, fields: Record<string, string>) => {
    const form = readForm(page.text, Object.keys(fields))
    if (form === undefined) throw new Error(`no such form here, but ${page.status}: ${page.text}`)
    return post(form.action, { ...form.hidden, ...fields })
  }
  const codeOf = ({ status, headers, text }: Answer) => {
    const code = /[?&]code=([^&]+)/.exec(headers.location ?? '')?.[1]
    if (code === undefined) throw new Error(`no code, but ${status} to ${headers.location}: ${text}`)
    return code
  }
  const begin = (wanted: AuthorizationRequest) => get(`/oauth/authorize?${wanted.query()}`)

  return {
    get,
    post,
    cookie,
    code: async (wanted) => codeOf(await begin(wanted)),
    async signIn(wanted, { username, password }) {
      const page = await get(String((await begin(wanted)).headers.location))
      const next = await get(String((await submit(page, { username, password })).headers.location))
      return codeOf(next.text.includes('name="answer"') ? await submit(next, { answer: 'allow' }) : next)
    },
  }
}
