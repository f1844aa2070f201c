import { execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hashPassword } from '../../src/identity/password-hash.ts'
import { freePort } from '../../test/helpers/free-port.ts'
import { UNREACHED_LIMITS } from '../../test/helpers/unreached-limits.ts'
import type { SizingClient } from './visitor.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const READY_WITHIN = 30_000
export const PASSWORD = 'a password of ordinary length'

/** The built server as a process of its own, in production mode. */
export interface SizingServer {
  base: string
  pid: number
  clients: readonly SizingClient[]
  usernames: readonly string[]
  stop(): Promise<void>
}

/** Starts `dist/main.js` on that Redis, with so many clients and users, whose names are of ordinary length. */
export async function startSizingServer(
  redisUrl: string,
  counts: { clients: number; users: number },
): Promise<SizingServer> {
  const clients = Array.from({ length: counts.clients }, (_, index) => ({
    id: `partner-invoices-${index}`,
    secret: randomBytes(32).toString('base64url'),
    redirectUri: `https://app.partner-${index}.example.com/oauth/callback`,
    scope: 'openid profile email invoices.read invoices.write',
  }))
  const password_hash = await hashPassword(PASSWORD)
  const users = Array.from({ length: counts.users }, (_, index) => ({
    sub: uuid(index),
    username: `person-${index}@example.com`,
    name: `Person ${index}`,
    email: `person-${index}@example.com`,
    password_hash,
  }))
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-sizing-'))
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const keys = execFileSync(process.execPath, [join(ROOT, 'dist/cli/latchkey.js'), 'keys', 'generate'])
  const env = {
    PATH: process.env.PATH,
    RATE_LIMITS: UNREACHED_LIMITS,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: `${port}`,
    ISSUER: base,
    REDIS_URL: redisUrl,
    SECRET_KEYS: randomBytes(32).toString('base64url'),
    SIGNING_KEYS: keys.toString(),
    SCOPES: JSON.stringify({ 'invoices.read': 'Read your invoices', 'invoices.write': 'Change your invoices' }),
    CLIENTS: JSON.stringify(clients.map(registration)),
    USERS_FILE: join(folder, 'users.json'),
  }
  // More than fits into the environment of a process.
  writeFileSync(env.USERS_FILE, JSON.stringify(users))
  const child = spawn(process.execPath, [join(ROOT, 'dist/main.js')], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const stop = async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit')
    rmSync(folder, { recursive: true })
  }
  await answers(`${base}/readyz`)
  return { base, pid: child.pid as number, clients, usernames: users.map(({ username }) => username), stop }
}

function registration({ id, secret, redirectUri, scope }: SizingClient): object {
  return {
    client_id: id,
    client_name: `Invoices for ${id}`,
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    scope,
    client_secret: secret,
  }
}

/** The same UUID for the same number, so that two runs differ in nothing. */
function uuid(index: number): string {
  const hex = createHash('sha256').update(`${index}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

async function answers(url: string): Promise<void> {
  const last = performance.now() + READY_WITHIN
  for (;;) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
    if (performance.now() > last) throw new Error(`${url} does not answer`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** The CPU time that a process and its threads have used so far, in milliseconds. Reads /proc, so Linux only. */
export function cpuMilliseconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // proc(5): utime and stime are the 14th and the 15th field, in hundredths of a second; the second may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** Resident memory of a process in MB. Linux only. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round((Number(kilobytes) * 1024) / 1e6)
}
