/** Every page but those of a story: one head, one header, and text that reads as it is written. */
import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import rehypeStringify from 'rehype-stringify'
import { unified } from 'unified'
import type { Asker } from '../access/asker.ts'
import type { Action } from '../access/roles.ts'
import type { PageScript } from '../jobs/page-scripts.ts'
import { makeTextVisible } from '../publish/visible-text.ts'

/** Names, words and titles in it may be hostile as they are. */
export type Content = ElementContent | undefined

export interface Frame {
  /** Whoever reads it: the header leads to what they may open. Absent on pages for those who have no desk. */
  readonly asker?: Asker
  readonly script?: PageScript
  /** What was searched for, to be changed. */
  readonly words?: string
}

export function deskDocument(
  title: string,
  content: readonly Content[],
  frame: Frame = {},
): string {
  const { asker, script } = frame
  const tree = h(null, [
    { type: 'doctype' },
    h('html', { lang: 'en' }, [
      h('head', [
        h('meta', { charSet: 'utf-8' }),
        h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
        h('meta', { name: 'robots', content: 'noindex' }),
        h('title', `${title} – Sightline`),
        h('link', { rel: 'stylesheet', href: '/desk.css' }),
        script === undefined
          ? undefined
          : h('script', { src: `/scripts/${script}.js`, defer: true }),
      ]),
      h('body', [
        h('a.skip', { href: '#main' }, 'Skip to content'),
        h(
          'header',
          asker === undefined ? h('span', 'Sightline') : deskHeader(asker, frame.words ?? ''),
        ),
        h(
          'main#main',
          { tabIndex: -1 },
          content.filter((node) => node !== undefined),
        ),
      ]),
    ]),
  ])
  makeTextVisible(tree)
  return unified().use(rehypeStringify).stringify(tree)
}

function deskHeader(asker: Asker, words: string): Element[] {
  const link = (href: string, label: string): Element => h('a', { href }, label)
  return [
    link('/', 'Sightline'),
    ...(mayAnywhere(asker, 'incident.read') ? [searchField(words)] : []),
    h('nav', { ariaLabel: 'Desk' }, [
      ...(mayAnywhere(asker, 'jobs.read') ? [link('/jobs', 'Jobs')] : []),
      ...(asker.may('people.manage') ? [link('/people', 'People')] : []),
      asker.kind === 'nobody' ? link('/sign-in', 'Sign in') : link('/account', 'Account'),
    ]),
  ]
}

const searchField = (words: string): Element =>
  h('form.search', { role: 'search', action: '/search' }, [
    h('input', {
      type: 'search',
      name: 'q',
      value: words,
      ariaLabel: 'Search all incidents',
      autoComplete: 'off',
    }),
    h('button', { type: 'submit' }, 'Search'),
  ])

function mayAnywhere(asker: Asker, action: Action): boolean {
  const within = asker.incidents(action)
  return within === 'all' || within.length > 0
}
