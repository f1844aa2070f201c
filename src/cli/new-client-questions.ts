import { shortText } from '../config/members.ts'
import { Problems } from '../config/problem.ts'
import { isNativeRedirect, redirectUriProblem } from '../oauth/redirect-uri.ts'
import { usageError } from './exit.ts'
import type { Io } from './io.ts'
import { isInteractive, openPrompt, type Prompt } from './prompt.ts'

/** What of a new client came from its options. */
interface Given {
  name: string | undefined
  redirectUris: readonly string[] | undefined
  authMethod: string | undefined
}

/** What must be known of a new client. */
export interface Answers {
  name: string
  redirectUris: readonly string[]
  /** Undefined: the usual one. */
  authMethod: string | undefined
}

/**
 * What was given, and what a person at a terminal answers to the rest.
 *
 * @param needs.redirects whether the client needs a redirect URI
 * @throws CliError naming every option that is missing where nobody is there to ask
 */
export async function completeAnswers(given: Given, needs: { redirects: boolean }, io: Io): Promise<Answers> {
  const { name, authMethod } = given
  const redirectUris = given.redirectUris ?? (needs.redirects ? undefined : [])
  if (name !== undefined && redirectUris !== undefined) return { name, redirectUris, authMethod }
  if (!isInteractive(io)) {
    const missing = [
      ...(name === undefined ? ['--name'] : []),
      ...(redirectUris === undefined ? ['--redirect-uri'] : []),
    ]
    throw usageError(`${missing.join(' and ')} must be given. See latchkey client new --help`)
  }
  const prompt = openPrompt(io)
  try {
    const answers = {
      name: name ?? (await untilRight(prompt, 'Name, as people see it on the consent page:', nameProblem, io)),
      redirectUris: redirectUris ?? (await askRedirectUris(prompt, io)),
    }
    return { ...answers, authMethod: authMethod ?? (await askAuthMethod(prompt, answers.redirectUris)) }
  } finally {
    prompt.close()
  }
}

async function askRedirectUris(prompt: Prompt, io: Io): Promise<string[]> {
  const uris = [await untilRight(prompt, 'Redirect URI:', redirectUriProblem, io)]
  for (;;) {
    const orNothing = (text: string) => (text === '' ? undefined : redirectUriProblem(text))
    const next = await untilRight(prompt, 'Another redirect URI (empty: none):', orNothing, io)
    if (next === '') return uris
    uris.push(next)
  }
}

/** Asked only where the redirect URIs leave it open. */
async function askAuthMethod(prompt: Prompt, redirectUris: readonly string[]): Promise<string | undefined> {
  if (redirectUris.length > 0 && redirectUris.every(isNativeRedirect)) return undefined
  const answer = await prompt.ask('Does it run on a server, where it can keep a secret? [Y/n]')
  return /^n/i.test(answer) ? 'none' : undefined
}

async function untilRight(
  prompt: Prompt,
  question: string,
  problemOf: (answer: string) => string | undefined,
  io: Io,
): Promise<string> {
  for (;;) {
    const answer = await prompt.ask(question)
    const problem = problemOf(answer)
    if (problem === undefined) return answer
    io.err(`  That ${problem}.\n`)
  }
}

function nameProblem(name: string): string | undefined {
  try {
    shortText(name)
    return undefined
  } catch (error) {
    if (!(error instanceof Problems)) throw error
    return error.lines.join('; ')
  }
}
