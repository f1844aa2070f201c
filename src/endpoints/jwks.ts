import type { Request, Response } from 'express'
import type { Endpoint } from '../http/endpoint.ts'
import { sendDocument, writeDocument } from '../http/send-document.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'
import { whileSame } from '../lib/while-same.ts'

/** The public keys that tokens are verified with (RFC 7517 §5). */
export function jwks({ keys }: { keys: SigningKeys }): Endpoint {
  const document = whileSame(() => [keys.publicJwks()], writeDocument)
  const get = (req: Request, res: Response) => sendDocument(req, res, document())
  return {
    path: '/.well-known/jwks.json',
    metadata: 'jwks_uri',
    errors: 'json',
    cors: 'any',
    methods: { GET: get, HEAD: get },
  }
}
