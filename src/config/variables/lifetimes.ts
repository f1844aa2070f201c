import { integer, seconds } from '../parsers.ts'
import { variable } from './variable.ts'

const DAY = 86_400
const YEAR = 365 * DAY

/** How long what it hands out is good for. */
export const lifetimeVariables = {
  PUSHED_REQUEST_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 5, max: 600 }),
    fallback: '60',
    doc: 'Seconds in which a browser must open a pushed authorization request.',
  }),
  AUTHORIZATION_CODE_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 1, max: 600 }),
    fallback: '60',
    doc: 'Seconds in which a code must be redeemed.',
  }),
  CODE_REPLAY_LENIENCY: variable({
    section: 'Lifetimes, in seconds',
    parse: seconds({ min: 0, max: 5 }),
    fallback: '0',
    doc: 'Seconds in which a second redemption by the same client with the right verifier is refused without revoking what the first one got. For clients that redeem twice by mistake.',
  }),
  ACCESS_TOKEN_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 10, max: DAY }),
    fallback: '3600',
    doc: 'Seconds an access token is good for.',
  }),
  REFRESH_TOKEN_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 60, max: YEAR }),
    fallback: '2592000',
    doc: 'Seconds a refresh token is good for when it is not used.',
  }),
  REFRESH_TOKEN_MAX_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 60, max: 10 * YEAR }),
    fallback: '31536000',
    doc: 'Seconds after which the user must authorize again, however often the client refreshed.',
  }),
  REFRESH_TOKEN_GRACE: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 0, max: 60 }),
    fallback: '30',
    doc: 'Seconds in which the refresh token just used still gives the same successor: for two tabs and lost answers.',
  }),
  SESSION_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 60, max: YEAR }),
    fallback: '28800',
    doc: 'Seconds a signed-in browser stays so without use.',
  }),
  SESSION_MAX_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 60, max: YEAR }),
    fallback: '604800',
    doc: 'Seconds after which a signed-in browser must sign in again.',
  }),
  SESSION_KEPT_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 0, max: YEAR }),
    fallback: '2592000',
    doc: 'Seconds a browser stays signed in, used or not, for people who ticked "keep me signed in"; 0 does not offer it.',
  }),
  CONSENT_TTL: variable({
    section: 'Lifetimes, in seconds',
    parse: integer({ min: 0, max: 10 * YEAR }),
    fallback: '31536000',
    doc: 'Seconds a consent is remembered; 0 asks each time.',
  }),
}
