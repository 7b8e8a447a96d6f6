import { mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Finding, OtherFacts, PhotoFacts } from '../case/item-facts.ts'
import { guardedPicture } from './guard.ts'
import { convertHeic } from './heic.ts'
import { documentLimits } from './limits.ts'
import { MediaError } from './media-error.ts'
import type { Probed } from './probe.ts'
import { runSandboxed } from './sandbox.ts'
import type { Sniffed } from './sniff.ts'

type PhotoSniffed = Extract<Sniffed, { kind: 'photo' }>

/**
 * A photo's upright size, by decoding it (HEIC through a file in `scratchFolder`). Bad content is a finding; throws
 * MediaError only for trouble of this machine.
 */
export async function probePhoto(
  source: string,
  sniffed: PhotoSniffed,
  scratchFolder: string,
): Promise<Probed<PhotoFacts | OtherFacts>> {
  try {
    return sniffed.format === 'heic'
      ? await probeHeic(source, sniffed, scratchFolder)
      : await probeDecoded(source, sniffed, sniffed.format)
  } catch (error) {
    if (!(error instanceof MediaError) || !/^(?:failed|.*-limit)$/.test(error.code)) throw error
    const code = error.code === 'failed' ? 'unreadable-media' : 'limit-exceeded'
    return unusable(sniffed, code, `The photo cannot be read: ${error.message}.`)
  }
}

async function probeHeic(
  source: string,
  sniffed: PhotoSniffed,
  scratchFolder: string,
): Promise<Probed<PhotoFacts | OtherFacts>> {
  const folder = await mkdtemp(path.join(scratchFolder, 'heic-'))
  try {
    return await probeDecoded(await convertHeic(source, folder, undefined), sniffed, 'png')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function probeDecoded(
  file: string,
  sniffed: PhotoSniffed,
  decodedAs: 'jpeg' | 'png',
): Promise<Probed<PhotoFacts | OtherFacts>> {
  const { stdout, stderr } = await runSandboxed({
    program: 'ffprobe',
    args: [
      '-v',
      'error',
      ...guardedPicture(decodedAs),
      '-show_entries',
      'frame=width,height:frame_tags:frame_side_data=rotation',
      '-of',
      'compact',
      '-read_intervals',
      '%+#1',
      'file:in/0',
    ],
    inputs: [file],
    limits: documentLimits,
    acceptFailure: true,
  })
  const said = stdout.toString('latin1')
  const found = /^frame\|.*?width=(\d+)\|height=(\d+)/m.exec(said)
  const [width = 0, height = 0] = (found?.slice(1) ?? []).map(Number)
  if (/exceeds specified max pixel count/.test(stderr)) {
    return unusable(
      sniffed,
      'too-many-pixels',
      'The photo has more pixels than are decoded; ask for a smaller copy and keep this one as the original.',
    )
  }
  if (!(width > 0 && height > 0)) {
    return unusable(
      sniffed,
      'unreadable-media',
      'The file begins like a photo but cannot be decoded.',
    )
  }
  const turned = /rotation=-?(?:90|270)\b/.test(said)
  const findings: Finding[] = []
  if (/tag:GPS(?:Lat|Long)itude/i.test(said)) {
    findings.push({
      code: 'metadata-location',
      severity: 'notice',
      message:
        'The photo says where it was taken. Derivatives leave that out; the original keeps it.',
    })
  }
  return {
    facts: {
      kind: 'photo',
      mediaType: sniffed.mediaType,
      format: sniffed.format,
      widthPixels: turned ? height : width,
      heightPixels: turned ? width : height,
    },
    findings,
  }
}

function unusable(
  sniffed: PhotoSniffed,
  code: Finding['code'],
  message: string,
): Probed<OtherFacts> {
  return {
    facts: { kind: 'other', mediaType: sniffed.mediaType },
    findings: [{ code, severity: 'problem', message }],
  }
}
