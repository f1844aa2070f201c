/**
 * Text of a stranger for a terminal: on one line, and without characters that would move the cursor, colour what follows or
 * turn its direction.
 */
export function plainText(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
}

/** An instant for people of any place: `2026-11-21 14:53:07 UTC`. */
export function utcText(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
