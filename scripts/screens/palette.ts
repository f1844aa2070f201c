import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
const MOST_COLOURS = 64

/**
 * The picture with the colours it has most of, and each other one as the nearest of those: letters on flat grounds lose
 * nothing that can be seen, and most of the weight.
 *
 * @param png of 8 bits a channel and without transparency, as screenshots are
 */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels } = readPixels(png)
  const counts = new Map<number, number>()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  const colours = [...counts].sort(([, one], [, other]) => other - one).map(([colour]) => colour)
  const palette = colours.slice(0, MOST_COLOURS)
  const places = new Map(colours.map((colour) => [colour, nearest(colour, palette)]))
  // Each row begins with its filter: none, since neighbours in a palette are strangers.
  const rows = Buffer.alloc((width + 1) * height)
  for (const [index, pixel] of pixels.entries()) {
    rows[Math.floor(index / width) * (width + 1) + 1 + (index % width)] = places.get(pixel) ?? 0
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 3], 8)
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap(channels))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The place of the colour most like this one. */
function nearest(colour: number, palette: readonly number[]): number {
  let place = 0
  let least = Number.POSITIVE_INFINITY
  for (const [index, other] of palette.entries()) {
    const distance = distanceOf(colour, other)
    if (distance < least) [place, least] = [index, distance]
  }
  return place
}

function distanceOf(one: number, other: number): number {
  const red = (one >> 16) - (other >> 16)
  const green = ((one >> 8) & 255) - ((other >> 8) & 255)
  const blue = (one & 255) - (other & 255)
  return red * red + green * green + blue * blue
}

function channels(colour: number): [number, number, number] {
  return [colour >> 16, (colour >> 8) & 255, colour & 255]
}

/** Every pixel as one number, row by row (PNG, third edition, §9 for the filters). */
function readPixels(png: Buffer): { width: number; height: number; pixels: Uint32Array } {
  const chunks = readChunks(png)
  const header = chunks.find(({ type }) => type === 'IHDR')?.data
  if (header === undefined || header[8] !== 8) throw new Error('not a PNG of 8 bits a channel')
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)]
  const size = header[9] === 6 ? 4 : 3
  const raw = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)))
  const bytes = width * size
  const pixels = new Uint32Array(width * height)
  let above = new Uint8Array(bytes)
  for (let y = 0; y < height; y++) {
    const start = y * (bytes + 1)
    const row = new Uint8Array(raw.subarray(start + 1, start + 1 + bytes))
    unfilter(raw[start] ?? 0, row, above, size)
    for (let x = 0; x < width; x++) {
      const at = x * size
      pixels[y * width + x] = ((row[at] ?? 0) << 16) | ((row[at + 1] ?? 0) << 8) | (row[at + 2] ?? 0)
    }
    above = row
  }
  return { width, height, pixels }
}

function unfilter(filter: number, row: Uint8Array, above: Uint8Array, size: number): void {
  for (let index = 0; index < row.length; index++) {
    const left = row[index - size] ?? 0
    const up = above[index] ?? 0
    const corner = above[index - size] ?? 0
    row[index] = (row[index] ?? 0) + expected(filter, left, up, corner)
  }
}

function expected(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  return filter === 4 ? paeth(left, up, corner) : 0
}

function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner)
  const toUp = Math.abs(left - corner)
  const toCorner = Math.abs(left + up - 2 * corner)
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

function readChunks(png: Buffer): Array<{ type: string; data: Buffer }> {
  const chunks = []
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return chunks
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  framed.set(body, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}
