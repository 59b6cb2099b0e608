import { checkOptions, type Size } from "@cache/core/adapter";
import { TRUST_OPTIONS, type TrustOptions } from "./file/trust.ts";
import type { Level } from "./verify/levels.ts";
import type { PassOptions } from "./verify/passes.ts";

/** How a package is verified. */
export interface VerifyOptions extends TrustOptions, PassOptions {
  /** @defaultValue "standard" */
  readonly level?: Level | undefined;
  /**
   * The most bytes that the package may be once extracted, for level `paranoid`.
   * @defaultValue 16 GiB
   */
  readonly maxBytes?: Size | undefined;
}

/** How a package is extracted. */
export interface ExtractOptions extends TrustOptions, PassOptions {
  /**
   * The most bytes that the package may be once extracted.
   * @defaultValue 16 GiB
   */
  readonly maxBytes?: Size | undefined;
}

const PASS = [...TRUST_OPTIONS, "signal", "onProgress"] as const;

/** @throws TypeError */
export function checkVerifyOptions(options: VerifyOptions): void {
  checkOptions("verifyBundle", options, [...PASS, "level", "maxBytes"]);
}

/** @throws TypeError */
export function checkExtractOptions(of: string, options: ExtractOptions): void {
  checkOptions(of, options, [...PASS, "maxBytes"]);
}
