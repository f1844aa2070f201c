/** An algorithm that tokens may be signed with (RFC 7518 §3.1, RFC 8037 §3.1). */
export type SigningAlgorithm = (typeof signingAlgorithms)[number]

export const signingAlgorithms = ['ES256', 'EdDSA', 'RS256', 'PS256'] as const
