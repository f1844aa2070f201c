import { ConfigError } from '../config/problem.ts'
import { sha256 } from '../lib/digest.ts'
import { imageType } from '../lib/image-type.ts'
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
  if (type !== undefined) return type
  // Safe here, where the operator put it: the pages show it as an image, and no script in it runs.
  if (isSvg(logo)) return 'image/svg+xml'
  throw new ConfigError(['BRAND_LOGO must be an image: SVG, PNG, WebP, JPEG, GIF or AVIF'])
}

/**
 * By the first bytes, too: a name can say anything. Before the root element may stand a declaration, comments and a document
 * type.
 */
function isSvg(content: Uint8Array): boolean {
  const root = Buffer.from(content.subarray(0, 4096))
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[^>[]*>/gi, '')
  return /^\s*<svg[\s>]/.test(root)
}
