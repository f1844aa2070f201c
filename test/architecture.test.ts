import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

// The rules live in biome.json and biome/*.grit, and `npm run lint` applies them. Here each one is seen to refuse.
const root = resolve(import.meta.dirname, '..')

const layer = 'Imports run one way'
const unseen = 'so that the layer rules see it'
const express = 'may import express'
const time = 'injected Clock'
const chance = 'injected Random'

/** What the linter says about a line of a file. */
type Refusal = [file: string, source: string, complaint: string]

const refused: Refusal[] = [
  ['src/lib/a.ts', "import '../oauth/x.ts'", layer],
  ['src/oauth/a.ts', "import '../config/x.ts'", layer],
  ['src/oauth/a.ts', "import '../locale/x.ts'", layer],
  ['src/locale/a.ts', "import '../oauth/x.ts'", layer],
  ['src/locale/a.ts', "import '../config/x.ts'", layer],
  ['src/telemetry/a.ts', "import '../locale/x.ts'", layer],
  ['src/tokens/a.ts', "import '../locale/x.ts'", layer],
  ['src/oauth/a.ts', "import '../store/store.ts'", layer],
  ['src/oauth/a.ts', "import '../http/x.ts'", layer],
  ['src/config/a.ts', "import '../store/store.ts'", layer],
  ['src/config/a.ts', "import '../telemetry/x.ts'", layer],
  ['src/telemetry/a.ts', "import '../config/x.ts'", layer],
  ['src/store/a.ts', "import './memory/x.ts'", layer],
  ['src/store/a.ts', "import './redis/x.ts'", layer],
  ['src/store/a.ts', "import '../clients/x.ts'", layer],
  ['src/store/memory/a.ts', "import '../redis/x.ts'", layer],
  ['src/store/redis/a.ts', "import '../memory/x.ts'", layer],
  ['src/store/redis/a.ts', "import '../../clients/x.ts'", layer],
  ['src/store/redis/a.ts', "import '../../deps.ts'", layer],
  ['src/store/redis/scripts/a.ts', "import '../../memory/x.ts'", layer],
  ['src/clients/a.ts', "import '../keys/x.ts'", layer],
  ['src/clients/a.ts', "import '../store/redis/x.ts'", layer],
  ['src/keys/a.ts', "import '../session/x.ts'", layer],
  ['src/session/a.ts', "import '../identity/x.ts'", layer],
  ['src/identity/a.ts', "import '../clients/x.ts'", layer],
  ['src/identity/a.ts', "import '../app.ts'", layer],
  ['src/identity/upstream/a.ts', "import '../../tokens/x.ts'", layer],
  ['src/client-auth/a.ts', "import '../tokens/x.ts'", layer],
  ['src/tokens/a.ts', "import '../client-auth/x.ts'", layer],
  ['src/tokens/a.ts', "import '../grant-types/x.ts'", layer],
  ['src/dpop/a.ts', "import '../client-auth/x.ts'", layer],
  ['src/dpop/a.ts', "import '../tokens/x.ts'", layer],
  ['src/dpop/a.ts', "import '../http/x.ts'", layer],
  ['src/tokens/a.ts', "import '../dpop/x.ts'", layer],
  ['src/grant-types/a.ts', "import '../authorization/x.ts'", layer],
  ['src/authorization/a.ts', "import '../grant-types/x.ts'", layer],
  ['src/authorization/a.ts', "import '../http/x.ts'", layer],
  ['src/http/a.ts', "import '../endpoints/x.ts'", layer],
  ['src/http/a.ts', "import '../deps.ts'", layer],
  ['src/endpoints/a.ts', "import '../app.ts'", layer],
  ['src/endpoints/a.ts', "import '../store/memory/x.ts'", layer],
  ['src/app.ts', "import './main.ts'", layer],
  ['src/app.ts', "import './store/redis/x.ts'", layer],
  ['src/deps.ts', "import './app.ts'", layer],
  ['src/deps.ts', "import './cli/x.ts'", layer],
  ['src/deps.ts', "import './serve.ts'", layer],
  ['src/deps.ts', "import './process/x.ts'", layer],
  ['src/app.ts', "import './process/x.ts'", layer],
  ['src/http/a.ts', "import '../process/x.ts'", layer],
  ['src/process/a.ts', "import '../serve.ts'", layer],
  ['src/process/a.ts', "import '../cli/x.ts'", layer],
  ['src/process/a.ts', "import '../store/redis/x.ts'", layer],
  ['src/process/a.ts', "import type { Express } from 'express'", express],
  ['src/serve.ts', "import './cli/x.ts'", layer],

  // An endpoint never imports an endpoint.
  ['src/endpoints/a.ts', "import './token.ts'", layer],
  ['src/endpoints/a.ts', "import './interaction/x.ts'", layer],
  ['src/endpoints/interaction/a.ts', "import '../token.ts'", layer],
  ['src/endpoints/interaction/a.ts', "import '../token/x.ts'", layer],

  // Every form of import counts.
  ['src/clients/a.ts', "import type { X } from '../keys/x.ts'", layer],
  ['src/clients/a.ts', "export type { X } from '../keys/x.ts'", layer],
  ['src/clients/a.ts', "export const x = await import('../keys/x.ts')", unseen],
  ['src/clients/a.ts', "export type Y = import('../keys/x.ts').Y", unseen],

  // Packages with one home.
  ['src/tokens/a.ts', "import 'express'", express],
  ['src/tokens/a.ts', "import type { Request } from 'express'", express],
  ['src/tokens/a.ts', "import type { Response } from 'express-serve-static-core'", express],
  ['src/tokens/a.ts', "export const app = await import('express')", express],
  ['src/deps.ts', "import 'express'", express],
  ['src/cli/a.ts', "import 'express'", express],
  ['src/deps.ts', "import 'ioredis'", 'may import ioredis'],
  ['src/store/memory/a.ts', "import type { Redis } from 'ioredis'", 'may import ioredis'],
  ['src/http/a.ts', "import { Eta } from 'eta'", 'may import eta'],

  // The environment, the time and chance come from outside.
  ['src/config/a.ts', 'export const home = process.env.HOME', 'noProcessEnv'],
  ['src/tokens/a.ts', 'export const now = Date.now()', time],
  ['src/tokens/a.ts', 'export const clock = Date.now', time],
  ['src/tokens/a.ts', 'export const today = new Date()', time],
  ['src/tokens/a.ts', 'export const alsoToday = new Date', time],
  ['src/main.ts', 'export const now = Date.now()', time],
  ['src/tokens/a.ts', 'export const dice = Math.random()', chance],
  ['src/tokens/a.ts', 'export const id = crypto.randomUUID()', chance],
  ['src/tokens/a.ts', "import { randomBytes } from 'node:crypto'", chance],
  ['src/tokens/a.ts', "import { createHash, randomUUID as uuid } from 'node:crypto'", chance],

  // Habits.
  ['src/tokens/b.ts', 'export default 1', 'noDefaultExport'],
  ['src/tokens/b.ts', 'export enum Colour { Red = 1 }', 'noEnum'],
  ['src/tokens/b.ts', "console.log('x')", 'noConsole'],
  ['src/tokens/b.ts', 'export const length = (text?: string) => text!.length', 'noNonNullAssertion'],
  ['src/tokens/b.ts', 'export const same = (value: any) => value', 'noExplicitAny'],
  ['src/tokens/b.ts', 'Promise.resolve(1)', 'noFloatingPromises'],
  ['src/tokens/b.ts', 'export const answer = Promise.resolve(true) ? 1 : 2', 'noMisusedPromises'],
  ['src/tokens/c.ts', "export * from './b.ts'", 'noBarrelFile'],
  ['src/tokens/d.ts', "import './e.ts'", 'noImportCycles'],
  ['src/tokens/e.ts', "import './d.ts'", 'noImportCycles'],
]

