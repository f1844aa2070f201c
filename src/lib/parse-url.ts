/**
 * The URL a text is, or undefined where it is none. Not URL.canParse: once Node 20 has compiled a call of it, it refuses
 * every text with Latin-1 letters beyond ASCII, such as https://münchen.example.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
