import type { ClaimReading } from '../case/reading.ts'
import type { Player } from './players.ts'
import type { StoryView } from './view.ts'

/**
 * schema.org NewsArticle with its videos and claims. ClaimReview is left out on
 * purpose: it carries a verdict, and this software has none (field rule 9).
 */
export function structuredData(view: StoryView): unknown {
  const { story, case: facts, publishedAt, firstPublishedAt, tables } = view.material
  return {
    '@context': 'https://schema.org',
    '@type': 'NewsArticle',
    headline: story.title,
    description: story.standfirst,
    inLanguage: facts.incident.language,
    author: { '@type': 'Organization', name: story.byline },
    datePublished: firstPublishedAt,
    dateModified: publishedAt,
    contentLocation: { '@type': 'Place', name: facts.incident.place },
    ...(story.corrections.length === 0
      ? {}
      : {
          correction: story.corrections.map(({ date, text }) => ({
            '@type': 'CorrectionComment',
            datePublished: date,
            text,
          })),
        }),
    video: view.players.map((player) => video(view, player)),
    mentions: tables.claims.map(claim),
  }
}

function video(view: StoryView, player: Player) {
  const { part, place } = player
  const poster = view.material.exhibits.get(place.id)?.parts.find((each) => each.role === 'poster')
  return {
    '@type': 'VideoObject',
    '@id': `#${place.id}`,
    name: place.caption === '' ? part.name : place.caption,
    description: part.treatment,
    contentUrl: part.path,
    encodingFormat: part.mediaType,
    width: part.widthPixels,
    height: part.heightPixels,
    sha256: part.sha256,
    uploadDate: view.material.publishedAt,
    ...(poster === undefined ? {} : { thumbnailUrl: poster.path }),
    ...(part.durationSeconds === undefined
      ? {}
      : { duration: `PT${part.durationSeconds.toFixed(3)}S` }),
  }
}

function claim({ claim: { id, text }, asserted, denied, qualified }: ClaimReading) {
  return {
    '@type': 'Claim',
    '@id': `#claim-${id}`,
    text,
    appearance: [...asserted, ...denied, ...qualified].map(({ statement, source }) => ({
      '@type': 'Quotation',
      text: statement.quote,
      creator: {
        '@type': source.kind === 'witness' ? 'Person' : 'Organization',
        name: source.name,
      },
    })),
  }
}
