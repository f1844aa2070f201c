import type { PagesConfig } from '../config/pages.ts'
import { basePathOf } from './issuer-url.ts'
import { createPageAssets, type PageAsset } from './page-assets.ts'
import { readPageFiles } from './page-files.ts'
import { createViews, type Views } from './views.ts'

/** Everything that people see: the views, and the files that they refer to. */
export interface PageParts {
  views: Views
  assets: ReadonlyMap<string, PageAsset>
}

/**
 * Reads, compiles and tries everything that pages are made from, so that what is wrong with it stops the start instead of a
 * sign-in, and no request waits for a disk.
 *
 * @param directory the folder of our own views
 * @throws ConfigError naming the files
 */
export function createPageParts(config: { issuer: string; pages: PagesConfig }, directory: string): PageParts {
  const { issuer, pages } = config
  const files = readPageFiles(directory, pages)
  const assets = createPageAssets(files, pages.accentColor)
  return { assets, views: createViews({ files, assets, brand: pages, basePath: basePathOf(issuer) }) }
}
