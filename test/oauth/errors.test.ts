import { OAuthError } from '../../src/oauth/errors.ts'

it('is a 400 whose cause is its code, unless told', () => {
  const error = new OAuthError('invalid_grant', 'the code is over')
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    name: 'OAuthError',
    message: 'invalid_grant: the code is over',
    code: 'invalid_grant',
    description: 'the code is over',
    status: 400,
    cause: 'invalid_grant',
    detail: {},
    headers: {},
    hints: [],
  })
})

it('carries what the log, the answer and the page need', () => {
  const extras = {
    status: 503,
    cause: 'store-out-of-reach',
    detail: { waited: 2 },
    headers: { 'Retry-After': '5' },
    hints: [{ label: 'Received', value: 'x' }],
  }
  expect(new OAuthError('temporarily_unavailable', 'try again', extras)).toMatchObject(extras)
})

it('keeps cause and detail out of its message, which may end up anywhere', () => {
  const { message } = new OAuthError('invalid_client', 'no', { cause: 'wrong-secret', detail: { client_id: 'app' } })
  expect(message).toBe('invalid_client: no')
})
