import type { RunRecord } from "../evidence.ts";
import { ratio, time } from "./figures.ts";
import { escapeMarkup } from "./markup.ts";

const WIDTH = 900;
const LABEL = 190;
const VALUE = 150;
const ROW = 44;

/** A bar for every run, all to one scale. */
export function timingChart(runs: readonly RunRecord[]): string {
  const first = runs[0]?.milliseconds ?? 1;
  const longest = Math.max(1, ...runs.map(({ milliseconds }) => milliseconds));
  const bars = runs.map(({ title, milliseconds }, index) => {
    const width = Math.max(3, ((WIDTH - LABEL - VALUE) * milliseconds) / longest);
    const y = index * ROW;
    const label = index === 0 ? time(milliseconds) : `${time(milliseconds)}, ${ratio(first, milliseconds)}`;
    return (
      `<text x="0" y="${y + 27}">${escapeMarkup(title)}</text>` +
      `<rect class="bar${index === 0 ? " cold" : ""}" x="${LABEL}" y="${y + 8}" width="${width.toFixed(1)}" height="28" rx="4"/>` +
      `<text x="${(LABEL + width + 10).toFixed(1)}" y="${y + 27}">${escapeMarkup(label)}</text>`
    );
  });
  const summary = runs.map(({ title, milliseconds }) => `${title} ${time(milliseconds)}`).join("; ");
  return (
    `<svg viewBox="0 0 ${WIDTH} ${runs.length * ROW}" role="img" aria-label="${escapeMarkup(`Time of each run: ${summary}`)}">` +
    `${bars.join("")}</svg>`
  );
}
