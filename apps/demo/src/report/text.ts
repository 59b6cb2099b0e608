import type { Evidence, Proof, RunRecord } from "../evidence.ts";
import { type Faults, judgeAttack, judgeClaims } from "../verdict.ts";
import { ratio, size, time } from "./figures.ts";
import type { Palette } from "./palette.ts";

/** Columns wide enough for their longest cell; `right` names the columns of numbers. */
function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
  { dim }: Palette,
): string[] {
  const width = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(width[column] ?? 0) : cell.padEnd(width[column] ?? 0),
      )
      .join("   ")
      .trimEnd();
  return [dim(line(head)), ...rows.map(line)].map((each) => `  ${each}`);
}

function runTable(runs: readonly RunRecord[], palette: Palette): string[] {
  const first = runs[0]?.milliseconds ?? 0;
  const rows = runs.map(({ title, milliseconds, hits, computed, identity }) => [
    ...[title, time(milliseconds), ratio(first, milliseconds), String(hits), String(computed), identity.slice(0, 16)],
  ]);
  return table(["run", "time", "faster", "hits", "computed", "SHA-256 of the output"], rows, [1, 2, 3, 4], palette);
}

function proofLines(proofs: readonly Proof[], { good, bad }: Palette): string[] {
  return proofs.map(({ claim, holds }) => `      ${holds ? good("✓") : bad("✗")} ${claim}`);
}

function attackLines({ attacks }: Evidence, palette: Palette): string[] {
  const { bold, dim, good, bad } = palette;
  return attacks.flatMap((attack) => {
    const sound = judgeAttack(attack).length === 0;
    const again = attack.recomputed === 0 ? "nothing computed again" : `${attack.recomputed} computed again`;
    return [
      `  ${sound ? good("✓") : bad("✗")} ${bold(attack.title)}: ${attack.seen.join(", ")}`,
      dim(`      the attacker ${attack.deed}`),
      dim(`      ${attack.promise}`),
      `      events: ${attack.events.length === 0 ? "none above information" : attack.events.join(", ")}`,
      ...proofLines(
        [{ claim: `next run: ${again}, output byte-identical`, holds: attack.identical }, ...attack.proofs],
        palette,
      ),
    ];
  });
}

function rotationLines({ rotation }: Evidence, palette: Palette): string[] {
  const { bold, good, bad } = palette;
  return rotation.flatMap((record) => [
    `  ${judgeClaims(record).length === 0 ? good("✓") : bad("✗")} ${bold(record.step)}: ${record.explanation}`,
    ...proofLines(record.proofs, palette),
  ]);
}

function chapterLines({ chapters }: Evidence, palette: Palette): string[] {
  const { bold, good, bad } = palette;
  return chapters.flatMap((chapter) => [
    `  ${judgeClaims(chapter).length === 0 ? good("✓") : bad("✗")} ${bold(chapter.title)}: ${chapter.explanation}`,
    ...proofLines(chapter.proofs, palette),
  ]);
}

/** The last line: everything is as promised, or not. */
export function verdictLine({ attacks, rotation, runs, chapters }: Evidence, faults: Faults): string {
  if (faults.length > 0) return `NOT AS PROMISED: ${faults.length} ${faults.length === 1 ? "fault" : "faults"}`;
  return `AS PROMISED: ${runs.length} runs, ${attacks.length} attacks and ${rotation.length} steps of a key rotation, one output; and ${chapters.length} jobs more`;
}

/** What the program prints. */
export function textReport(evidence: Evidence, faults: Faults, page: string, palette: Palette): string {
  const { bold, good, bad, dim } = palette;
  const { files, bytes, stored, runs } = evidence;
  const lines = [
    bold("A cache that nobody has to trust"),
    `  ${files} files, ${size(bytes)}: tokenised, counted and compressed with Brotli at its best`,
    `  kept in ${stored.values} sealed and signed files, ${size(stored.bytes)}`,
    ...["", bold("Runs"), ...runTable(runs, palette)],
    ...["", bold("Attacks on the directory"), ...attackLines(evidence, palette)],
    ...["", bold("Key rotation"), ...rotationLines(evidence, palette)],
    ...["", bold("More that it is for"), ...chapterLines(evidence, palette)],
    ...["", dim(`Report: ${page}`), ...faults.map((fault) => bad(`  ${fault}`))],
    bold((faults.length === 0 ? good : bad)(verdictLine(evidence, faults))),
  ];
  return `${lines.join("\n")}\n`;
}
