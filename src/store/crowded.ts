/** Up to so many ids in a user's index nobody looks which of them came to nothing. */
const ROOM = 256

/** How long after it was asked for an authorization may still be born without any other trace in the store. */
const BIRTH = 5 * 60 * 1000

/**
 * Whether it is time to tidy the index of a user that an id was just added to. Ids are random, and one letter of theirs is
 * one of 64: so it is time at every 64th addition on average, and nothing needs to be counted.
 *
 * @param size how many ids the index has now
 */
export function isCrowded(size: number, addedId: string): boolean {
  return size > ROOM && addedId.startsWith('A')
}

/** Until when an id must have been asked for so that one without a record is sure to have come to nothing. */
export function surelyBornBefore(now: number): number {
  return now - BIRTH
}
