import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { auditEvents } from '../../src/telemetry/events.ts'
import { eventsPage } from '../../src/telemetry/events-page.ts'
import { type TestServer, testServer } from '../helpers/server.ts'

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'audit-events.md')

describe('audit events', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await testServer()
  })
  afterAll(() => server.close())

  it('docs/audit-events.md is what the table of events makes', () => {
    expect(readFileSync(PAGE, 'utf8')).toBe(eventsPage())
  })

  it('every line of a flow carries exactly the members its row names', async () => {
    const wanted = server.request()
    const code = await server.code(wanted)
    await server.token(wanted.redeem(code))
    const lines = server.events()
    expect(lines.map(({ audit }) => audit)).toEqual([
      'sign_in.succeeded',
      'consent.given',
      'code.issued',
      'code.redeemed',
      'access_token.issued',
    ])
    for (const { audit, level, time, msg, request_id, ...members } of lines) {
      const row = auditEvents[audit as keyof typeof auditEvents]
      const beside = audit === 'sign_in.succeeded' ? ['client_id'] : []
      expect(Object.keys(members).sort()).toEqual([...row.members, ...beside].sort())
      expect([level, msg]).toEqual(['info', row.doc])
      expect(request_id).toMatch(/^[0-9a-f]{12}$/)
      expect(time).toMatch(/^\d{4}-\d{2}-\d{2}T/)
    }
  })

  it('a refusal by redirect can be found by the id in its header, with the client it was', async () => {
    const answer = await server.browser().begin(server.request({ scope: 'admin' }))
    expect(answer.headers.location).toContain('error=invalid_scope')
    expect(server.logs().find(({ error_id }) => error_id === answer.headers['latchkey-error-id'])).toMatchObject({
      audit: 'request.refused',
      error: 'invalid_scope',
      cause: 'scope-not-allowed',
      client_id: 'app',
    })
  })
})
