import type { Authorization } from '../../store/store.ts'
import { plainText, utcText } from '../plain-text.ts'

const HEADS = ['client', 'user', 'scopes', 'since', 'last used', 'id']

/** Authorizations for people, a line each. */
export function authorizationTable(authorizations: readonly Authorization[]): string {
  const rows = [
    HEADS,
    ...authorizations.map(({ clientId, subject, scope, createdAt, usedAt, id }) =>
      [clientId, subject, scope.join(' '), utcText(createdAt), utcText(usedAt), id].map(plainText),
    ),
  ]
  const widths = HEADS.map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] as number))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}

/** An authorization for programs. Ids only: nothing here could be replayed. */
export function authorizationDocument(authorization: Authorization): object {
  const { id, clientId, subject, scope, resources, createdAt, usedAt, expiresAt } = authorization
  return {
    authorization_id: id,
    client_id: clientId,
    subject,
    scope: scope.join(' '),
    resources,
    since: new Date(createdAt).toISOString(),
    last_used: new Date(usedAt).toISOString(),
    expires: new Date(expiresAt).toISOString(),
  }
}
