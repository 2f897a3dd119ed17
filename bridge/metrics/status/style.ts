/** Light or dark as the reader's system has it; one column that fits 400 px. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --good: #1a7f37; --warn: #9a6700; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --good: #3fb950; --warn: #d29922; --bad: #f85149; } }
* { box-sizing: border-box; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: baseline; justify-content: space-between; }
h1 { font-size: 1.3rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; } h3 { font-size: .95rem; margin: 1rem 0 .25rem; }
nav a + a { margin-left: .75rem; } p { margin: .4rem 0; } .quiet { opacity: .7; }
section { border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1rem; margin: 1rem 0; }
.state { font-weight: 600; font-size: .8rem; padding: .1rem .5rem; border: 1px solid; border-radius: 1rem; white-space: nowrap; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
table { border-collapse: collapse; width: 100%; } th, td { text-align: right; padding: .25rem 0 .25rem .6rem; white-space: nowrap; border-top: 1px solid var(--line); font-variant-numeric: tabular-nums; }
thead th { border-top: 0; font-weight: 500; opacity: .7; font-size: .85rem; } th:first-child { text-align: left; padding-left: 0; } .left { text-align: left; } table.wraps tbody th { white-space: normal; } tbody th { font-weight: 600; }
td.queue { width: 45%; text-align: left; white-space: normal; } meter { width: 100%; height: 1rem; display: block; } meter::-webkit-meter-bar { height: .75rem; } small { opacity: .75; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(7rem, 1fr)); gap: .5rem; margin: .75rem 0 0; } dt { font-size: .8rem; opacity: .7; } dd { margin: 0; font-variant-numeric: tabular-nums; }
ol { list-style: none; margin: 0; padding: 0; font: 12px/1.5 ui-monospace, monospace; } li { border-top: 1px solid var(--line); padding: .15rem 0; }
pre { background: var(--soft); padding: .5rem; white-space: pre-wrap; font-size: 12px; margin: .5rem 0 0; }
`;
