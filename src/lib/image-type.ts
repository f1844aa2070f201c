/** The formats that every browser shows and none runs. Not SVG: it can carry a script. */
export const IMAGE_TYPES = ['image/avif', 'image/webp', 'image/png', 'image/jpeg', 'image/gif'] as const

export type ImageType = (typeof IMAGE_TYPES)[number]

/** The format of a picture by its first bytes, whatever anyone calls it; undefined where it is none of ours. */
export function imageType(bytes: Uint8Array): ImageType | undefined {
  // Latin-1 has a character for every byte.
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(head)) return 'image/gif'
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'image/webp'
  if (head.startsWith('ftypavif', 4) || head.startsWith('ftypavis', 4)) return 'image/avif'
  return undefined
}
