/** What a 503 tells callers to wait, in seconds: what is wrong is over in a moment, or another process answers them. */
export const RETRY_SOON = '2'
