import { createLogger } from '../../src/telemetry/logger.ts'
import { createRequestScopes } from '../../src/telemetry/request-scope.ts'

const lines: string[] = []
const logger = createLogger(
  { level: 'info', requests: createRequestScopes() },
  { write: (line: string) => void lines.push(line) },
)
const written = (about: object) => {
  logger.info(about, 'a line')
  return JSON.parse(lines.pop() as string)
}

describe('a line of the log', () => {
  it('has no members with the names of secrets, nor have its members', () => {
    const about = { password: 'hidden', scope: ['code'], detail: { refresh_token: 'hidden', path: '/' } }
    expect(written(about)).toMatchObject({
      password: '[redacted]',
      scope: ['code'],
      detail: { refresh_token: '[redacted]', path: '/' },
    })
    expect(about.detail.refresh_token).toBe('hidden')
  })

  it('has none of those that an error carries, and tells the error', () => {
    const err = Object.assign(new Error('it broke'), { client_secret: 'hidden', code: 'ECONNREFUSED' })
    const line = written({ err })
    expect(line.err).toMatchObject({ message: 'it broke', client_secret: '[redacted]', code: '[redacted]' })
    expect(line.err.stack).toContain('it broke')
  })
})
