import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commands } from '../../src/cli/registry.ts'
import { buildCli, type Cli } from '../helpers/cli.ts'

let cli: Cli
beforeAll(async () => {
  cli = await buildCli()
})
afterAll(() => cli.remove())

const names = commands.map(({ name }) => name)

describe('latchkey', () => {
  it.each([['--help'], ['-h'], ['help']])('%s lists every command', async (flag) => {
    const { code, stdout, stderr } = await cli.run([flag])
    expect(code).toBe(0)
    expect(stderr).toBe('')
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^ {2}${name} +${summary}$`, 'm'))
  })

  it('--version tells the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(cli.folder, 'package.json'), 'utf8')) as { version: string }
    expect(await cli.run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('alone shows its help and ends with 64', async () => {
    const { code, stdout, stderr } = await cli.run([])
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toContain('Usage: latchkey <command> [options]')
  })

  it('keys shows the commands of that group alone', async () => {
    const bare = await cli.run(['keys'])
    expect(bare.code).toBe(64)
    expect(bare.stderr).toContain('keys rotate')
    expect(bare.stderr).not.toContain('client new')
    expect(await cli.run(['keys', '--help'])).toMatchObject({ code: 0, stdout: bare.stderr })
  })

  it.each(names)('%s --help tells its options', async (name) => {
    const { code, stdout, stderr } = await cli.run([...name.split(' '), '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`Usage: latchkey ${name}`)
    for (const option of Object.keys(commands.find((command) => command.name === name)?.options ?? {})) {
      expect(stdout).toContain(`--${option}`)
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100)
  })

  it.each([
    ['serv', 'unknown command serv. Did you mean latchkey serve?'],
    ['kyes generate', 'unknown command kyes. Did you mean latchkey keys generate?'],
    ['keys generat', 'unknown command keys generat. Did you mean latchkey keys generate?'],
    ['rotate', 'unknown command rotate. Did you mean latchkey keys rotate?'],
    ['xyzzy', 'unknown command xyzzy. See latchkey --help'],
    ['constructor', 'unknown command constructor. See latchkey --help'],
    ['--hlep', 'unknown option --hlep. Did you mean --help?'],
    ['keys list --jsn', 'latchkey keys list has no option --jsn. Did you mean --json?'],
    ['keys list --constructor', 'latchkey keys list has no option --constructor. See latchkey keys list --help'],
    ['keys list --json=yes', '--json takes no value. See latchkey keys list --help'],
    [
      'keys list --file',
      '--file needs a value; one that begins with - is given as --file=... . See latchkey keys list --help',
    ],
    [
      'keys list --file --json',
      '--file needs a value; one that begins with - is given as --file=... . See latchkey keys list --help',
    ],
    ['keys list --file a --file b', '--file is given twice. See latchkey keys list --help'],
  ])('%s: one clear line, the nearest one, and 64', async (line, message) => {
    expect(await cli.run(line.split(' '))).toEqual({ code: 64, stdout: '', stderr: `latchkey: ${message}\n` })
  })

  it.each(['user hash-password', 'client hash-secret'])(
    '%s takes no secret as an argument, nor repeats it',
    async (name) => {
      const { code, stdout, stderr } = await cli.run([...name.split(' '), 'hunter2'])
      expect([code, stdout]).toEqual([64, ''])
      expect(stderr).toBe(
        `latchkey: latchkey ${name} takes options only, no other arguments. See latchkey ${name} --help\n`,
      )
    },
  )

  it('never shows a stack', async () => {
    // A folder in place of a file is what nobody thinks of.
    const { code, stderr } = await cli.run(['keys', 'list', '--file', cli.folder])
    expect(code).toBe(74)
    expect(stderr).toBe(`latchkey: ${cli.folder} cannot be read: EISDIR\n`)
    const check = await cli.run(['check'], { env: { CLIENTS_FILE: cli.folder } })
    expect(check.stdout + check.stderr).not.toMatch(/^ +at /m)
  })

  it('takes it calmly when nobody reads on, and its exit code still tells how it went', async () => {
    const env = { PATH: process.env.PATH, PORT: 'none' }
    const child = spawn(process.execPath, [cli.path, 'check'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let stderr = ''
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.stdout.destroy()
    const [code] = await once(child, 'close')
    expect(code).toBe(78)
    expect(stderr).not.toContain('EPIPE')
  })

  it('env-example prints what stands in .env.example', async () => {
    const { code, stdout } = await cli.run(['env-example'])
    expect(code).toBe(0)
    expect(stdout).toBe(readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8'))
  })
})