const allowed: [file: string, source: string][] = [
  ['src/lib/a.ts', "import { randomBytes } from 'node:crypto'; export const x = [Date.now(), randomBytes(1)]"],
  ['src/oauth/a.ts', "import '../lib/x.ts'; import './x.ts'"],
  ['src/locale/a.ts', "import '../lib/x.ts'; import './x.ts'"],
  ['src/config/a.ts', "import '../oauth/x.ts'; import '../locale/x.ts'"],
  ['src/store/a.ts', "import './ports.ts'; import '../oauth/x.ts'"],
  ['src/store/redis/a.ts', "import 'ioredis'; import '../../lib/x.ts'; import '../store.ts'; import './scripts/x.ts'"],
  ['src/store/redis/scripts/a.ts', "import '../script.ts'; import './x.ts'"],
  ['src/clients/a.ts', "import '../config/x.ts'; import '../store/store.ts'; import './x.ts'"],
  ['src/identity/upstream/a.ts', "import '../../lib/x.ts'; import '../../store/store.ts'; import '../identity.ts'"],
  ['src/tokens/a.ts', "import '../keys/x.ts'; import 'jose'; export const x = new Date(0)"],
  ['src/dpop/a.ts', "import '../lib/x.ts'; import '../oauth/x.ts'; import '../store/store.ts'; import './x.ts'"],
  ['src/authorization/a.ts', "import '../tokens/x.ts'; import '../client-auth/x.ts'"],
  ['src/http/views.ts', "import 'express'; import 'eta'; import '../authorization/x.ts'"],
  ['src/endpoints/a.ts', "import 'express'; import '../http/x.ts'; import '../locale/x.ts'"],
  ['src/http/a.ts', "import '../locale/x.ts'"],
  ['src/endpoints/interaction/a.ts', "import './x.ts'; import '../../http/x.ts'"],
  ['src/endpoints/registry.ts', "import './token.ts'; import './interaction/x.ts'"],
  ['src/app.ts', "import 'express'; import './deps.ts'; import './endpoints/registry.ts'"],
  ['src/deps.ts', "import './store/redis/x.ts'; export const here = import.meta.dirname"],
  ['src/process/a.ts', "import '../app.ts'; import '../deps.ts'; import '../http/x.ts'; import './x.ts'"],
  ['src/serve.ts', "import './deps.ts'; import './process/x.ts'"],
  ['src/main.ts', "import './serve.ts'; export const x = process.env.PORT"],
  ['src/cli/a.ts', "import '../deps.ts'; export const x = process.env.PORT; export const y = await import('./x.ts')"],
]

