import { StringDecoder } from 'node:string_decoder'
import { readJsonObject } from '../../lib/json-object.ts'
import type { Refusal } from '../../store/refusals.ts'
import { SECRET_MEMBERS } from '../../telemetry/without-secrets.ts'

/** Members of a line that are no facts about the refusal, or are told by themselves. */
const OTHER_MEMBERS = ['level', 'time', 'msg', 'audit', 'err', 'error_id', 'error', 'status', 'cause', 'description']

/** How many opening braces of a line are tried: what stands before the JSON may have some of its own. */
const MOST_TRIES = 8

/** The refusal of that id among lines of a log, or undefined. Stops reading where it is found. */
export async function findInLog(log: NodeJS.ReadableStream, errorId: string): Promise<Refusal | undefined> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of log) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split('\n')
    rest = lines.pop() as string
    const refusal = findInLines(lines, errorId)
    if (refusal !== undefined) return refusal
  }
  return findInLines([rest], errorId)
}

function findInLines(lines: readonly string[], errorId: string): Refusal | undefined {
  for (const line of lines) {
    const refusal = line.includes(errorId) ? readLine(line, errorId) : undefined
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** The refusal of that id in a line, whatever Docker, Kubernetes or a collector put around the server's own JSON. */
export function readLine(line: string, errorId: string): Refusal | undefined {
  const end = line.lastIndexOf('}') + 1
  let start = line.indexOf('{')
  for (let tries = 0; start !== -1 && tries < MOST_TRIES; tries++) {
    const object = readJsonObject(Buffer.from(line.slice(start, end)))
    const found = object && readMembers(object, errorId)
    if (found !== undefined) return found
    start = line.indexOf('{', start + 1)
  }
  return undefined
}

function readMembers(object: Readonly<Record<string, unknown>>, errorId: string): Refusal | undefined {
  // The files of Docker, and some collectors, have the line as a text within their own.
  for (const wrapped of [object.log, object.message]) {
    const inside = typeof wrapped === 'string' ? readLine(wrapped, errorId) : undefined
    if (inside !== undefined) return inside
  }
  const { error_id, error, status, cause, description, time } = object
  if (error_id !== errorId || typeof error !== 'string' || typeof cause !== 'string') return undefined
  const at = Date.parse(String(time))
  return {
    errorId,
    at: Number.isNaN(at) ? 0 : at,
    error,
    status: Number(status),
    cause,
    description: typeof description === 'string' ? description : '',
    facts: Object.fromEntries(
      Object.entries(object)
        .filter(([name]) => !OTHER_MEMBERS.includes(name) && !SECRET_MEMBERS.has(name))
        .map(([name, value]) => [name, asText(value)]),
    ),
  }
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
