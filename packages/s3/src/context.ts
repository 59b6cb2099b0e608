import type { Asker } from "./asking/asker.ts";
import type { S3Bucket } from "./bucket.ts";
import type { Layout } from "./layout.ts";

/** What every part of a store works with. */
export interface Context {
  readonly bucket: S3Bucket;
  readonly layout: Layout;
  readonly asker: Asker;
  /** Length of the parts that longer values are sent in. */
  readonly partSize: number;
  /** Longest wait for an answer, or for 64 KiB of a body, in milliseconds. */
  readonly timeout: number;
}
