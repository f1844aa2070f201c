import type { ServerResponse } from 'node:http'

/** Sends an object as the JSON of an answer, whose status and other headers are set already. */
export function sendJson(res: ServerResponse, body: object): void {
  sendJsonText(res, JSON.stringify(body))
}

/** The same for what is JSON already. */
export function sendJsonText(res: ServerResponse, text: string): void {
  res.setHeader('Content-Type', 'application/json; charset=utf-8')
  res.setHeader('Content-Length', Buffer.byteLength(text))
  res.end(text)
}
