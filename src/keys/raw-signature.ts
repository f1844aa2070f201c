/** Bytes of each of the two numbers, for P-256. */
const SIZE = 32

/**
 * An ECDSA signature under P-256 as a JWS has it (RFC 7518 §3.4): the two numbers, 32 bytes each.
 *
 * @param der as OpenSSL gives it (RFC 3279 §2.2.3): a sequence of two integers, each with its length before it, without
 * leading zeros but for one that keeps it from being negative
 */
export function rawSignature(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(2 * SIZE)
  // Three bytes stand before the length of the first: the sequence, its own length, and that an integer comes.
  const firstEnd = 4 + (der[3] as number)
  place(der.subarray(4, firstEnd), raw.subarray(0, SIZE))
  place(der.subarray(firstEnd + 2), raw.subarray(SIZE))
  return raw
}

/** Puts a number to the right end of its field. */
function place(number: Uint8Array, field: Uint8Array): void {
  const digits = number.length > SIZE ? number.subarray(number.length - SIZE) : number
  field.set(digits, SIZE - digits.length)
}
