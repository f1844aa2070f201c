import { ConfigError } from '../config/problem.ts'
import { sha256 } from '../lib/digest.ts'
import { brandStylesheet } from './brand-colours.ts'
import type { PageFiles } from './page-files.ts'

/** A file that pages refer to. */
export interface PageAsset {
  name: string
  type: string
  content: Uint8Array
  /** Another one for every other content. */
  version: string
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const LARGEST_LOGO = 65_536

/**
 * The assets by name: the files of the views folder, `brand.css` where there is an accent colour, `logo` where there is one.
 *
 * @param accent #rrggbb
 * @throws ConfigError for a logo that is too large or no image
 */
export function createPageAssets(
  { assets, logo }: Pick<PageFiles, 'assets' | 'logo'>,
  accent: string | undefined,
): ReadonlyMap<string, PageAsset> {
  const all: Array<Omit<PageAsset, 'version'>> = [...assets].map(([name, content]) => {
    return { name, type: TYPES[/\.\w+$/.exec(name)?.[0] ?? ''] ?? 'application/octet-stream', content }
  })
  if (accent !== undefined) {
    all.push({ name: 'brand.css', type: 'text/css; charset=utf-8', content: Buffer.from(brandStylesheet(accent)) })
  }
  if (logo !== undefined) all.push({ name: 'logo', type: requireImage(logo), content: logo })
  return new Map(all.map((asset) => [asset.name, { ...asset, version: sha256(asset.content).slice(0, 12) }]))
}

function requireImage(logo: Uint8Array): string {
  if (logo.length > LARGEST_LOGO) {
    throw new ConfigError([`BRAND_LOGO must be of ${LARGEST_LOGO} bytes at most; the file has ${logo.length}`])
  }
  const type = imageType(logo)
  if (type === undefined) throw new ConfigError(['BRAND_LOGO must be an image: SVG, PNG, WebP or JPEG'])
  return type
}

/** By the first bytes: a name can say anything. */
function imageType(content: Uint8Array): string | undefined {
  const start = Buffer.from(content.subarray(0, 4096))
  const bytes = start.toString('latin1')
  if (bytes.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (bytes.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (bytes.startsWith('RIFF') && bytes.slice(8, 12) === 'WEBP') return 'image/webp'
  // Before the root element there may be a declaration, comments and a document type.
  const root = start
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*>/gi, '')
  return /^\s*<svg[\s>]/.test(root) ? 'image/svg+xml' : undefined
}
