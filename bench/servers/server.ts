import type { RunningProgram } from './program.ts'

/** latchkey, its two floors, and a server of the same kind. */
export const serverNames = ['latchkey', 'express-floor', 'node-floor', 'oidc-provider'] as const

export type ServerName = (typeof serverNames)[number]

/** A server in a process of its own, with a browser that is signed in there and whose person has consented. */
export interface BenchServer {
  name: ServerName
  url: string
  paths: { authorize: string; token: string; introspect: string; metadata: string; jwks: string }
  /** The cookies of that browser. */
  cookie: string
  process: RunningProgram
}
