/** How long requests under way may take once the server has stopped listening, in milliseconds. */
export const DRAIN_LIMIT = 10_000

/** The same after a fault that nobody caught: whoever is in an unknown state should end soon. */
export const FAULT_LIMIT = 5000
