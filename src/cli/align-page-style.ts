/** After the reader's page: warm paper, near-black ink, one accent that means footage. No font is fetched. */
export const alignPageStyle = `
:root {
  color-scheme: light dark;
  --paper: #f8f4ea;
  --sheet: #fffdf8;
  --ink: #1c1a17;
  --soft: #5c564c;
  --rule: #d9d0bf;
  --footage: #1a5676;
  --track: #e9e2d3;
  --serif: 'Source Serif 4', 'Source Serif Pro', Georgia, 'Times New Roman', serif;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #181613;
    --sheet: #211e1a;
    --ink: #e9e3d7;
    --soft: #aea697;
    --rule: #3d3830;
    --footage: #5f9fbf;
    --track: #2a2620;
  }
  .spectrogram image { filter: invert(1) hue-rotate(180deg); }
}
*, *::before, *::after { box-sizing: border-box; }
html {
  background: var(--paper);
  color: var(--ink);
  font: 400 100%/1.55 var(--serif);
  text-size-adjust: 100%;
}
body { margin: 0; overflow-wrap: anywhere; }
main { max-width: 76rem; margin-inline: auto; padding: 3rem 2rem 4rem; }
h1, h2, h3, p, ul, figure { margin: 0; padding: 0; }
h1 { font-size: 2.5rem; line-height: 1.15; font-weight: 600; letter-spacing: -0.01em; }
h2 { font-size: 1.5rem; line-height: 1.25; font-weight: 600; }
h3 { font: 600 0.875rem/1.4 var(--sans); margin-block: 2rem 0.5rem; }
.dateline, .legend, .note, table, .row, .axis text, .path {
  font-family: var(--sans);
  font-variant-numeric: tabular-nums lining-nums;
}
.dateline { font-size: 0.8125rem; color: var(--soft); margin-bottom: 0.5rem; }
.standfirst { font-size: 1.1875rem; line-height: 1.5; max-width: 42rem; margin-top: 0.75rem; }
main > section { border-top: 1px solid var(--ink); margin-top: 2.75rem; padding-top: 1rem; }
section > h2 + figure { margin-top: 0.75rem; }
section > h2 + h3 { margin-top: 0.5rem; }
.count { font-weight: 400; color: var(--soft); }
.claim { max-width: 46rem; margin-top: 0.75rem; }
.claim strong { font-weight: 600; white-space: nowrap; font-variant-numeric: tabular-nums lining-nums; }
.evidence { list-style: none; margin-top: 0.375rem; font: 400 0.875rem/1.5 var(--sans); color: var(--soft); }
.evidence li { padding-left: 1rem; text-indent: -1rem; }
.evidence .against { color: var(--ink); font-weight: 600; }
figure { margin-top: 1.5rem; }
.picture { background: var(--sheet); border: 1px solid var(--rule); padding: 1rem 1.25rem 1.25rem; }
.row { display: grid; grid-template-columns: 13rem minmax(0, 1fr); column-gap: 1.25rem; align-items: center; font-size: 0.875rem; line-height: 1.3; }
.row + .row { margin-top: 0.25rem; }
.row .name { overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
svg { display: block; overflow: visible; width: 100%; }
.axis { height: 28px; }
.axis text { font-size: 12px; fill: var(--soft); }
.axis line { stroke: var(--soft); }
.lane { height: 26px; }
.lane .track { fill: var(--track); }
.lane .bar { fill: var(--footage); }
.lane .halo { stroke: var(--sheet); stroke-width: 3.5; }
.lane .sound { stroke: var(--ink); stroke-width: 1.75; }
.lane .alone { stroke: var(--soft); stroke-width: 1.75; }
.sound-figure figcaption { font: 400 0.875rem/1.4 var(--sans); font-variant-numeric: tabular-nums lining-nums; margin-bottom: 0.375rem; }
.spectrogram { height: 84px; }
.tick, .error { stroke: var(--ink); stroke-width: 1.5; }
.legend { font-size: 0.8125rem; color: var(--soft); margin-top: 0.625rem; }
.note { font-size: 0.8125rem; line-height: 1.5; color: var(--soft); max-width: 46rem; margin-top: 0.5rem; }
.scroll { overflow-x: auto; }
.scroll:focus-visible, summary:focus-visible { outline: 2px solid var(--footage); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: 0.4375rem 1.5rem 0.4375rem 0; border-bottom: 1px solid var(--rule); font-weight: 400; }
thead th { color: var(--soft); font-size: 0.8125rem; white-space: nowrap; border-bottom-color: var(--soft); }
tbody th:not(.short) { min-width: 11rem; }
th:last-child, td:last-child { padding-right: 0; }
.n, .short { white-space: nowrap; }
.n { text-align: right; }
.words { min-width: 14rem; }
.words bdi { display: inline-block; }
.path { display: block; font-size: 0.75rem; color: var(--soft); }
summary { cursor: pointer; font: 600 0.875rem/1.4 var(--sans); margin-top: 2rem; padding-block: 0.25rem; }
details h3 { margin-block: 0.25rem 0; font-weight: 400; color: var(--soft); }
footer { border-top: 1px solid var(--rule); margin-top: 3rem; padding-top: 1rem; font-size: 0.9375rem; max-width: 46rem; }
footer p + p { margin-top: 0.625rem; }
@media (max-width: 40rem) {
  main { padding: 1.75rem 1rem 3rem; }
  h1 { font-size: 1.875rem; }
  .standfirst { font-size: 1.0625rem; }
  .picture { padding: 0.75rem; margin-inline: -0.25rem; }
  .row { grid-template-columns: minmax(0, 1fr); }
  .row + .row { margin-top: 0.75rem; }
  .row.ruler-row + .row { margin-top: 0.375rem; }
  .ruler-row .name { display: none; }
  .lane { height: 22px; }
  th, td { padding-right: 1rem; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --sheet: #fff; --ink: #000; --soft: #444; --rule: #bbb; --footage: #1a5676; --track: #eee; }
  html { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  .scroll { overflow: visible; }
  .spectrogram image { filter: none; }
  .row, tr, .claim, .sound-figure { break-inside: avoid; }
  h2, h3, thead { break-after: avoid; }
  details::details-content { content-visibility: visible; display: block; }
}
`
