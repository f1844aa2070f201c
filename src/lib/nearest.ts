/** The number of single-character edits that turn one string into the other (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] as number) + (a[row - 1] === b[column - 1] ? 0 : 1)
      const insertion = (current[column - 1] as number) + 1
      const deletion = (previous[column] as number) + 1
      current.push(Math.min(substitution, insertion, deletion))
    }
    previous = current
  }
  return previous[b.length] as number
}

// The work grows with the product of both lengths, and the text may come from a stranger.
const LONGEST_COMPARED = 256

/** The candidate with the fewest edits from the text (of their first 256 characters), or undefined where there is none. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  const clipped = text.slice(0, LONGEST_COMPARED)
  let best: { candidate: string; distance: number } | undefined
  for (const candidate of candidates) {
    const distance = editDistance(clipped, candidate.slice(0, LONGEST_COMPARED))
    if (best === undefined || distance < best.distance) best = { candidate, distance }
  }
  return best?.candidate
}

/** The index of the first character in which two strings differ, or undefined where they are equal. */
export function firstDifference(a: string, b: string): number | undefined {
  const longest = Math.max(a.length, b.length)
  for (let index = 0; index < longest; index++) if (a[index] !== b[index]) return index
  return undefined
}
