import type { EventListener, MonotonicStore, Signer } from "@cache/core";
import { utf8 } from "@cache/core/bytes";
import { type Expected, integrityOnly } from "@cache/core/record";
import type { Cosigned } from "../cosign/cosigned.ts";

/** What a package is verified against: the name that was asked for, and who is believed. */
export interface TrustOptions {
  /** The name the package was made with, 1 to 255 bytes of UTF-8: another package in its place is refused, whoever signed it. */
  readonly name: string;
  /** @defaultValue the empty one */
  readonly namespace?: string | undefined;
  /**
   * Who is believed. Left out, only a package that nobody signed is accepted, whose bytes anybody could have made: `integrity-only`.
   */
  readonly sign?: Signer | undefined;
  /**
   * Remembers of each name the newest package that was verified, where those who can replace the file cannot write. Left out, an
   * older package, put back, is believed until it expires. With it, every package of a name needs a `sequence` above the last one's.
   */
  readonly rollback?: MonotonicStore | undefined;
  /**
   * Demands that several keys stand for the package.
   * @defaultValue the one that signed it is enough
   */
  readonly cosigned?: Cosigned | undefined;
  /** Milliseconds since 1970 UTC. @defaultValue Date.now */
  readonly now?: (() => number) | undefined;
  /** Hears of what was verified and of what was refused. */
  readonly onEvent?: EventListener | undefined;
}

export const TRUST_OPTIONS = ["name", "namespace", "sign", "rollback", "cosigned", "now", "onEvent"] as const;

const LONGEST = 255;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f]/;

/** @throws TypeError for what is no name of a package */
export function nameBytes(name: unknown): Uint8Array {
  if (typeof name !== "string" || name === "" || CONTROL.test(name))
    throw new TypeError("the name of a package is text without control characters");
  const bytes = utf8(name);
  if (bytes.byteLength > LONGEST) throw new TypeError("the name of a package has at most 255 bytes");
  return bytes;
}

/** Namespace, key and time for the record. @throws TypeError */
export function expectedOf({ name, namespace = "", now = Date.now }: TrustOptions): Expected {
  if (typeof namespace !== "string") throw new TypeError("a namespace is text");
  return { namespace, key: nameBytes(name), now: now() };
}

export const signerOf = ({ sign }: TrustOptions): Signer => sign ?? integrityOnly;
