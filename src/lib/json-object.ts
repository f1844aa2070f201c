import { readUtf8 } from './encoding.ts'

/** Bytes as a JSON object; undefined where they are none. */
export function readJsonObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  const text = readUtf8(bytes)
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** Whether a JSON value is an object, and neither an array nor null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
