import type { RecordingOnClock } from '../case/on-clock.ts'

const methods: Readonly<Record<RecordingOnClock['method'], string>> = {
  sound: 'by shared sound',
  anchors: 'by events seen in two recordings',
  'sound and anchors': 'by shared sound and events seen in two recordings',
  reference: 'the others are set against it',
}

export function methodText(method: RecordingOnClock['method']): string {
  return methods[method]
}
