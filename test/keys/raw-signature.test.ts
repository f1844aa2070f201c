import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { rawSignature } from '../../src/keys/raw-signature.ts'

const bytes = (...parts: Array<number | number[]>) => Uint8Array.from(parts.flat())
const times = (count: number, byte: number) => Array<number>(count).fill(byte)

describe('a raw ECDSA signature', () => {
  it('has both numbers in 32 bytes each', () => {
    const der = bytes(0x30, 68, 2, 32, times(32, 0x11), 2, 32, times(32, 0x22))
    expect(rawSignature(der)).toEqual(bytes(times(32, 0x11), times(32, 0x22)))
  })

  it('has none of the zeros that keep a number from being negative', () => {
    const der = bytes(0x30, 70, 2, 33, 0, times(32, 0xff), 2, 33, 0, times(32, 0x80))
    expect(rawSignature(der)).toEqual(bytes(times(32, 0xff), times(32, 0x80)))
  })

  it('has zeros before numbers that are short', () => {
    const der = bytes(0x30, 37, 2, 1, 7, 2, 32, 0, times(31, 0x99))
    expect(rawSignature(der)).toEqual(bytes(times(31, 0), 7, 0, times(31, 0x99)))
  })

  it('is what others verify, however long its numbers are', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const lengths = new Set<number>()
    // One number in 256 has a byte less.
    for (let index = 0; index < 2000; index++) {
      const message = Buffer.from(`message ${index}`)
      const der = sign('sha256', message, privateKey)
      lengths.add(der.length)
      const raw = rawSignature(der)
      if (!verify('sha256', message, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw))
        throw new Error(`${der.toString('hex')}`)
    }
    expect(lengths.size).toBeGreaterThan(2)
  })
})
