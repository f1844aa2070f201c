/**
 * Runs a command with the programs it needs beside Node: `node scripts/with-tools.mjs --need redis,chromium jest`.
 *
 * A program that is missing is installed with apt-get where that is possible (Debian or Ubuntu, as root or by sudo without
 * a password). Elsewhere this prints what to install and ends with code 1: a test is never skipped for want of a program.
 */
import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What can be needed: how it is found, its Debian package, and the hint for a person. */
const TOOLS = {
  redis: {
    find: () => process.env.TEST_REDIS_URL || process.env.REDIS_URL || inPath('redis-server'),
    package: 'redis-server',
    hint: 'redis-server 6.2 or newer in PATH, or a Redis named by TEST_REDIS_URL',
  },
  chromium: {
    find: () => process.env.CHROMIUM_PATH || inPath('chromium', 'chromium-browser', 'google-chrome'),
    package: 'chromium',
    hint: 'Chromium or Google Chrome in PATH, or its path in CHROMIUM_PATH',
  },
  curl: { find: () => inPath('curl'), package: 'curl', hint: 'curl in PATH' },
}

/** The path of the first of these programs that is in PATH. */
function inPath(...names) {
  const directories = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => directories.map((directory) => join(directory, name))).find(isExecutable)
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The command to put before apt-get, or undefined where it cannot install anything. */
function aptPrefix() {
  if (!inPath('apt-get') || !/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readOsRelease())) return undefined
  if (process.getuid?.() === 0) return []
  const sudo = inPath('sudo')
  return sudo && spawnSync(sudo, ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? [sudo, '-n'] : undefined
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}

/** Installs Debian packages; what apt-get has to say goes to standard error. */
function install(prefix, packages) {
  process.stderr.write(`Installing ${packages.join(' and ')} with apt-get.\n`)
  for (const action of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const command = [
      ...prefix,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-qq',
      '-o',
      'Dpkg::Use-Pty=0',
      ...action,
    ]
    spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] })
  }
}

/** Makes sure that every tool is there, or says what to install and ends the process. */
function provide(names) {
  const unknown = names.filter((name) => !Object.hasOwn(TOOLS, name))
  if (unknown.length > 0) fail(`--need knows ${Object.keys(TOOLS).join(' and ')}, not ${unknown.join(', ')}.`)

  const missing = () => names.map((name) => TOOLS[name]).filter((tool) => !tool.find())
  const wanted = missing()
  const prefix = wanted.length > 0 ? aptPrefix() : undefined
  if (prefix)
    install(
      prefix,
      wanted.map((tool) => tool.package),
    )

  const still = missing()
  if (still.length > 0) {
    const packages = still.map((tool) => tool.package).join(' ')
    const lines = still.map((tool) => `  ${tool.hint}`).join('\n')
    fail(`This needs:\n${lines}\nOn Debian or Ubuntu: apt-get install ${packages}`)
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

/** Runs the command to its end and ends as it did; signals are passed on. */
function run([command, ...args]) {
  const chromium = TOOLS.chromium.find()
  const env = chromium ? { ...process.env, CHROMIUM_PATH: chromium } : process.env
  const child = spawn(command, args, { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => fail(`${command} did not start: ${error.message}`))
  child.on('exit', (code) => process.exit(code ?? 1))
}

const [flag, list, ...rest] = process.argv.slice(2)
const named = flag === '--need'
const command = named ? rest : process.argv.slice(2)
if (command.length === 0) fail('Usage: node scripts/with-tools.mjs [--need redis,chromium] <command> [arguments]')
provide(named ? (list ?? '').split(',').filter(Boolean) : Object.keys(TOOLS))
run(command)
