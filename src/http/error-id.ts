/** The header of an error's id; the log has the exact cause under the same id. */
export const ERROR_ID_HEADER = 'Latchkey-Error-Id'
