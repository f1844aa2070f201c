import { PassThrough } from 'node:stream'
import type { Io } from '../../src/cli/io.ts'
import { runCli } from '../../src/cli/run.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { systemRandom } from '../../src/lib/random.ts'

/** A person at a terminal who types these lines; the keys that end a line are the terminal's. */
async function typed(line: string, keys: string) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => stdin })
  let [stdout, stderr] = ['', '']
  const io: Io = {
    env: {},
    stdin,
    out: (text) => {
      stdout += text
    },
    err: (text) => {
      stderr += text
    },
    clock: systemClock,
    random: systemRandom,
  }
  const ended = runCli(line.split(' '), io)
  stdin.write(keys)
  return { code: await ended, stdout, stderr }
}

describe('at a terminal', () => {
  it('a password is asked for twice and never shown', async () => {
    const { code, stdout, stderr } = await typed('user hash-password', 'open sesame\ropen sesame\r')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^\$argon2id\$/)
    expect(stderr).toBe('password: \npassword again: \n')
  })

  it('a password that was mistyped once is refused', async () => {
    const { code, stdout, stderr } = await typed('user hash-password', 'open sesame\ropen sesam\r')
    expect([code, stdout]).toEqual([65, ''])
    expect(stderr).toContain('latchkey: the password was not the same both times')
    expect(stderr).not.toContain('sesam')
  })

  it.each([
    ['Ctrl-C', '\u0003', 130, 'interrupted'],
    ['Ctrl-D', '\u0004', 65, 'the input ended before the answer'],
  ])('%s ends the question', async (_name, keys, code, message) => {
    expect(await typed('client hash-secret', keys)).toMatchObject({
      code,
      stdout: '',
      stderr: expect.stringContaining(`latchkey: ${message}\n`),
    })
  })

  it('client new asks for what is missing, again where the answer cannot be', async () => {
    const answers = ['Acme CRM', 'http://crm.example/', 'https://crm.example/', 'https://crm.example/2', '', 'y']
    const { code, stdout, stderr } = await typed('client new', answers.map((answer) => `${answer}\r`).join(''))
    expect(code).toBe(0)
    expect(stderr).toContain('That must use https')
    expect(JSON.parse(stdout)[0]).toMatchObject({
      client_name: 'Acme CRM',
      redirect_uris: ['https://crm.example/', 'https://crm.example/2'],
      token_endpoint_auth_method: 'client_secret_basic',
    })
  })

  it('client new makes a client without a secret where none can be kept', async () => {
    const { stdout } = await typed('client new --name Acme --redirect-uri https://crm.example/', '')
    expect(JSON.parse(stdout)[0].token_endpoint_auth_method).toBe('client_secret_basic')
    const asked = await typed('client new --name Acme', 'https://crm.example/\r\rn\r')
    expect(JSON.parse(asked.stdout)[0].token_endpoint_auth_method).toBe('none')
  })

  it('keys list does not wait for a JWKS that nobody will type', async () => {
    expect(await typed('keys list', '')).toEqual({
      code: 64,
      stdout: '',
      stderr: 'latchkey: name the private JWKS with --file, or give it on standard input\n',
    })
  })
})
