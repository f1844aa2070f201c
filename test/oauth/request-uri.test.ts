import { randomBytes } from 'node:crypto'
import { createMac } from '../../src/lib/mac.ts'
import { readParams } from '../../src/oauth/params.ts'
import { isPushed, readRequestUri, writeRequestUri } from '../../src/oauth/request-uri.ts'

const secret = randomBytes(32).toString('base64url')
const mac = createMac([secret], 'pushed request')
const id = randomBytes(16).toString('base64url')
const uri = writeRequestUri(id, mac)

it('stands in the namespace of RFC 9126 §2.2 and leads back to its id', () => {
  expect(uri).toMatch(/^urn:ietf:params:oauth:request_uri:[\w-]{22}\.[\w-]{43}$/)
  expect(readRequestUri(uri, mac)).toBe(id)
})

it('is read under an older secret', () => {
  const newest = createMac([randomBytes(32).toString('base64url'), secret], 'pushed request')
  expect(readRequestUri(uri, newest)).toBe(id)
})

it.each([
  ['the id alone', uri.slice(0, uri.indexOf('.'))],
  ['another id with its proof', uri.replace(id, randomBytes(16).toString('base64url'))],
  ['a proof made for something else', writeRequestUri(id, createMac([secret], 'authorization code'))],
  ['another namespace', uri.replace('request_uri:', 'request-uri:')],
  ['another case', uri.replace('urn:', 'URN:')],
  ['more after it', `${uri}A`],
  ['a newline after it', `${uri}\n`],
  ['nothing', ''],
])('%s is not ours', (_what, forged) => {
  expect(readRequestUri(forged, mac)).toBeUndefined()
})

it('tells a reference to a pushed request, genuine or not, from an address to fetch', () => {
  const asked = (request_uri: string) => isPushed(readParams(new URLSearchParams({ request_uri }).toString()))
  expect(asked(uri)).toBe(true)
  expect(asked('urn:ietf:params:oauth:request_uri:x')).toBe(true)
  expect(asked('https://app.example/request.jwt')).toBe(false)
  expect(asked('')).toBe(false)
})
