import { parseDuration } from "@cache/core/adapter";
import type { Given } from "../command.ts";
import { UsageError } from "../usage-error.ts";

/** What is stated about a package besides its contents. */
export interface Said {
  readonly version: string | undefined;
  readonly writer: string | undefined;
  readonly sequence: number | undefined;
  readonly created?: number;
  readonly expires?: number;
}

/** Of `--ttl`. Times are left out of what does not expire, so that the same contents give the same bytes. */
export function timesOf(given: Given): Pick<Said, "created" | "expires"> {
  const ttl = given.text("ttl");
  if (ttl === undefined) return {};
  const created = Date.now();
  return { created, expires: created + parseDuration(ttl) };
}

function sequenceOf(given: Given): number | undefined {
  const text = given.text("sequence");
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new UsageError("--sequence is a whole number");
  return Number(text);
}

/** Of `--release`, `--writer`, `--sequence` and `--ttl`. @throws UsageError */
export function saidOf(given: Given): Said {
  const [version, writer] = [given.text("release"), given.text("writer")];
  return { version, writer, sequence: sequenceOf(given), ...timesOf(given) };
}
