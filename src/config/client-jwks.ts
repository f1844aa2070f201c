import { isRecord } from '../lib/json-object.ts'
import { type PublicKey, readPublicKey } from '../oauth/public-key.ts'
import { Problems, quoted } from './problem.ts'

/** The public keys of a client: a JWKS (RFC 7517 §5). The lines name a key by its place and kid and repeat none of it. */
export function jwks(value: unknown): readonly PublicKey[] {
  if (!isRecord(value) || !Array.isArray(value.keys)) throw new Problems('must be a JWKS: {"keys":[...]}')
  if (value.keys.length === 0) throw new Problems('must have at least one key')
  const lines: string[] = []
  const keys = value.keys.flatMap((entry: unknown, index) => {
    const read = readPublicKey(entry)
    if ('key' in read) return [read.key]
    const kid = isRecord(entry) && typeof entry.kid === 'string' ? ` (kid ${quoted(entry.kid)})` : ''
    lines.push(`keys[${index}]${kid} ${read.problem}`)
    return []
  })
  const kids = keys.map(({ kid }) => kid).filter((kid) => kid !== undefined)
  const twice = kids.find((kid, index) => kids.indexOf(kid) !== index)
  if (twice !== undefined) lines.push(`has the kid ${quoted(twice)} twice`)
  if (lines.length > 0) throw new Problems(...lines)
  return keys
}
