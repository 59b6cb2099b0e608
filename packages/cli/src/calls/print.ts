import type { CallRecord } from "@cache/calls";
import { printable, writeLine } from "../output.ts";
import { sizeText, timeText } from "../units.ts";

/** Digits of an id or a digest in a table. */
const DIGITS = 8;

/** `1.5 ms` and `12.3 s`, for people. */
function durationText(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

const functionText = ({ name, version }: CallRecord): string =>
  version === undefined ? printable(name) : `${printable(name)} ${printable(version)}`;

/** One line of a table. */
export function writeRow(call: CallRecord): Promise<void> {
  const columns = [
    call.id.slice(0, DIGITS),
    timeText(call.started),
    call.outcome.padEnd(8),
    durationText(call.duration).padEnd(9),
    (call.result === undefined ? "-" : sizeText(call.result.size)).padEnd(9),
    call.digest.slice(0, DIGITS),
    functionText(call),
  ];
  const shown = call.arguments === undefined ? "" : `(${printable(call.arguments)})`;
  return writeLine(`${columns.join("  ")}${shown}`);
}

/** Everything about one call. @param state - what became of its result */
export async function writeCall(call: CallRecord, state: string): Promise<void> {
  const { runtime, platform, host } = call.environment;
  const rows: readonly (readonly [name: string, text: string | undefined])[] = [
    ["id", call.id],
    ["function", functionText(call)],
    ["arguments", call.arguments],
    ["digest", call.digest],
    ["started", new Date(call.started).toISOString()],
    ["duration", durationText(call.duration)],
    ["outcome", call.outcome],
    ["result", call.result && `${call.result.digest}, ${sizeText(call.result.size)}, ${state}`],
    ["runtime", `${runtime}, ${platform}`],
    ["host", host],
    ...Object.entries(call.tags).map(([name, tag]) => [`tag ${name}`, tag] as const),
  ];
  for (const [name, text] of rows) {
    if (text !== undefined) await writeLine(`${printable(name).padEnd(10)} ${printable(text)}`);
  }
}
