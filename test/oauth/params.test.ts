import { missing, readParams, requireParam } from '../../src/oauth/params.ts'
import { refusal } from './refusal.ts'

describe('readParams', () => {
  it.each<[string, Record<string, string>]>([
    ['', {}],
    ['&', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&&b=2&', { a: '1', b: '2' }],
    ['a=x+y', { a: 'x y' }],
    ['a=x%2By', { a: 'x+y' }],
    ['a=x=y==', { a: 'x=y==' }],
    ['a=1;b=2', { a: '1;b=2' }],
    ['a%20b=1', { 'a b': '1' }],
    ['A=1&a=2', { A: '1', a: '2' }],
    ['a[]=1&a[b]=2', { 'a[]': '1', 'a[b]': '2' }],
    ['a.b=1', { 'a.b': '1' }],
    ['state=%C3%A9%F0%9F%94%91', { state: 'é🔑' }],
    ['%61=1', { a: '1' }],
    ['?a=1', { '?a': '1' }],
    ['resource=urn:a&resource=urn:b', { resource: 'urn:a urn:b' }],
    ['resource=urn:a&b=1&resource=&resource=urn:a', { resource: 'urn:a urn:a', b: '1' }],
  ])('reads %j', (text, expected) => {
    expect({ ...readParams(text) }).toEqual(expected)
  })

  it.each(['a=', 'a', 'a=&b='])('takes the empty parameters of %j as absent (RFC 6749 §3.1)', (text) => {
    expect(Object.keys(readParams(text))).toEqual([])
  })

  it.each([
    ['a=1&a=2', 'two values'],
    ['a=1&a=1', 'the same value twice'],
    ['a=&a=1', 'an empty one first'],
    ['Resource=a&Resource=b', 'a name that is almost resource'],
    ['a=1&a', 'an empty one last'],
    ['a=1&b=2&a=3', 'another between them'],
    ['a=1&%61=2', 'another spelling of the name'],
    ['__proto__=1&__proto__=2', 'a name that objects inherit'],
  ])('refuses %s: %s (RFC 6749 §3.1, §3.2)', (text) => {
    expect(refusal(() => readParams(text))).toMatchObject({
      code: 'invalid_request',
      status: 400,
      cause: 'repeated-parameter',
      description: expect.stringContaining('more than once'),
    })
  })

  it('names the repeated parameter', () => {
    expect(refusal(() => readParams('client_id=a&client_id=b')).description).toBe(
      'parameter client_id is given more than once',
    )
  })

  it('takes __proto__ and constructor as the names of ordinary parameters', () => {
    const params = readParams('__proto__=x&constructor=y')
    expect(Object.getPrototypeOf(params)).toBeNull()
    expect(Object.entries(params)).toContainEqual(['__proto__', 'x'])
    expect(params.constructor).toBe('y')
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('has nothing that was not sent', () => {
    const params = readParams('a=1')
    for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) expect(params[name]).toBeUndefined()
  })

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readParams('a=1'))).toBe(true)
  })

  it.each([
    ['a=%', 'malformed percent-encoding in a'],
    ['a=%zz', 'malformed percent-encoding in a'],
    ['a=%E9', 'malformed percent-encoding in a'],
    ['a=%C0%80', 'malformed percent-encoding in a'],
    ['%=1', 'malformed percent-encoding in a parameter name'],
    ['%ff=1', 'malformed percent-encoding in a parameter name'],
  ])('refuses %s, whose encoding is broken', (text, description) => {
    expect(refusal(() => readParams(text))).toMatchObject({
      code: 'invalid_request',
      cause: 'malformed-encoding',
      description,
    })
  })

  it.each(['a=%00', 'a=x%00y', 'a%00=1', 'a=%1B', 'a=%7F', 'a=%C2%80', 'a=\0', 'a=%0B', 'a=%08'])(
    'refuses %j, which holds control characters',
    (text) => {
      expect(refusal(() => readParams(text))).toMatchObject({ code: 'invalid_request', cause: 'control-characters' })
    },
  )

  it('lets line ends and tabs pass, since a verifier with a newline deserves its own diagnosis', () => {
    expect(readParams('a=%0D%0A%09').a).toBe('\r\n\t')
  })

  it('takes 64 parameters and no more, whatever they hold', () => {
    const pairs = (count: number) => Array.from({ length: count }, (_, index) => `p${index}=`).join('&')
    expect(() => readParams(pairs(64))).not.toThrow()
    expect(refusal(() => readParams(pairs(65)))).toMatchObject({
      code: 'invalid_request',
      cause: 'too-many-parameters',
      description: 'more than 64 parameters',
    })
  })

  it.each([
    ['a%22b', 'a?b'],
    ['a%5Cb', 'a?b'],
    ['a%0Ab', 'a?b'],
    ['%C3%A9', '?'],
    ['%3Cscript%3E', '<script>'],
    ['x'.repeat(300), 'x'.repeat(64)],
  ])('repeats the name %s in a description within the characters and length allowed (RFC 6749 §5.2)', (name, shown) => {
    const { description } = refusal(() => readParams(`${name}=1&${name}=2`))
    expect(description).toBe(`parameter ${shown} is given more than once`)
  })

  it('never repeats a value, which may be a secret', () => {
    const texts = ['client_secret=hunter2&client_secret=hunter2', 'client_secret=hunter2%', 'client_secret=hunter2%00']
    for (const text of texts) {
      const { message, detail } = refusal(() => readParams(text))
      expect(message + JSON.stringify(detail)).not.toContain('hunter2')
    }
  })
})

describe('requireParam', () => {
  it('gives the value', () => {
    expect(requireParam(readParams('code=x'), 'code')).toBe('x')
  })

  it.each(['', 'code=', 'Code=x', 'code_=x'])('names what is missing in %j', (text) => {
    expect(refusal(() => requireParam(readParams(text), 'code'))).toMatchObject({
      code: 'invalid_request',
      description: 'missing parameter: code',
    })
  })

  it('does not take a name that objects inherit as given', () => {
    expect(() => requireParam(readParams('a=1'), 'toString')).toThrow('missing parameter: toString')
  })
})

it('names all missing parameters at once', () => {
  expect(missing(['code', 'code_verifier'])).toMatchObject({
    code: 'invalid_request',
    description: 'missing parameters: code, code_verifier',
    cause: 'missing-parameter',
  })
})
