import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A certificate for Redis servers on 127.0.0.1, made when the tests run. It is its own authority. */
export interface RedisTls {
  /** The certificate, PEM. */
  ca: string
  /** Settings of each Redis, also for what it asks others. */
  settings: readonly string[]
  /** What redis-cli needs before its command. */
  cli: readonly string[]
  remove(): Promise<void>
}

export async function createRedisTls(): Promise<RedisTls> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-tls-'))
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')]
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', key, '-out', cert],
  ])
  return {
    ca: await readFile(cert, 'utf8'),
    settings: [
      ...['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert, '--tls-auth-clients', 'no'],
      ...['--tls-replication', 'yes', '--tls-cluster', 'yes'],
    ],
    cli: ['--tls', '--cacert', cert],
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
