import type { Purpose } from "../about/about.ts";

/** Bytes, or what gives them from their beginning, each time it is called. */
export type Content = Uint8Array | (() => AsyncIterable<Uint8Array>);

/** Something to be put into a package. */
export interface NewMember {
  /** Relative, with `/` between its parts. */
  readonly path: string;
  /** Absent: a directory. */
  readonly content?: Content | undefined;
  /**
   * Permissions: the nine bits of `rwxrwxrwx`.
   * @defaultValue 0o644 for a file, 0o755 for a directory
   */
  readonly mode?: number | undefined;
  readonly purpose?: Purpose | undefined;
}
