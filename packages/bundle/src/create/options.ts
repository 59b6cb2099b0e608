import type { Signer } from "@cache/core";
import { checkOptions } from "@cache/core/adapter";
import type { Launch } from "../about/about.ts";
import type { PassOptions } from "../verify/passes.ts";
import type { Compression } from "./store-content.ts";

/** What a package is made as. Times are milliseconds since 1970 UTC. */
export interface CreateOptions extends PassOptions {
  /** What it is verified as, 1 to 255 bytes of UTF-8 without control characters. */
  readonly name: string;
  /** @defaultValue the empty one */
  readonly namespace?: string | undefined;
  /** Signs it. Left out, nobody does: readers find accidents, and that is all. */
  readonly sign?: Signer | undefined;
  /** Of what is in it: `1.4.2`. */
  readonly version?: string | undefined;
  readonly launch?: Launch | undefined;
  /** @defaultValue "none" */
  readonly compression?: Compression | undefined;
  /** @defaultValue 0, so that the same members give the same bytes */
  readonly created?: number | undefined;
  /** @defaultValue never */
  readonly expires?: number | undefined;
  /** Grows with every package of a name. @defaultValue 0 */
  readonly sequence?: number | undefined;
  /** Who made it, by their own account. @defaultValue nothing */
  readonly writer?: string | undefined;
  /**
   * Paths of members that are meant to hold a secret key, such as one that only tests use. Any other that holds one is refused.
   * @defaultValue none
   */
  readonly withSecrets?: readonly string[] | undefined;
}

const NAMES = [
  ...["name", "namespace", "sign", "version", "launch", "compression", "created", "expires", "sequence", "writer"],
  ...["withSecrets", "signal", "onProgress"],
] as readonly (keyof CreateOptions)[];

/** @throws TypeError */
export function checkCreateOptions(options: CreateOptions): void {
  checkOptions("createBundle", options, NAMES);
  const { compression = "none", created = 0, expires = 0, sequence = 0, version = "", withSecrets = [] } = options;
  if (compression !== "none" && compression !== "brotli") throw new TypeError("a compression is none or brotli");
  if (typeof version !== "string") throw new TypeError("a version is text");
  if (!Array.isArray(withSecrets)) throw new TypeError("withSecrets are paths of members");
  for (const number of [created, expires, sequence]) {
    if (!Number.isSafeInteger(number) || number < 0)
      throw new TypeError("times and sequences are whole numbers from 0 on");
  }
}
