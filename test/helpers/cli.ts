import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Build, buildServer } from './server-process.ts'

/** How a command ended and what it said. */
export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

/** The compiled command line in a package folder of its own, as npm would install it. */
export interface Cli {
  /** A folder for files that the commands read and write. */
  folder: string
  /** The entry point, for tests that start it themselves. */
  path: string
  /** `latchkey serve`, for tests that start a server. */
  serve: Build
  /** Runs a command with nothing in its environment but what is named here. */
  run(args: readonly string[], given?: { stdin?: string; env?: Record<string, string> }): Promise<Outcome>
  /** Writes a file into the folder and tells its path. */
  write(name: string, text: string): Promise<string>
  read(name: string): Promise<string>
  remove(): Promise<void>
}

export async function buildCli(): Promise<Cli> {
  const build = await buildServer()
  const dist = dirname(build.main)
  const home = dirname(dist)
  const path = join(dist, 'cli', 'latchkey.js')

  return {
    folder: home,
    path,
    serve: { ...build, main: path, args: ['serve'] },
    run: (args, given = {}) => run(path, args, { cwd: home, ...given }),
    async write(name, text) {
      await writeFile(join(home, name), text, { mode: 0o644 })
      return join(home, name)
    },
    read: (name) => readFile(join(home, name), 'utf8'),
    remove: build.remove,
  }
}

function run(
  path: string,
  args: readonly string[],
  given: { cwd: string; stdin?: string; env?: Record<string, string> },
): Promise<Outcome> {
  return new Promise((settle, reject) => {
    const env = { PATH: process.env.PATH, ...given.env }
    const child = spawn(process.execPath, [path, ...args], { cwd: given.cwd, env, stdio: 'pipe' })
    const output = { stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.stderr += text
    })
    child.once('error', reject)
    child.once('close', (code) => settle({ code, ...output }))
    // A command that reads nothing may be gone before this is written.
    child.stdin.on('error', () => {})
    child.stdin.end(given.stdin ?? '')
  })
}
