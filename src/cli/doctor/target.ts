import type { Clock } from '../../lib/clock.ts'
import type { Finding } from './finding.ts'
import type { Answer, Probe } from './probe.ts'

/** The deployment that is examined. */
export interface Target {
  /** The address that was given, without a slash at its end. */
  url: string
  origin: string
  /** The path of the address: empty, or such as /tenant. */
  path: string
  probe: Probe
  clock: Clock
  /** The client to try authorizations with, where one was given. */
  client: { clientId: string; redirectUri: string } | undefined
  /** The metadata as it came, and what stands in it. */
  document: Answer
  metadata: Readonly<Record<string, unknown>>
}

/** Looks at one thing, or a few that belong together. */
export type Check = (target: Target) => Promise<readonly Finding[]>

export const WELL_KNOWN = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'] as const

/** An endpoint as the server has it, at the address that was given: its metadata may be what is wrong. */
export function at(target: Pick<Target, 'url'>, path: string, query: Readonly<Record<string, string>> = {}): string {
  const text = new URLSearchParams(query).toString()
  return `${target.url}${path}${text === '' ? '' : `?${text}`}`
}

/** A client that is surely not registered, to see how strangers are treated. */
export const NOBODY = 'latchkey-doctor-is-not-registered'
