import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const SRC = resolve(import.meta.dirname, '../../src')

/** Every source file but the rows themselves and the command line, which refuses no request. */
function sources(): Array<{ name: string; text: string }> {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('telemetry/') && !name.startsWith('cli/'))
    .map((name) => ({ name, text: readFileSync(join(SRC, name), 'utf8') }))
}

/** Everything that src gives as the cause of a refusal or an event, as it is spelled there. */
export function causesInSources(): Set<string> {
  const found = new Set<string>()
  for (const { name, text } of sources()) {
    for (const place of places(text)) for (const word of words(place)) found.add(word)
    if (name === 'oauth/pkce-doctor.ts') for (const word of diagnosesIn(text)) found.add(word)
    for (const [, template = ''] of text.matchAll(/\bcause: `([^`]+)`/g)) found.add(template.replace(/\$\{.*\}/, '*'))
    for (const args of argumentsOf('new OAuthError(', text)) {
      // Without a cause it is the code that stands in its place.
      if (!/\bcause\b/.test(args)) found.add(/^\s*'(\w+)'/.exec(args)?.[1] ?? 'computed')
    }
  }
  // `signed-in.ts` hands its code over in a variable.
  if (found.delete('computed')) for (const code of ['login_required', 'consent_required']) found.add(code)
  return found
}

/** The pieces of source in which every quoted word is a cause. */
function places(text: string): string[] {
  const pieces = [
    /\bcause: ([^,}\n]+)/g,
    /\bcause =([^\n]+)/g,
    /\b(?:refuse|invalidToken|invalidProof|unusableRequestUri|invalidClient)\(\s*([^,)]+)/g,
    /\bmalformed\('[^']+', ('[^']+')\)/g,
    /\bconst (?:CAUSES|causes)\b[^=]*= \{([^}]*)\}/g,
  ]
  return pieces.flatMap((piece) => [...text.matchAll(piece)].map(([, inside = '']) => inside))
}

function words(piece: string): string[] {
  // A key of a table is followed by a colon and is the name of something else.
  return [...piece.matchAll(/'([a-z][a-z0-9-]+)'(?!:)/g)].map(([, word = '']) => word)
}

/** What stands between the parentheses of each call. */
function argumentsOf(call: string, text: string): string[] {
  return text
    .split(call)
    .slice(1)
    .map((rest) => {
      let depth = 1
      const end = [...rest].findIndex((letter) => {
        depth += letter === '(' ? 1 : letter === ')' ? -1 : 0
        return depth === 0
      })
      return rest.slice(0, end)
    })
}

/** What the PKCE doctor answers with: of its quoted words those with a hyphen. */
function diagnosesIn(text: string): string[] {
  return [...text.matchAll(/'([a-z][a-z0-9]*(?:-[a-z0-9]+)+)'/g)].map(([, word = '']) => word)
}
