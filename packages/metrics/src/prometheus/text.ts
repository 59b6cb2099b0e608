import type { Labels } from "../meter.ts";

/** Labels as they stand in a line, in order of their names; empty for none. They tell series apart, so they are a series' key, too. */
export function labelText(labels: Labels): string {
  const names = Object.keys(labels).sort();
  return names.map((name) => `${name}="${escapedValue(labels[name] ?? "")}"`).join(",");
}

/** One line. @param labels - as {@link labelText} gives them */
export function sample(name: string, labels: string, value: number): string {
  return `${name}${labels === "" ? "" : `{${labels}}`} ${numberText(value)}\n`;
}

export function header(name: string, help: string, type: "counter" | "histogram"): string {
  return `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ${type}\n`;
}

/** A metric whole; nothing for one without series, whose every number was refused. */
export function described(head: string, series: readonly string[]): string {
  return series.length === 0 ? "" : head + series.join("");
}

/** A number as Prometheus reads it. */
export function numberText(value: number): string {
  return value === Number.POSITIVE_INFINITY ? "+Inf" : String(value);
}

function escapedValue(value: string): string {
  return escapedHelp(value).replaceAll('"', '\\"');
}

function escapedHelp(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
