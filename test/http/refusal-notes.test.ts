import { EventEmitter } from 'node:events'
import type { Response } from 'express'
import { createRefusalNotes } from '../../src/http/refusal-notes.ts'
import { OAuthError } from '../../src/oauth/errors.ts'
import type { Refusal } from '../../src/store/refusals.ts'
import { createTestClock } from '../helpers/clock.ts'
import { onBothStores, type TestServer, testServer } from '../helpers/server.ts'

const ERROR = new OAuthError('invalid_request', 'no', { cause: 'missing-parameter' })

onBothStores('a refused request', (store) => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer({ store })
  })
  afterAll(() => server.close())

  it('is kept under its error id with the facts of its audit event', async () => {
    const answer = await server.browser().begin(server.request({ redirect_uri: 'https://app.example/callbac?code=x' }))
    const id = answer.headers['latchkey-error-id'] as string
    const line = server.logs().find(({ error_id }) => error_id === id)
    const kept = await eventually(() => server.deps.store.refusals.find(id))
    expect(kept).toEqual({
      errorId: id,
      at: server.clock.now(),
      error: 'invalid_request',
      status: 400,
      cause: 'unregistered-redirect-uri',
      description: line?.description,
      facts: {
        endpoint: 'GET /oauth/authorize',
        client_id: 'app',
        redirect_uri: 'https://app.example/callbac',
        nearest_registered: 'https://app.example/callback',
      },
    })
    expect(line).toMatchObject(kept?.facts ?? {})
  })

  it('names its endpoint by the pattern of the path, so that no id is in it', async () => {
    const answer = await server.browser().get('/interaction/aaaaaaaaaaaaaaaaaaaaaa')
    const kept = await eventually(() => server.deps.store.refusals.find(answer.headers['latchkey-error-id'] as string))
    expect(kept?.facts.endpoint).toBe('GET /interaction/:id')
  })
})

describe('a note of a refusal', () => {
  const notes = (note: (refusal: Refusal) => Promise<void>) => {
    const clock = createTestClock()
    const write = createRefusalNotes({ refusals: { note, find: async () => undefined }, clock })
    const refuse = (about = {}, id = '000000000000') => {
      const answer = new EventEmitter()
      write(answer as Response, id, ERROR, about)
      return answer
    }
    return { clock, refuse }
  }

  it('is written when the answer is out, and not before', () => {
    const seen: Refusal[] = []
    const { refuse } = notes(async (refusal) => void seen.push(refusal))
    const answer = refuse()
    expect(seen).toEqual([])
    answer.emit('close')
    expect(seen).toHaveLength(1)
  })

  it('that cannot be written is let go without a word', async () => {
    const { refuse } = notes(() => Promise.reject(new Error('away')))
    refuse().emit('close')
    await new Promise((resolve) => setImmediate(resolve))
  })

  it('has no member that the log would hide, no nested one, and nothing long', () => {
    const seen: Refusal[] = []
    const { refuse } = notes(async (refusal) => void seen.push(refusal))
    const about = {
      password: 'hunter2',
      code: 'c',
      deep: { code: 'c' },
      requested: ['read', 'write'],
      long: 'x'.repeat(5000),
      n: 1,
    }
    refuse(about).emit('close')
    expect(seen[0]?.facts).toEqual({ requested: 'read write', long: `${'x'.repeat(300)}…`, n: '1' })
  })

  it('is one of fifty in a second; the next second has as many again', () => {
    let count = 0
    const { refuse, clock } = notes(async () => void count++)
    for (let time = 0; time < 120; time++) refuse().emit('close')
    expect(count).toBe(50)
    clock.advance({ seconds: 1 })
    for (let time = 0; time < 120; time++) refuse().emit('close')
    expect(count).toBe(100)
  })
})

/** The value once there is one: it is written behind the answer. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let turn = 0; turn < 6000; turn++) {
    const value = await look()
    if (value !== undefined) return value
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return undefined
}
