import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { PagesConfig } from '../config/pages.ts'
import { ConfigError } from '../config/problem.ts'
import type { CatalogueFile } from '../locale/catalogue.ts'

/** What pages are made from, as it stands on the disk. */
export interface PageFiles {
  /** Templates by name without the ending, each with the file it came from, for problems. */
  templates: ReadonlyMap<string, { file: string; text: string }>
  /** Our catalogues first, then those that are laid over them. */
  catalogues: readonly CatalogueFile[]
  /** Assets by name. */
  assets: ReadonlyMap<string, Uint8Array>
  /** The image that BRAND_LOGO names. */
  logo: Uint8Array | undefined
}

/** A folder of views: its files by the names that count. */
interface Folder {
  templates: Map<string, { file: string; text: string }>
  catalogues: CatalogueFile[]
  assets: Map<string, Uint8Array>
}

/**
 * Reads our own files, and those of the operator that take their place.
 *
 * @param own the folder of our views
 * @param pages what the configuration says: a folder laid over ours, and the path of a logo
 * @throws ConfigError where a file cannot be read, or has a name that means nothing
 */
export function readPageFiles(own: string, pages: Pick<PagesConfig, 'viewsDirectory' | 'brandLogo'>): PageFiles {
  const ours = readFolder(own, 'views')
  const { viewsDirectory, brandLogo } = pages
  const theirs =
    viewsDirectory === undefined ? undefined : attempt('VIEWS_DIR', () => readFolder(viewsDirectory, 'VIEWS_DIR'))
  if (theirs !== undefined) requireKnownNames(theirs, ours)
  return {
    templates: new Map([...ours.templates, ...(theirs?.templates ?? [])]),
    catalogues: [...ours.catalogues, ...(theirs?.catalogues ?? [])],
    assets: new Map([...ours.assets, ...(theirs?.assets ?? [])]),
    logo: brandLogo === undefined ? undefined : attempt('BRAND_LOGO', () => readFileSync(brandLogo)),
  }
}

function readFolder(path: string, label: string): Folder {
  const below = visibleNames(path)
  const inside = (folder: string) => (below.includes(folder) ? visibleNames(join(path, folder)) : [])
  const text = (file: string) => readFileSync(join(path, file), 'utf8')
  const withEnding = (names: readonly string[], ending: string) => names.filter((name) => name.endsWith(ending))
  return {
    templates: new Map(
      withEnding(below, '.eta').map((file) => [basename(file, '.eta'), { file: `${label}/${file}`, text: text(file) }]),
    ),
    catalogues: withEnding(inside('locales'), '.json').map((name) => ({
      file: `${label}/locales/${name}`,
      tag: basename(name, '.json'),
      text: text(join('locales', name)),
    })),
    assets: new Map(inside('assets').map((name) => [name, readFileSync(join(path, 'assets', name))])),
  }
}

/** What begins with a dot is not meant: editors and mounted volumes leave such files behind. */
function visibleNames(path: string): string[] {
  return readdirSync(path)
    .filter((name) => !name.startsWith('.'))
    .sort()
}

/** A file that takes no file's place is a slip of the pen. What begins with _ is a part that views include. */
function requireKnownNames(theirs: Folder, ours: Folder): void {
  const views = [...theirs.templates.keys()].filter((name) => !ours.templates.has(name) && !name.startsWith('_'))
  const known = [...ours.templates.keys()].filter((name) => !name.startsWith('_'))
  const assets = [...theirs.assets.keys()].filter((name) => !ours.assets.has(name))
  const problems = [
    ...views.map((name) => `VIEWS_DIR/${name}.eta takes no view's place; there are ${known.join(', ')}`),
    ...assets.map(
      (name) => `VIEWS_DIR/assets/${name} takes no file's place; there are ${[...ours.assets.keys()].join(', ')}`,
    ),
  ]
  if (problems.length > 0) throw new ConfigError(problems)
}

function attempt<T>(variable: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new ConfigError([`${variable} names ${path ?? 'a file'}, which cannot be read: ${code}`])
  }
}
