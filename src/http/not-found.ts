import type { Request, Response } from 'express'
import { OAuthError } from '../oauth/errors.ts'
import type { ErrorRenderer } from './render-error.ts'

/** Says that nothing is at the address that was asked for. */
export function sendNotFound(req: Request, res: Response, errors: ErrorRenderer): void {
  const error = new OAuthError('invalid_request', 'there is nothing at this address', {
    status: 404,
    cause: 'not-found',
  })
  errors[wanted(req)](res, error)
}

/** People get pages, programs JSON; whoever asks for neither is a program. */
export function wanted(req: Request): 'json' | 'page' {
  return req.accepts(['json', 'html']) === 'html' ? 'page' : 'json'
}
