import manifest from '../../package.json' with { type: 'json' }

export const version: string = manifest.version

/** As custody records name the tool. */
export const toolName = `sightline ${version}`
