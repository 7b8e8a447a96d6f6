/** Dense, quiet, dark neutral; one accent, which means a link to footage. */
export const deskStyle = `
:root { color-scheme: dark; --ground: #17181a; --panel: #1f2124; --raised: #2d3036; --ink: #e6e4df; --soft: #a9a69f; --line: #3a3c40; --edge: #8a8780; --accent: #8ab6d6; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: center; padding: 0.75rem 1.5rem; border-bottom: 1px solid var(--line); }
header a { color: var(--ink); font-weight: 600; text-decoration: none; letter-spacing: 0.02em; display: inline-block; padding: 0.25rem 0; }
header > span { font-weight: 600; letter-spacing: 0.02em; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
header nav { margin-left: auto; }
header nav a { font-weight: 400; color: var(--soft); }
header .search { display: flex; gap: 0.5rem; flex: 1 1 14rem; max-width: 28rem; }
.search input { flex: 1; min-width: 0; width: auto; }
.search input, .search button { min-height: 2.25rem; padding: 0.25rem 0.75rem; }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem; }
main:focus, h1:focus, h2:focus { outline: none; }
h1 { font-size: 1.25rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.125rem; margin: 1.5rem 0 0.25rem; }
h3 { font-size: 1rem; margin: 0 0 0.25rem; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a[aria-current] { color: var(--ink); text-decoration: none; font-weight: 600; }
:is(a, summary, input, select, textarea, button):focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
li { overflow-wrap: anywhere; margin: 0.25rem 0; }
.incidents, .files { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; }
.files { margin: 1rem 0 0; }
.incidents > li, .files > li { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 1rem 1.25rem; margin: 0; min-width: 0; }
.files > li { padding: 0.75rem 1rem; display: grid; gap: 0.5rem; }
:is(.incidents, .files) :is(h2, h3) { font-size: 1rem; margin: 0; }
.incidents h2 { font-size: 1.125rem; }
.files p { margin: 0; }
.files > li > code { justify-self: start; }
.incidents p { margin: 0.25rem 0; }
.meta { color: var(--soft); font-variant-numeric: tabular-nums; }
summary { min-height: 24px; cursor: pointer; color: var(--soft); }
details ul { margin: 0.5rem 0 0; padding-left: 1.25rem; }
code { font: 0.875em ui-monospace, monospace; background: #2a2c30; padding: 0.1em 0.35em; border-radius: 3px; overflow-wrap: anywhere; }
bdi { white-space: break-spaces; overflow-wrap: anywhere; }
mark { background: #55502a; color: inherit; padding: 0 0.1em; }
.empty { border: 1px dashed var(--line); border-radius: 4px; padding: 1rem 1.25rem; margin: 0.75rem 0; }
#passkey { margin-top: 1rem; }
form { display: grid; gap: 1rem; min-width: 0; }
form > p, .empty > p { margin: 0; }
.empty > p + p { margin-top: 0.5rem; }
label, legend { font-weight: 600; padding: 0; }
.hint { color: var(--soft); margin: 0; font-weight: 400; }
input, select, textarea, button, .button { font: inherit; font-weight: 400; color: var(--ink); background: var(--panel); border: 1px solid var(--edge); border-radius: 4px; padding: 0.4rem 0.75rem; min-height: 2.75rem; }
input, select { display: block; width: 100%; max-width: 28rem; }
input[type=file] { max-width: none; }
textarea { display: block; width: 100%; min-height: 8rem; resize: vertical; }
textarea.short { min-height: 4rem; }
input[type=checkbox] { display: inline-block; min-height: 1.5rem; width: 1.5rem; margin: 0 0.4rem 0 0; vertical-align: middle; }
.choice { display: inline-block; min-width: 13rem; padding: 0.15rem 0; font-weight: 400; }
fieldset { border: 1px solid var(--line); border-radius: 4px; min-width: 0; }
button, .button { cursor: pointer; background: var(--raised); }
.button { display: inline-flex; align-items: center; text-decoration: none; }
button:disabled { color: var(--soft); cursor: default; }
button.main { background: #d8e6f0; color: #17181a; border-color: #d8e6f0; font-weight: 600; }
form > button { justify-self: start; }
.acts { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.filters { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); }
.drop { border: 1px dashed var(--edge); border-radius: 4px; padding: 1rem; display: grid; gap: 1rem; }
.drop.over { border-color: var(--accent); background: var(--panel); }
progress { width: 100%; height: 0.75rem; accent-color: var(--accent); }
.receipt { font: 1.5rem/1.6 ui-monospace, monospace; letter-spacing: 0.05em; overflow-wrap: anywhere; background: var(--panel); border: 1px solid var(--edge); border-radius: 4px; padding: 0.75rem 1rem; margin: 0; }
.address { font-size: 1rem; letter-spacing: 0; }
.kept { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }
.kept h2 { margin: 0; }
.kept ul { margin: 0.25rem 0 0; padding-left: 1.25rem; }
.note, .account { white-space: pre-line; overflow-wrap: anywhere; }
.note, .account { border-left: 3px solid var(--edge); margin: 0.5rem 0 1rem; padding-left: 1rem; }
[hidden] { display: none !important; }
#status:empty { display: none; }
#status, .said { border-left: 3px solid var(--accent); padding: 0.25rem 0.75rem; }
#status.wrong, .said.wrong { border-left-style: double; border-left-width: 6px; }
.qr { margin: 1rem 0; width: 14rem; max-width: 100%; background: #fff; fill: #000; display: block; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--ground); padding: 0.5rem; }
`