let complaints: Map<string, string>

beforeAll(async () => {
  const wrong = await lint('refused', refused)
  const right = await lint('allowed', allowed)
  complaints = new Map([...wrong, ...right])
})

it.each(refused)('%s: %s is refused', (file, source, complaint) => {
  expect(complaints.get(`refused/${file}: ${source}`)).toContain(complaint)
})

it.each(allowed)('%s: %s is allowed', (file, source) => {
  expect(complaints.get(`allowed/${file}: ${source}`)).toBeUndefined()
})

/** Lints a project made of these lines under our rules: what was said, by `project/file: line`. */
async function lint(project: string, cases: readonly [string, string, ...unknown[]][]): Promise<Map<string, string>> {
  const files = new Map<string, string[]>()
  for (const [file, source] of cases) files.set(file, [...(files.get(file) ?? []), source])

  const dir = await mkdtemp(join(tmpdir(), 'latchkey-lint-'))
  try {
    for (const rules of ['biome.json', 'biome']) await cp(join(root, rules), join(dir, rules), { recursive: true })
    await symlink(join(root, 'node_modules'), join(dir, 'node_modules'))
    for (const [file, lines] of files) {
      await mkdir(join(dir, dirname(file)), { recursive: true })
      await writeFile(join(dir, file), lines.join('\n'))
    }
    const said = new Map<string, string>()
    for (const line of (await biome(dir)).split('\n')) {
      const [, file, number, complaint] = /(src\/\S+\.ts):(\d+):\d+: (.*)/.exec(line) ?? []
      const source = files.get(file ?? '')?.[Number(number) - 1]
      if (source === undefined) continue
      const key = `${project}/${file}: ${source}`
      said.set(key, `${said.get(key) ?? ''}${complaint}\n`)
    }
    return said
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** What `biome lint` prints in a directory; findings end it with code 1, so the code says nothing. */
function biome(cwd: string): Promise<string> {
  const command = join(root, 'node_modules/@biomejs/biome/bin/biome')
  const options = ['lint', '--colors=off', '--reporter=concise', '--max-diagnostics=none', '--diagnostic-level=error']
  return new Promise((answer, reject) => {
    execFile(process.execPath, [command, ...options], { cwd }, (_error, stdout, stderr) => {
      const output = stdout + stderr
      if (output.includes('Checked ')) answer(output)
      else reject(new Error(`biome did not run: ${output}`))
    })
  })
}
