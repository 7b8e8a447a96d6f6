import { findPackageJSON } from 'node:module'
import { dirname } from 'node:path'

/** The folder of package.json, from `src/` and from `build/` alike. */
export const packageRoot = dirname(findPackageJSON(import.meta.url)!)
