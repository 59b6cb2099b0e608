import { CacheError, type Duration } from "@cache/core";
import { checkOptions, parseDuration } from "@cache/core/adapter";
import type { DeltaEngine } from "../engine.ts";
import { outputOf } from "./child.ts";

/** How the program is run. */
export interface Xdelta3Options {
  /**
   * Its name, looked for on `PATH`, or its path.
   * @defaultValue "xdelta3"
   */
  readonly program?: string | undefined;
  /**
   * How long one delta may take before the program is stopped.
   * @defaultValue "10m"
   */
  readonly timeout?: Duration | undefined;
}

/** Behind this path the program finds its reference, which has no other. */
const REFERENCE = "/dev/fd/3";
/** Least window on the reference that the program takes. */
const LEAST_WINDOW = 524_288;

/** The whole reference as one window, which is the memory that the program takes besides some 32 MiB. */
const windowFor = (reference: Uint8Array): string =>
  String(2 ** Math.ceil(Math.log2(Math.max(LEAST_WINDOW, reference.byteLength))));

/**
 * Deltas in the form of RFC 3284 by the program xdelta3, which has to be installed. The reference is handed to it in a file
 * without a name, so not on Windows. Nothing is compressed or unpacked by further programs.
 */
export function xdelta3Engine(options: Xdelta3Options = {}): DeltaEngine {
  checkOptions("xdelta3Engine", options, ["program", "timeout"]);
  const { program = "xdelta3" } = options;
  if (typeof program !== "string" || program === "" || program.includes("\0"))
    throw new TypeError("a program has a name");
  const timeout = parseDuration(options.timeout ?? "10m");
  return {
    name: "xdelta3",
    encode: (reference, target, { signal } = {}) =>
      outputOf({
        ...{ program, timeout, signal, reference, input: target },
        args: ["-e", "-9", "-D", "-A", "-c", "-B", windowFor(reference), "-s", REFERENCE],
        limit: Number.POSITIVE_INFINITY,
        failure: (cause) => new CacheError("ERR_CACHE_ENGINE", "the program made no delta", { cause }),
      }),
    decode: (reference, delta, { size, signal }) =>
      outputOf({
        ...{ program, timeout, signal, reference, input: delta },
        args: ["-d", "-D", "-R", "-c", "-B", windowFor(reference), "-s", REFERENCE],
        limit: size,
        failure: (cause) =>
          new CacheError("ERR_CACHE_FORMAT", "the program finds no delta to this reference", { cause }),
      }),
  };
}
