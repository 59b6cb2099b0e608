import type { AttackRecord, ChapterRecord, Evidence, Proof, RotationRecord, RunRecord } from "../evidence.ts";
import { type Faults, judgeAttack, judgeClaims } from "../verdict.ts";
import { timingChart } from "./chart.ts";
import { ratio, size, time } from "./figures.ts";
import { escapeMarkup } from "./markup.ts";
import { STYLE } from "./style.ts";
import { verdictLine } from "./text.ts";

const verdictClass = (faults: Faults): string => (faults.length === 0 ? "good" : "bad");
const sign = (holds: boolean): string =>
  holds ? '<span class="good">✓</span>' : '<span class="bad">✗ does not hold:</span>';

function proofList(proofs: readonly Proof[]): string {
  return `<ul>${proofs.map(({ claim, holds }) => `<li>${sign(holds)} ${escapeMarkup(claim)}</li>`).join("")}</ul>`;
}

function facts({ files, bytes, stored, runs }: Evidence): string {
  const [cold, warm] = runs;
  const cells = [
    [String(files), "source files"],
    [size(bytes), "of input"],
    [size(stored.bytes), `sealed in ${stored.values} files`],
    [cold && warm ? ratio(cold.milliseconds, warm.milliseconds) : "", "faster when warm"],
  ] as const;
  return `<div class="card facts">${cells.map(([figure, what]) => `<div><b>${escapeMarkup(figure)}</b>${escapeMarkup(what)}</div>`).join("")}</div>`;
}

function runRow(first: number) {
  return ({ title, milliseconds, hits, computed, identity }: RunRecord): string =>
    `<tr><th scope="row">${escapeMarkup(title)}</th>` +
    number("Time", time(milliseconds)) +
    number("Faster", ratio(first, milliseconds)) +
    number("Hits", hits) +
    number("Computed", computed) +
    `<td data-label="SHA-256 of the output"><code title="${escapeMarkup(identity)}">${escapeMarkup(identity.slice(0, 16))}…</code></td></tr>`;
}

/** A cell that says what its number is where there is no room for a column's title. */
const number = (label: string, figure: string | number): string =>
  `<td class="number" data-label="${label}">${figure}</td>`;

function attackRow(attack: AttackRecord): string {
  const { title, deed, promise, seen, events, proofs, identical, recomputed } = attack;
  const faults = judgeAttack(attack);
  const answers = seen.map((each) => `<code>${escapeMarkup(each)}</code>`).join("<br>");
  const heard = events.length === 0 ? "none above information" : events.map(escapeMarkup).join(", ");
  const output = { claim: `next run: ${recomputed} computed again, output byte-identical`, holds: identical };
  return (
    `<tr><th scope="row">${sign(faults.length === 0)} ${escapeMarkup(title)}<small>The attacker ${escapeMarkup(deed)}.</small></th>` +
    `<td>${answers}<small>Events: ${heard}</small></td>` +
    `<td>${proofList([output, ...proofs])}<small>${escapeMarkup(promise)}.</small></td></tr>`
  );
}

function rotationRow(record: RotationRecord): string {
  return (
    `<tr><th scope="row">${sign(judgeClaims(record).length === 0)} ${escapeMarkup(record.step)}<small>${escapeMarkup(record.explanation)}</small></th>` +
    `${number("Hits", record.hits)}${number("Computed", record.computed)}<td>${proofList(record.proofs)}</td></tr>`
  );
}

function chapterRow(chapter: ChapterRecord): string {
  return (
    `<tr><th scope="row">${sign(judgeClaims(chapter).length === 0)} ${escapeMarkup(chapter.title)}<small>${escapeMarkup(chapter.explanation)}</small></th>` +
    `<td>${proofList(chapter.proofs)}</td></tr>`
  );
}

function table(head: readonly string[], rows: readonly string[]): string {
  const titles = head.map((title) => `<th scope="col">${title}</th>`).join("");
  return `<table><thead><tr>${titles}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/** A page that needs nothing else: no script, no font, no picture from elsewhere. */
function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}

/** The report as one page. */
export function htmlReport(evidence: Evidence, faults: Faults): string {
  const { runs, attacks, rotation, chapters } = evidence;
  const first = runs[0]?.milliseconds ?? 1;
  return page(
    "A cache that nobody has to trust",
    `<p class="soft">Every file was tokenised, counted and compressed with Brotli at its best, and the results kept in a directory,
sealed and signed. Then the directory was attacked and its keys were changed. The output had to stay the same.</p>
<div class="verdict ${verdictClass(faults)}" role="status">${escapeMarkup(verdictLine(evidence, faults))}
${faults.map((fault) => `<p>${escapeMarkup(fault)}</p>`).join("")}</div>
${facts(evidence)}
<h2>Runs</h2>
<div class="card">${timingChart(runs)}
${table(["Run", "Time", "Faster", "Hits", "Computed", "SHA-256 of the output"], runs.map(runRow(first)))}</div>
<h2>Attacks on the directory</h2>
<div class="card">${table(["Attack", "What the lookup answered", "What was shown"], attacks.map(attackRow))}</div>
<h2>Key rotation</h2>
<div class="card">${table(["Step", "Hits", "Computed", "What was shown"], rotation.map(rotationRow))}</div>
<h2>More that it is for</h2>
<div class="card">${table(["Job", "What was shown"], chapters.map(chapterRow))}</div>`,
  );
}
