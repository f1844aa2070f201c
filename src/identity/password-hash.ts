import { hash } from '@node-rs/argon2'

/** Longer passwords are refused unhashed: nobody types them, and hashing them is work for nothing. */
export const LONGEST_PASSWORD = 1024

/** The argon2id hash of a password as a PHC string, as USERS has it (RFC 9106). */
export function hashPassword(password: string): Promise<string> {
  return hash(password)
}
