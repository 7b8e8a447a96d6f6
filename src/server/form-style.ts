/** For the pages by which files come in; on top of the desk's style. */
export const formStyle = `
form, fieldset { display: grid; gap: 1rem; border: 0; margin: 0; padding: 0; min-width: 0; }
label, legend { font-weight: 600; padding: 0; }
.hint { color: var(--soft); margin: 0; font-weight: 400; }
textarea, input[type=text], input[type=file] { width: 100%; font: inherit; color: inherit; background: var(--panel); border: 1px solid #8a8780; border-radius: 4px; padding: 0.5rem 0.75rem; }
textarea { min-height: 8rem; resize: vertical; }
button, .button { font: inherit; min-height: 44px; padding: 0.5rem 1.25rem; border: 1px solid #8a8780; border-radius: 4px; background: #2a2c30; color: var(--ink); cursor: pointer; }
button.main { background: #d8e6f0; color: #17181a; border-color: #d8e6f0; font-weight: 600; justify-self: start; }
button:focus-visible, input:focus-visible, textarea:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
.drop { border: 1px dashed #8a8780; border-radius: 4px; padding: 1rem; display: grid; gap: 1rem; }
.drop.over { border-color: var(--accent); background: var(--panel); }
.files { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: 0.75rem; }
.files > li { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: 0.75rem 1rem; overflow-wrap: anywhere; display: grid; gap: 0.5rem; }
.files progress { width: 100%; height: 0.75rem; accent-color: var(--accent); }
.files .acts { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.files code { overflow-wrap: anywhere; }
.receipt { font: 1.5rem/1.6 ui-monospace, monospace; letter-spacing: 0.05em; overflow-wrap: anywhere; background: var(--panel); border: 1px solid #8a8780; border-radius: 4px; padding: 0.75rem 1rem; margin: 0; }
.kept { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); }
.kept h2 { margin: 0; }
.kept ul { margin: 0.25rem 0 0; padding-left: 1.25rem; }
.note { white-space: pre-line; border-left: 3px solid #8a8780; margin: 0 0 1rem; padding-left: 1rem; }
.account { white-space: pre-line; overflow-wrap: anywhere; }
main:focus, h1:focus, h2:focus { outline: none; }
[hidden] { display: none !important; }
`
