import { readDpopJkt, withProvenKey } from '../../src/oauth/dpop-params.ts'
import { pkcePair } from '../helpers/pkce.ts'
import { refusal } from './refusal.ts'

const JKT = pkcePair().challenge

it('reads the key that a code is to be bound to (RFC 9449 §10)', () => {
  expect(readDpopJkt({ dpop_jkt: JKT })).toEqual({ dpopJkt: JKT })
  expect(readDpopJkt({})).toEqual({})
})

it.each([
  ['too short', JKT.slice(1)],
  ['too long', `${JKT}A`],
  ['padded', `${JKT}=`],
  ['standard base64', `${'+'.repeat(42)}A`],
  ['more than 256 bits', `${'A'.repeat(42)}B`],
  ['no text at all', ' '.repeat(43)],
])('refuses a thumbprint that is %s', (_what, dpop_jkt) => {
  expect(refusal(() => readDpopJkt({ dpop_jkt }))).toMatchObject({
    code: 'invalid_request',
    cause: 'malformed-dpop-jkt',
  })
})

it('takes the proof of a pushed request for its dpop_jkt, and refuses two different keys (§10.1)', () => {
  expect(withProvenKey({ state: 'x' }, JKT)).toEqual({ state: 'x', dpop_jkt: JKT })
  expect(withProvenKey({ dpop_jkt: JKT }, JKT)).toEqual({ dpop_jkt: JKT })
  expect(withProvenKey({ dpop_jkt: JKT }, undefined)).toEqual({ dpop_jkt: JKT })
  const other = refusal(() => withProvenKey({ dpop_jkt: JKT }, pkcePair().challenge))
  expect(other).toMatchObject({ code: 'invalid_request', cause: 'dpop-jkt-differs' })
})
