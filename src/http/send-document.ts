import type { Response } from 'express'

/** A document that changes rarely; clients may keep it for five minutes, so that a new key is known soon. */
export function sendDocument(res: Response, document: object): void {
  res.set('Cache-Control', 'public, max-age=300').json(document)
}
