import { readUtf8 } from './encoding.ts'

/** Bytes as a JSON object; undefined where they are none. */
export function readJsonObject(bytes: Uint8Array): Record<string, unknown> | undefined {
  const text = readUtf8(bytes)
  try {
    const value: unknown = JSON.parse(text ?? '')
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
