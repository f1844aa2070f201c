/** The beginnings of pictures of each format; nobody looks further. */
export const pictures = {
  'image/png': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  'image/jpeg': Buffer.from('ffd8ffe000104a464946000101', 'hex'),
  'image/gif': Buffer.from('GIF89a\x01\x00\x01\x00', 'latin1'),
  'image/webp': Buffer.from('RIFF\x1a\x00\x00\x00WEBPVP8L', 'latin1'),
  'image/avif': Buffer.from('\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1', 'latin1'),
} as const

/** A picture of that many bytes. */
export function pictureOf(size: number): Buffer {
  return Buffer.concat([pictures['image/png'], Buffer.alloc(size - pictures['image/png'].length)])
}
