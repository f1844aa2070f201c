import type { Request, Response } from 'express'
import { sha256 } from '../lib/digest.ts'
import { sendJsonText } from './send-json.ts'

/** A document that changes rarely, ready to be sent. */
export interface Document {
  text: string
  /** A strong entity tag (RFC 9110 §8.8.3): the same for the same bytes, in every process. */
  etag: string
}

export function writeDocument(content: object): Document {
  const text = JSON.stringify(content)
  return { text, etag: `"${sha256(text)}"` }
}

/**
 * Sends a document, or 304 to who has it already. Clients may keep it for five minutes, so that a new key is known soon.
 */
export function sendDocument(req: Request, res: Response, { text, etag }: Document): void {
  res.setHeader('Cache-Control', 'public, max-age=300')
  res.setHeader('ETag', etag)
  if (names(req.headers['if-none-match'], etag)) {
    res.statusCode = 304
    res.end()
    return
  }
  sendJsonText(res, text)
}

/** Whether If-None-Match names the tag (RFC 9110 §13.1.2), by the weak comparison: a proxy may have compressed the document. */
function names(field: string | undefined, etag: string): boolean {
  if (field === undefined) return false
  if (field.trim() === '*') return true
  // No tag of ours has a comma in it.
  return field.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
