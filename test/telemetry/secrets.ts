/** The secrets of a run, by what they are. */
export class Secrets {
  private readonly texts = new Map<string, string>()

  /** Notes a secret; texts too short to be one, and what is known already, are left out. */
  keep(what: string, text: unknown): void {
    if (typeof text === 'string' && text.length >= SHORTEST && !this.texts.has(text)) this.texts.set(text, what)
  }

  /** What was noted. */
  all(): ReadonlyMap<string, string> {
    return this.texts
  }

  /** What of it is in the text: whole, encoded, or its beginning; as sentences. */
  foundIn(text: string): string[] {
    return [...this.texts].flatMap(([secret, what]) =>
      [...new Set(pieces(secret).flatMap(spellings))]
        .filter((spelling) => text.includes(spelling))
        .map((spelling) => `${what} as ${JSON.stringify(spelling)}`),
    )
  }
}

const SHORTEST = 12
/** The letters of a secret that nobody may find. */
const TELLING = 12

/** The secret and its parts: a handle and a JWT are several texts in one, of which each may be cut out by itself. */
function pieces(secret: string): string[] {
  // The id of a handle names a record and proves nothing: the log shows it on purpose, without the word before it.
  const isHandle = /^(?:lk[a-z]_|urn:)/.test(secret)
  const parts = secret.split('.').filter((part, index) => part.length >= SHORTEST && !(isHandle && index === 0))
  const prefix = isHandle ? [] : [secret.slice(0, TELLING)]
  return [secret, ...prefix, ...parts, ...parts.map((part) => part.slice(0, TELLING))]
}

function spellings(text: string): string[] {
  const bytes = Buffer.from(text)
  const form = new URLSearchParams({ '': text }).toString().slice(1)
  return [
    text,
    encodeURIComponent(text),
    form,
    JSON.stringify(text).slice(1, -1),
    bytes.toString('hex'),
    // The last letters depend on what follows.
    ...[bytes.toString('base64'), bytes.toString('base64url')].map((encoded) =>
      encoded.replace(/=*$/, '').slice(0, -1),
    ),
  ]
}
