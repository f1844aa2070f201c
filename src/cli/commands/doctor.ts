import { parseUrl } from '../../lib/parse-url.ts'
import { command, json } from '../command.ts'
import { examine } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'
import { examineRedis } from '../doctor/redis.ts'
import { EXIT, usageError } from '../exit.ts'
import { columns } from '../help.ts'
import type { Io } from '../io.ts'
import { plainText } from '../plain-text.ts'

const MARKS = { ok: 'ok', warning: 'WARNING', problem: 'PROBLEM' } as const

export const doctor = command({
  name: 'doctor',
  summary: 'examine a running deployment from outside',
  usage: `Fetches a deployment as its clients do, through every proxy, and judges what comes back: TLS,
clock, metadata and issuer, endpoints, keys, security headers, cookies, CORS, PKCE, what a proxy
changes, and what must not be public. Takes less than 30 seconds and sends nothing secret.

With a registered client it begins an authorization that nobody goes on with; without one, PKCE
and cookies cannot be checked. Its checks leave a few refusals in the log of the server.

Where the environment is that of the server and names its Redis, that is examined as well.

Exit code 1 means that there is a problem; warnings alone give 0.`,
  argument: 'URL',
  options: {
    'client-id': { type: 'string', value: 'client_id', summary: 'a client that is registered there' },
    'redirect-uri': { type: 'string', value: 'uri', summary: 'one of its redirect URIs' },
    json,
  },
  async run({ 'client-id': clientId, 'redirect-uri': redirectUri, json: asJson }, io, argument) {
    const url = readUrl(argument)
    if ((clientId === undefined) !== (redirectUri === undefined)) {
      throw usageError('--client-id and --redirect-uri go together')
    }
    const client = clientId === undefined || redirectUri === undefined ? undefined : { clientId, redirectUri }
    const findings = (await Promise.all([examine(url, client, io.clock), examineRedis(io)])).flat()
    const healthy = !findings.some(({ level }) => level === 'problem')
    if (asJson === true) io.out(`${JSON.stringify({ url: url.href, ok: healthy, findings }, null, 2)}\n`)
    else print(findings, io)
    return healthy ? EXIT.ok : EXIT.no
  },
})

function readUrl(text: string | undefined): URL {
  const url = text === undefined ? undefined : parseUrl(text)
  const clean = url !== undefined && url.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (url !== undefined && clean && /^https?:$/.test(url.protocol)) return url
  throw usageError('give the address of the deployment, such as https://auth.example. See latchkey doctor --help')
}

/** What is wrong comes last, where the eye is. */
function print(findings: readonly Finding[], io: Io): void {
  for (const level of ['ok', 'warning', 'problem'] as const) {
    const rows = findings
      .filter((finding) => finding.level === level)
      .map(({ name, message, advice }): [string, string] => [
        `${MARKS[level].padEnd(MARKS.problem.length)}  ${name}`,
        plainText(advice === undefined ? message : `${message}. ${advice}`),
      ])
    if (rows.length > 0) io.out(`${columns(rows).join('\n')}\n`)
  }
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length
  io.out(`\n${count('problem')} problems, ${count('warning')} warnings, ${count('ok')} ok\n`)
}
