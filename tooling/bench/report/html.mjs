import { short } from "./text.mjs";

/** @typedef {import("../results.mjs").Result} Result */
/** @typedef {import("../targets.mjs").Judged} Judged */

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

const ROW = 20;
const [LEFT, WIDTH] = [230, 520];

/**
 * Bars on a logarithmic scale, one for each subject, with a line from the least to the most of its rounds.
 * @param {readonly Result[]} group
 */
function plot(group) {
  const positive = group.filter(({ median }) => median > 0);
  if (positive.length === 0) return "";
  const [low, high] = [
    Math.min(...positive.map(({ least }) => least || 1e-9)),
    Math.max(...positive.map(({ most }) => most)),
  ];
  const span = Math.max(Math.log(high / low), 0.01);
  const at = (/** @type {number} */ value) => LEFT + 4 + (WIDTH * Math.log(Math.max(value, low) / low)) / span;
  const rows = positive.map(({ subject, median, least, most }, row) => {
    const y = row * ROW;
    return `<text x="${LEFT - 6}" y="${y + 14}" text-anchor="end">${escaped(subject)}</text>
<rect x="${LEFT}" y="${y + 4}" width="${Math.max(at(median) - LEFT, 2)}" height="12"/>
<line x1="${at(least)}" x2="${at(most)}" y1="${y + 10}" y2="${y + 10}"/>
<text x="${at(median) + 6}" y="${y + 14}">${short(median)}</text>`;
  });
  return `<svg role="img" aria-label="bars" width="${LEFT + WIDTH + 90}" height="${positive.length * ROW + 4}">${rows.join("\n")}</svg>`;
}

/** @param {readonly Judged[]} judged */
function targets(judged) {
  const rows = judged
    .filter(({ is }) => is !== undefined)
    .map(
      ({ id, what, side, bound, is, reached }) =>
        `<tr class="${reached ? "reached" : "missed"}"><td>${id}</td><td>${escaped(what)}</td><td>${side} ${bound}</td><td>${short(is ?? 0)}</td></tr>`,
    );
  return `<table><tr><th></th><th>ratio</th><th>target</th><th>is</th></tr>${rows.join("\n")}</table>`;
}

const STYLE = `body { font: 14px system-ui; margin: 2em; max-width: 60em } svg { font-size: 12px; display: block }
rect { fill: #4a7ab5 } line { stroke: #c33; stroke-width: 2 } td, th { padding: 2px 10px; text-align: left }
.missed td { background: #fbe3e0 } .reached td { background: #e6f4e6 }`;

/**
 * A page with the targets and a plot for every operation.
 * @param {{ readonly about: Readonly<Record<string, string>>, readonly results: readonly Result[], readonly judged: readonly Judged[], readonly machine: string }} run
 */
export function page({ about, results, judged, machine }) {
  const groups = grouped(results);
  const plots = [...groups].map(([title, group]) => `<h3>${escaped(title)}</h3>${plot(group)}`);
  const notes = Object.entries(about).map(([name, text]) => `<li><b>${escaped(name)}</b>: ${escaped(text)}</li>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>@cache: benchmark</title><style>${STYLE}</style>
<h1>@cache: benchmark</h1><p>${escaped(machine)}. Bars are medians on a logarithmic scale, red lines reach from the least to the most of all rounds.</p>
<ul>${notes.join("\n")}</ul>
<h2>Targets</h2>${targets(judged)}
<h2>Figures</h2>${plots.join("\n")}</html>
`;
}

/** @param {Result} result */
const keyOf = ({ workload, operation, scale, unit }) => `${workload}: ${operation}${scale && `, ${scale}`} (${unit})`;

/** @param {readonly Result[]} results */
function grouped(results) {
  /** @type {Map<string, Result[]>} */
  const groups = new Map();
  for (const each of results) groups.set(keyOf(each), [...(groups.get(keyOf(each)) ?? []), each]);
  return groups;
}
