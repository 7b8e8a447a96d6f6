import { h } from 'hastscript'
import type { StoryMaterial } from '../case/bundle.ts'
import { htmlPage } from './html-page.ts'

/** `verify.html`: runs the verifier in the reader's browser, on this site or on a downloaded folder. */
export function verifyPage(material: StoryMaterial): string {
  return htmlPage({
    language: 'en',
    title: 'Check this story',
    description:
      'Checks every file of this story against its hash and the log it was published in.',
    script: 'assets/verify.js',
    body: [
      h('a.skip', { href: '#check' }, 'Skip to the check'),
      h('main.verify', [
        h('header.opening', [
          h(
            'p.dateline',
            h('a', { href: 'index.html' }, [
              'Back to “',
              h('bdi', { lang: material.case.incident.language }, material.story.title),
              '”',
            ]),
          ),
          h('h1', 'Check this story'),
          h(
            'p.standfirst',
            'Every file here is compared with its published hash, and every exhibit followed through its recipe to the log entry of the original it was made from. The check runs in this browser; nothing is sent anywhere.',
          ),
        ]),
        h('section', { id: 'check', tabIndex: -1 }, [
          h('p.warning', { id: 'without-script' }, [
            'This page checks with a script, which has not run. The same check without a browser: ',
            h('code', 'sha256sum -c proof/manifest.sha256'),
            ' in the downloaded folder, or ',
            h('code', './sightline verify <folder>'),
            '.',
          ]),
          h('div', { id: 'controls', hidden: true }, [
            h('p', { id: 'served' }, [
              h('button', { type: 'button', id: 'check-served' }, 'Check the files on this site'),
              h(
                'span.hint',
                'A web server does not list its folder: files that are there but not named in the story cannot be seen this way.',
              ),
            ]),
            h('div', [
              h('label', { htmlFor: 'folder' }, 'Check a downloaded folder'),
              h('input', {
                type: 'file',
                id: 'folder',
                webkitdirectory: true,
                multiple: true,
                ariaDescribedBy: 'folder-hint',
              }),
              h(
                'span.hint',
                { id: 'folder-hint' },
                'Choose the folder that holds this page. Extra files are found too.',
              ),
            ]),
            h('div', [
              h('label', { htmlFor: 'key' }, 'The publisher’s key, if you have it from elsewhere'),
              h('input', {
                type: 'text',
                id: 'key',
                autoComplete: 'off',
                spellCheck: 'false',
                ariaDescribedBy: 'key-hint',
              }),
              h(
                'span.hint',
                { id: 'key-hint' },
                'One line, “name+ID+key”. Without it the key in the bundle is used, and whoever could change the whole bundle could have brought their own.',
              ),
            ]),
          ]),
          h('div', { id: 'report', ariaLive: 'polite' }),
        ]),
        h('section', [
          h('h2', 'What this shows, and what not'),
          h('div.two', [
            h('div', [
              h('h3', 'With no findings, it shows'),
              h('ul', [
                h(
                  'li',
                  'that every file is the one named in a story whose publication stands in the log;',
                ),
                h(
                  'li',
                  'that each picture and video was recorded as made by a recipe that is part of this bundle, from originals that the log recorded as received;',
                ),
                h('li', 'that the records opened here are those the log committed to.'),
              ]),
            ]),
            h('div', [
              h('h3', 'It does not show'),
              h('ul', [
                h(
                  'li',
                  'that a recording is authentic, unaltered before it was received, or filmed when and where it is said to be;',
                ),
                h('li', [
                  'that a recipe gives these very frames: rendering again from the originals does (',
                  h('code', './sightline verify --reproduce'),
                  ');',
                ]),
                h('li', 'that nothing was left out, or that what anybody says is true;'),
                h('li', 'that times in the records are right: they are the publisher’s own;'),
                h('li', 'whose log it is, unless its key is compared with one obtained elsewhere.'),
              ]),
            ]),
          ]),
          h(
            'p',
            'This page came with the bundle it checks. Whoever doubts the publisher runs a checker they got elsewhere: the command-line one, or the short Python script, both in Sightline’s source.',
          ),
        ]),
      ]),
      h(
        'footer.about',
        h(
          'section',
          h('p', [
            'Published by Sightline ',
            material.toolVersion,
            ', log ',
            h('code', material.logOrigin),
          ]),
        ),
      ),
    ],
  })
}
