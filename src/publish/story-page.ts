import type { ElementContent } from 'hast'
import { h } from 'hastscript'
import { aboutStory, type Download } from './about-story.ts'
import { htmlPage } from './html-page.ts'
import { proseOf } from './prose.ts'
import { storyBody, unplacedLists } from './story-body.ts'
import { storyHeader } from './story-header.ts'
import { structuredData } from './structured-data.ts'
import type { StoryView } from './view.ts'

/** `index.html`: complete with scripts off. */
export function storyPage(view: StoryView, downloads: readonly Download[]): string {
  const { story, case: facts } = view.material
  const prose = proseOf(view)
  const header = storyHeader(view, prose)
  const body = storyBody(view, prose.body)
  const unplaced = unplacedLists(view)
  return htmlPage({
    language: facts.incident.language,
    title: story.title,
    description: story.standfirst,
    script: 'assets/story.js',
    structuredData: structuredData(view),
    body: [
      h('a.skip', { href: '#story' }, 'Skip to the story'),
      h('main', [
        header,
        h('div.body', { id: 'story', tabIndex: -1 }, body as ElementContent[]),
        ...unplaced,
      ]),
      aboutStory(view, downloads),
    ],
  })
}
