import type { StoryMaterial } from '../case/bundle.ts'
import type { Observation, Statement } from '../case/case-schema.ts'
import { saidBy } from './said.ts'

/**
 * Statements and observations as W3C Web Annotations. A target is the original,
 * named by its hash (RFC 6920); its place there is a TextQuoteSelector, a PDF
 * page (RFC 3778) or a media fragment.
 */
export function annotationPage(material: StoryMaterial): unknown {
  const { case: facts } = material
  return {
    '@context': 'http://www.w3.org/ns/anno.jsonld',
    id: 'data/annotations.json',
    type: 'AnnotationPage',
    items: [
      ...facts.statements.flatMap((statement) => statementAnnotation(material, statement)),
      ...facts.observations.flatMap((observation) => observationAnnotation(material, observation)),
    ],
  }
}

function statementAnnotation(material: StoryMaterial, statement: Statement): unknown[] {
  const { account, source } = saidBy(material, statement.id)
  const item = itemOf(material, account.document ?? account.footage)
  if (item === undefined) return []
  const quote = {
    type: 'TextQuoteSelector',
    exact: statement.quote,
    ...(statement.prefix === undefined ? {} : { prefix: statement.prefix }),
    ...(statement.suffix === undefined ? {} : { suffix: statement.suffix }),
  }
  const { from, to } = statement
  const page = material.passages.get(statement.id)?.page
  const selector =
    from !== undefined && to !== undefined
      ? [timeFragment(from, to), quote]
      : page !== undefined && isPdf(material, account.document)
        ? { ...pageFragment(page), refinedBy: quote }
        : quote
  return [
    {
      id: `index.html#statement-${statement.id}`,
      type: 'Annotation',
      motivation: statement.on.length === 0 ? 'highlighting' : 'linking',
      creator: { name: source.name, type: source.kind === 'witness' ? 'Person' : 'Organization' },
      body: [
        { type: 'TextualBody', purpose: 'describing', value: statement.quote },
        ...statement.on.map(({ claim, stance }) => ({
          type: 'SpecificResource',
          purpose: 'linking',
          source: `index.html#claim-${claim}`,
          'sightline:stance': stance,
        })),
      ],
      target: { source: nameOfHash(item), selector },
    },
  ]
}

function observationAnnotation(material: StoryMaterial, observation: Observation): unknown[] {
  const { moment, by, date, judgement, claim, note, id } = observation
  const item = itemOf(material, moment?.footage)
  if (moment === undefined || item === undefined) return []
  return [
    {
      id: `index.html#observation-${id}`,
      type: 'Annotation',
      motivation: 'assessing',
      creator: { type: 'Person', name: by },
      'sightline:date': date,
      body: [
        {
          type: 'SpecificResource',
          purpose: 'assessing',
          source: `index.html#claim-${claim}`,
          'sightline:judgement': judgement,
        },
        ...(note === undefined
          ? []
          : [{ type: 'TextualBody', purpose: 'commenting', value: note }]),
      ],
      target: { source: nameOfHash(item), selector: timeFragment(moment.from, moment.to) },
    },
  ]
}

/** In the recording's own time; Media Fragments URI 1.0, 4.2.1. */
function timeFragment(fromSeconds: number, toSeconds: number) {
  return {
    type: 'FragmentSelector',
    conformsTo: 'http://www.w3.org/TR/media-frags/',
    value: `t=${Number(fromSeconds.toFixed(3))},${Number(toSeconds.toFixed(3))}`,
  }
}

function pageFragment(page: number) {
  return {
    type: 'FragmentSelector',
    conformsTo: 'http://tools.ietf.org/rfc/rfc3778',
    value: `page=${page + 1}`,
  }
}

function isPdf(material: StoryMaterial, document: string | undefined): boolean {
  return (
    document !== undefined && material.items.get(document)?.facts.mediaType === 'application/pdf'
  )
}

function itemOf(material: StoryMaterial, id: string | undefined): string | undefined {
  return id === undefined ? undefined : material.items.get(id)?.item
}

/** `ni:///sha-256;…`, base64url of the 32 bytes. */
function nameOfHash(sha256: string): string {
  const bytes = sha256.match(/../g) ?? []
  const binary = bytes.map((hex) => String.fromCharCode(Number.parseInt(hex, 16))).join('')
  return `ni:///sha-256;${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`
}
