import type { ElementContent } from 'hast'
import { h } from 'hastscript'
import rehypeStringify from 'rehype-stringify'
import { unified } from 'unified'

/** A page of its own, without the desk around it where whoever reads it has none. */
export function formPage(
  title: string,
  content: readonly (ElementContent | undefined)[],
  { script, home }: { readonly script?: string; readonly home?: string } = {},
): string {
  const tree = h(null, [
    { type: 'doctype' },
    h('html', { lang: 'en' }, [
      h('head', [
        h('meta', { charSet: 'utf-8' }),
        h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
        h('meta', { name: 'robots', content: 'noindex' }),
        h('title', `${title} – Sightline`),
        h('link', { rel: 'stylesheet', href: '/desk.css' }),
        h('link', { rel: 'stylesheet', href: '/form.css' }),
        script === undefined
          ? undefined
          : h('script', { src: `/scripts/${script}.js`, defer: true }),
      ]),
      h('body', [
        h('a.skip', { href: '#main' }, 'Skip to content'),
        h(
          'header',
          home === undefined ? h('span', 'Sightline') : h('a', { href: home }, 'Sightline'),
        ),
        h(
          'main#main',
          { tabIndex: -1 },
          content.filter((node) => node !== undefined),
        ),
      ]),
    ]),
  ])
  return unified().use(rehypeStringify).stringify(tree)
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  const [unit, size] =
    bytes < 1e6 ? ['kB', bytes / 1e3] : bytes < 1e9 ? ['MB', bytes / 1e6] : ['GB', bytes / 1e9]
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`
}

/** `2031-05-04 17:03 UTC` */
export const momentText = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`
