import { setTimeout as pause } from 'node:timers/promises'
import { alice, CLIENT_SECRET } from '../helpers/fixtures.ts'
import { type Answer, createRemoteBrowser } from '../helpers/http-client.ts'
import { pkcePair } from '../helpers/pkce.ts'
import { authorizationRequest } from '../helpers/request.ts'
import type { Fleet } from './fleet.ts'
import type { Tally } from './tally.ts'

/** What was handed out in a time of trouble, to be looked at once that is over. */
export interface Handed {
  /** Refresh tokens that must still be good. */
  good: string[]
  /** Redemptions that gave tokens, to be tried once more. */
  spent: Array<Record<string, string>>
  /** Refusals of what must have been good. */
  refusals: Answer[]
}

/** Somebody who is signed in, and a client that keeps to what docs/wire.md says about repeating requests. */
export interface Person {
  /** Signs in, again and again while that fails. */
  arrive(): Promise<void>
  /** Goes through one flow, and turns back where docs/wire.md says to begin again. */
  flow(kind: FlowKind): Promise<void>
  /** Refreshes until there is an answer. */
  refresh(token: string): Promise<string | undefined>
}

/**
 * plain: a code is redeemed once. insistent: again and again until there is an answer. thief: somebody presents the code after
 * its client, with a verifier of their own. late: the same redemption comes again when the trouble is over. race: it comes
 * twice at once.
 */
export const FLOW_KINDS = ['plain', 'insistent', 'thief', 'late', 'race'] as const
export type FlowKind = (typeof FLOW_KINDS)[number]

/** How long a request is repeated: less than the 30 seconds in which that is safe for a refresh. */
const REPEAT_WITHIN = 25_000
const BETWEEN_REPEATS = 150
const MOST_SIGN_INS = 100
/** Keeps clients and servers from taking each other's processor. */
const THINKING = 25
const REFRESHES = 2

class Interrupted extends Error {}

export function createPerson(fleet: Fleet, tally: () => Tally, handed: () => Handed): Person {
  const browser = createRemoteBrowser(fleet.client, '')
  const post = async (path: string, form: Record<string, string>) => {
    await pause(THINKING)
    const answer = await fleet.client.post(path, form)
    if (answer.status === 503) throw new Interrupted()
    return answer
  }
  const token = (form: Record<string, string>) => post('/oauth/token', form)
  const counts = () => tally().counts

  /** Sends again while there is no answer; undefined where there is none for too long. */
  const insist = async (form: Record<string, string>): Promise<{ answer: Answer; repeated: boolean } | undefined> => {
    const until = performance.now() + REPEAT_WITHIN
    for (let repeated = false; performance.now() < until; repeated = true) {
      const answer = await token(form).catch(() => undefined)
      if (answer !== undefined) return { answer, repeated }
      await pause(BETWEEN_REPEATS)
    }
    return undefined
  }

  const arrive = async () => {
    for (let attempt = 1; ; attempt++) {
      try {
        await browser.signIn(authorizationRequest(), alice)
        return
      } catch (error) {
        if (attempt === MOST_SIGN_INS) throw error
        await pause(BETWEEN_REPEATS)
      }
    }
  }

  const codeFor = async (wanted: ReturnType<typeof authorizationRequest>) => {
    const answer = await browser.get(`/oauth/authorize?${wanted.query()}`)
    const code = /[?&]code=([^&]+)/.exec(answer.headers.location ?? '')?.[1]
    if (code !== undefined) return code
    if (answer.status >= 500) throw new Interrupted()
    // Whoever was signed in is asked again: session or consent are gone.
    counts().lost++
    await arrive()
    throw new Interrupted()
  }

  const refresh = async (refresh_token: string): Promise<string | undefined> => {
    const told = await insist({ grant_type: 'refresh_token', client_id: 'app', refresh_token })
    if (told === undefined) return undefined
    if (told.answer.status === 200) return JSON.parse(told.answer.text).refresh_token
    handed().refusals.push(told.answer)
    return undefined
  }

  const race = async (form: Record<string, string>) => {
    const answers = await Promise.allSettled([token(form), token(form)])
    const won = answers.filter((answer) => answer.status === 'fulfilled' && answer.value.status === 200)
    if (won.length > 1) counts().doubleRedemptions++
    if (answers.every(({ status }) => status === 'rejected')) throw new Interrupted()
  }

  const redeem = async (kind: FlowKind, form: Record<string, string>): Promise<string | undefined> => {
    const told = kind === 'insistent' ? await insist(form) : { answer: await token(form), repeated: false }
    if (told === undefined) throw new Interrupted()
    const { answer, repeated } = told
    if (answer.status !== 200) {
      if (repeated) counts().failedSafe++
      else handed().refusals.push(answer)
      return undefined
    }
    const tokens = JSON.parse(answer.text)
    if (kind === 'late') {
      handed().spent.push(form)
      return undefined
    }
    if (kind === 'thief') {
      const stolen = await token({ ...form, code_verifier: pkcePair().verifier })
      if (stolen.status === 200) counts().doubleRedemptions++
      return undefined
    }
    const asked = await post('/oauth/introspect', {
      client_id: 'gateway',
      client_secret: CLIENT_SECRET,
      token: tokens.access_token,
    }).catch(() => undefined)
    if (asked !== undefined && !asked.text.includes('"active":true')) counts().lost++
    return tokens.refresh_token
  }

  return {
    arrive,
    refresh,
    async flow(kind) {
      try {
        const wanted = authorizationRequest()
        const form = wanted.redeem(await codeFor(wanted))
        if (kind === 'race') await race(form)
        else {
          let newest = await redeem(kind, form)
          for (let times = 0; newest !== undefined && times < REFRESHES; times++) newest = await refresh(newest)
          if (newest !== undefined) handed().good.push(newest)
        }
        counts().flows++
      } catch {
        // The tally has it; a person waits a moment and begins again.
        await pause(BETWEEN_REPEATS)
      }
    },
  }
}
