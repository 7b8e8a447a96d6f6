import type { Root } from 'hast'
import { visit } from 'unist-util-visit'

/**
 * Characters that make a text read other than it is written: control
 * characters and the explicit bidirectional ones (Trojan Source, CVE-2021-42574).
 */
const deceiving = /[\p{Cc}\u061C\u202A-\u202E\u2066-\u2069\uFEFF]/gu
const kept = new Set(['\n', '\t'])

/** The text with every deceiving character spelled out, e.g. `⟨U+202E⟩`; nothing is dropped. */
export function visibleText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(deceiving, (character) =>
      kept.has(character) ? character : `⟨${codePointName(character)}⟩`,
    )
}

function codePointName(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase()
  return `U+${hex.padStart(4, '0')}`
}

/**
 * The one place through which every text of a page passes: titles, names,
 * quotes and file names are hostile. Escaping is the serialiser's; this keeps
 * what is shown from being other than what is written.
 */
export function makeTextVisible(page: Root): void {
  visit(page, (node) => {
    if (node.type === 'element' && node.tagName === 'script') return 'skip'
    if (node.type === 'text') node.value = visibleText(node.value)
    if (node.type !== 'element') return undefined
    for (const [name, value] of Object.entries(node.properties)) {
      if (typeof value === 'string') node.properties[name] = visibleText(value)
    }
    return undefined
  })
}
