import { type SigningAlgorithm, signingAlgorithms } from '../oauth/signing-algorithm.ts'
import { suggestion } from './arguments.ts'
import { usageError } from './exit.ts'

/** The option that names an algorithm. */
export function algOption(fallback: string) {
  const summary = `${signingAlgorithms.join(', ')}; ${fallback} where it is left out`
  return { type: 'string', value: 'algorithm', summary } as const
}

/** @throws CliError where tokens cannot be signed by that algorithm */
export function readAlg(name: string): SigningAlgorithm {
  const known = signingAlgorithms.find((alg) => alg === name)
  if (known !== undefined) return known
  const meant = suggestion(name.toUpperCase(), signingAlgorithms)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  throw usageError(`--alg must be one of ${signingAlgorithms.join(', ')}${hint}`)
}

/** A name that is safe to print, to copy and to put in a URL. */
export function readKid(kid: string): string {
  if (/^[A-Za-z0-9._~-]{1,128}$/.test(kid)) return kid
  throw usageError('--kid must be 1 to 128 letters, digits and . _ ~ -')
}
