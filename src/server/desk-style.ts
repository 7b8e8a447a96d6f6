/** Dense, quiet, dark neutral; one accent, which means a link to footage. */
export const deskStyle = `
:root { color-scheme: dark; --ground: #17181a; --panel: #1f2124; --ink: #e6e4df; --soft: #a9a69f; --line: #3a3c40; --accent: #8ab6d6; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
header { padding: 0.75rem 1.5rem; border-bottom: 1px solid var(--line); }
header a { color: var(--ink); font-weight: 600; text-decoration: none; letter-spacing: 0.02em; display: inline-block; padding: 0.25rem 0; }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem; }
main:focus { outline: none; }
h1 { font-size: 1.25rem; margin: 0 0 1rem; }
h2 { font-size: 1.125rem; margin: 0 0 0.25rem; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
.incidents { list-style: none; margin: 0; padding: 0; display: grid; gap: 0.75rem; }
.incidents > li { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 1rem 1.25rem; overflow-wrap: anywhere; }
.incidents p { margin: 0.25rem 0; }
.meta { color: var(--soft); font-variant-numeric: tabular-nums; }
summary { min-height: 24px; cursor: pointer; color: var(--soft); }
details ul { margin: 0.5rem 0 0; padding-left: 1.25rem; }
code { font: 0.875em ui-monospace, monospace; background: #2a2c30; padding: 0.1em 0.35em; border-radius: 3px; }
.empty { border: 1px dashed var(--line); border-radius: 4px; padding: 1rem 1.25rem; }
header { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: baseline; }
nav { display: flex; gap: 1.25rem; margin-left: auto; }
nav a { font-weight: 400; color: var(--soft); }
h2 { margin-top: 1.5rem; }
.incidents h2 { margin-top: 0; }
label { color: var(--soft); }
label:not(.choice) > input, label > select { display: block; width: 100%; max-width: 28rem; }
input, select, button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid #6a6d73; border-radius: 3px; padding: 0.4rem 0.6rem; min-height: 2.25rem; }
input[type=checkbox] { min-height: 1.5rem; width: 1.5rem; margin: 0 0.4rem 0 0; vertical-align: middle; }
.choice { display: inline-block; min-width: 13rem; padding: 0.15rem 0; }
fieldset { border: 1px solid var(--line); border-radius: 4px; }
button { cursor: pointer; background: #2d3036; }
button:disabled { color: var(--soft); cursor: default; }
input:focus-visible, select:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
#status:empty { display: none; }
#status { border-left: 3px solid var(--accent); padding: 0.25rem 0.75rem; }
#status.wrong { border-left-style: double; border-left-width: 6px; }
li { overflow-wrap: anywhere; margin: 0.25rem 0; }
.qr { width: 14rem; max-width: 100%; background: #fff; fill: #000; display: block; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--ground); padding: 0.5rem; }
`
