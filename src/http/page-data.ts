import type { Sentence } from '../locale/language.ts'
import type { ShownClient } from './shown-client.ts'

/** The pages that people see, and what each is made from. Every value is escaped by the templates. */
export interface Pages {
  'sign-in': {
    /** Where the form posts to. */
    action: string
    csrf: string
    /** Absent where the person signs in to see their own account. */
    client?: ShownClient
    /** What the person typed before; empty at first. */
    username: string
    /** Whether the person may ask to be kept signed in, and whether they did. */
    offersKeeping: boolean
    kept: boolean
    /** Who is signed in and may go on after all. */
    back?: ShownAccount
    /** Why the last attempt did not work. */
    problem?: Sentence
  }
  consent: {
    action: string
    csrf: string
    client: ShownClient & { uri?: string | undefined; policyUri?: string | undefined; tosUri?: string | undefined }
    account: ShownAccount
    /** What is asked. One with a field may be left out. */
    scopes: ReadonlyArray<{ name: string; sentence: string; field?: string }>
    /** What was allowed before and stays so; one with a field says so again, where the person may choose. */
    known: ReadonlyArray<{ sentence: string; field?: string }>
    /** The APIs the access is for; empty where it is the only one there is. */
    resources: readonly string[]
    /** The host or scheme that the browser goes to next. */
    destination: string
    /** Whether the client may refresh, and so keeps its access until it is disconnected. */
    keepsAccess: boolean
    /** How long the access lasts at most, in milliseconds. */
    lasts: number
    /** Whether any program on the person's device could pose as this client (RFC 8252 §8.6). */
    impersonable: boolean
    /** Whether the person allowed it and left everything out. */
    nothingChosen: boolean
  }
  accounts: {
    action: string
    csrf: string
    client: ShownClient
    account: ShownAccount
  }
  continue: {
    action: string
    csrf: string
    client: ShownClient
    account: ShownAccount
  }
  account: {
    action: string
    csrf: string
    account: { name: string; username: string }
    /** Where the person signs out. */
    signOut: string
    clients: readonly ShownConnection[]
    /** The name of the client that was just disconnected. */
    disconnected?: string
    now: number
  }
  error: {
    title: string
    message: string
    /** What a developer needs to know, in English. */
    detail?: string
    hints: ReadonlyArray<{ label: string; value: string }>
    errorId?: string
    /** Whether asking for the same address again may help. */
    retry: boolean
    /** Whose sign-in it was, and where it can be begun again. */
    client?: { name: string; uri?: string }
  }
  'form-post': {
    /** The redirect URI. */
    action: string
    client: { name: string }
    fields: ReadonlyArray<{ name: string; value: string }>
  }
  'sign-out': {
    action: string
    csrf: string
    /** The request, carried along. */
    fields: ReadonlyArray<{ name: string; value: string }>
    /** Who asks for it, where somebody says so. */
    client?: ShownClient
    account?: { name: string; username: string }
    /** The host or scheme that the browser goes to next. */
    destination?: string
  }
  'signed-out': {
    /** Whether the person chose not to sign out. */
    stayed: boolean
    client?: { name: string; uri?: string }
  }
  finished: {
    client: { name: string; uri?: string }
  }
}

/** An account, with the token that says whose it is. */
export interface ShownAccount {
  name: string
  username: string
  token: string
}

/** A client that may act for the person. */
export interface ShownConnection {
  clientId: string
  /** Undefined where it is no longer registered. */
  client: ShownClient | undefined
  /** What it may do, in sentences. */
  scopes: readonly string[]
  /** The APIs; empty where there is only one. */
  resources: readonly string[]
  since: number
  lastUsed: number
}
