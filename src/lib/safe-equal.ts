import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Whether two strings are equal, in a time that tells nothing about where they differ.
 * Both are hashed first, so that their lengths do not show either.
 */
export function safeEqual(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
