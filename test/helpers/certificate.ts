import { generateKeyPairSync, sign } from 'node:crypto'

/**
 * A self-signed certificate for a host name, PEM, made when the tests run so that none lies about. Only what X.509 asks
 * for (RFC 5280 §4.1) and the host name (§4.2.1.6).
 *
 * @param until when it ends, as YYMMDDhhmmssZ
 */
export function makeCertificate(hostname: string, until = '491231235959Z'): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(Buffer.from('06082a8648ce3d040302', 'hex'))
  const name = sequence(tagged(0x31, sequence(Buffer.from('0603550403', 'hex'), tagged(0x0c, Buffer.from(hostname)))))
  const validity = sequence(utcTime('200101000000Z'), utcTime(until))
  const names = sequence(tagged(0x82, Buffer.from(hostname)))
  const extensions = tagged(0xa3, sequence(sequence(Buffer.from('0603551d11', 'hex'), tagged(0x04, names))))
  const body = sequence(
    tagged(0xa0, Buffer.from('020102', 'hex')),
    Buffer.from('020101', 'hex'),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    extensions,
  )
  const signature = tagged(0x03, Buffer.concat([Buffer.of(0), sign('sha256', body, privateKey)]))
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    cert: pem(sequence(body, ecdsaWithSha256, signature)),
  }
}

/** A DER value: tag, length, content (X.690 §8.1). */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...size), content])
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function utcTime(text: string): Buffer {
  return tagged(0x17, Buffer.from(text))
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
