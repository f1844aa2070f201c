const LONGEST_TAG = 35

/** Whether the text has the form of a language tag (RFC 5646 §2.1), of 35 characters at most (§4.4.1). */
export function isLanguageTag(text: string): boolean {
  return text.length <= LONGEST_TAG && /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(text)
}

/**
 * The one of the given tags that a person who asks for a language gets: that one, or the nearest that says less, so that fr-CA
 * leads to fr (RFC 4647 §3.4). Undefined where there is none.
 */
export function lookUp(wanted: string, tags: readonly string[]): string | undefined {
  if (!isLanguageTag(wanted)) return undefined
  const subtags = wanted.toLowerCase().split('-')
  while (subtags.length > 0) {
    const range = subtags.join('-')
    const found = tags.find((tag) => tag.toLowerCase() === range)
    if (found !== undefined) return found
    subtags.pop()
    // A single letter begins an extension, and says nothing alone.
    if (subtags.length > 1 && subtags.at(-1)?.length === 1) subtags.pop()
  }
  return undefined
}
