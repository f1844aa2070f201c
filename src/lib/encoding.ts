const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes as a string, or undefined where they are not UTF-8. */
export function readUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * A percent-encoded text decoded as application/x-www-form-urlencoded (WHATWG URL §5.1: `+` is a space), or undefined
 * where a `%` is not followed by two hex digits or the bytes are not UTF-8. Stricter than the standard on purpose: a
 * lenient reading here and another one in a proxy is how two readers come to disagree.
 */
export function readPercentEncoded(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** Standard base64 (RFC 4648 §4, padding optional) as UTF-8 text, or undefined where it is malformed. */
export function readBase64Text(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || (text.endsWith('=') && text.length % 4 !== 0)) return undefined
  const bytes = Buffer.from(text, 'base64')
  const canonical = bytes.toString('base64').replace(/=+$/, '')
  return canonical === text.replace(/=+$/, '') ? readUtf8(bytes) : undefined
}

/** Whether the text is one canonical base64url spelling (RFC 4648 §5, no padding) of some bytes. */
export function isBase64Url(text: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(text) && Buffer.from(text, 'base64url').toString('base64url') === text
}
