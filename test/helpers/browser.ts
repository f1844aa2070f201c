import type { Express } from 'express'
import request from 'supertest'
import { type Form, readForm, readPressed } from './html.ts'
import type { AuthorizationRequest } from './request.ts'

/** What came back at the client's redirect URI. */
export interface ClientResponse {
  /** The whole address. */
  location: string
  code: string | undefined
  state: string | undefined
  iss: string | undefined
  error: string | undefined
  error_description: string | undefined
}

export interface Person {
  username: string
  password: string
}

/** A browser of one person, without JavaScript: keeps cookies, follows the server's own redirects, fills forms in. */
export interface Browser {
  get(path: string, headers?: Record<string, string>): Promise<request.Response>
  post(path: string, form: Record<string, string>, headers?: Record<string, string>): Promise<request.Response>
  /** Goes to the authorize endpoint and on to the first page, or to where the server sends it elsewhere. */
  begin(wanted: AuthorizationRequest): Promise<request.Response>
  /** Fills in the form of a page that has the named field or button, and follows the answer. */
  submit(page: request.Response, fields: Record<string, string>): Promise<request.Response>
  /**
   * Presses the button with that text, and follows the answer.
   *
   * @param changes what the person fills in before; undefined takes a tick away
   */
  press(page: request.Response, label: string, changes?: Record<string, string | undefined>): Promise<request.Response>
  /** The whole way to the client's redirect URI. */
  authorize(
    wanted: AuthorizationRequest,
    person?: { login?: Person; consent?: 'allow' | 'deny' },
  ): Promise<ClientResponse>
}

const MOST_REDIRECTS = 5

/** @param basePath the path of the issuer, such as /tenant */
export function createBrowser(app: Express, basePath = ''): Browser {
  const agent = request.agent(app)

  const follow = async (first: request.Response): Promise<request.Response> => {
    let response = first
    for (let hop = 0; hop < MOST_REDIRECTS; hop++) {
      const location = response.headers.location
      if (location === undefined || !location.startsWith('/')) return response
      response = await agent.get(location)
    }
    throw new Error('the server redirects in circles')
  }

  const browser: Browser = {
    get: (path, headers = {}) => agent.get(path).set(headers),
    post: (path, form, headers = {}) => agent.post(path).set(headers).type('form').send(form),
    begin: async (wanted) => follow(await agent.get(`${basePath}/oauth/authorize?${wanted.query()}`)),
    async submit(page, fields) {
      const form = formWith(page, Object.keys(fields))
      return follow(
        await agent
          .post(form.action)
          .type('form')
          .send({ ...form.hidden, ...fields }),
      )
    },
    async press(page, label, changes = {}) {
      const pressed = readPressed(page.text, label)
      if (pressed === undefined) throw new Error(`no button ${label} on this page:\n${page.text}`)
      const { action, fields } = pressed
      const sent = Object.entries({ ...fields, ...changes }).filter(([, value]) => value !== undefined)
      return follow(await agent.post(action).type('form').send(Object.fromEntries(sent)))
    },
    async authorize(wanted, person = {}) {
      let response = await browser.begin(wanted)
      if (person.login !== undefined && response.text.includes('name="password"')) {
        const { username, password } = person.login
        response = await browser.submit(response, { username, password })
      }
      if (person.consent !== undefined && response.text.includes('name="answer"')) {
        response = await browser.submit(response, { answer: person.consent })
      }
      return clientResponse(response)
    },
  }
  return browser
}

/** Reads the redirect to the client; fails with the page where there was none. */
export function clientResponse(response: request.Response): ClientResponse {
  const location = response.headers.location
  if (location === undefined) throw new Error(`no redirect to the client, but ${response.status}: ${response.text}`)
  const query = new URL(location).searchParams
  const get = (name: string) => query.get(name) ?? undefined
  return {
    location,
    code: get('code'),
    state: get('state'),
    iss: get('iss'),
    error: get('error'),
    error_description: get('error_description'),
  }
}

function formWith(page: request.Response, names: readonly string[]): Form {
  const form = readForm(page.text, names)
  if (form === undefined) throw new Error(`no form with ${names.join(', ')} on this page:\n${page.text}`)
  return form
}
