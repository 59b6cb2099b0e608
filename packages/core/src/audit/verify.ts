import { resolve } from "node:path";
import { checkOptions } from "../adapter/check-options.ts";
import { CacheError, isCacheError } from "../errors.ts";
import type { AuditKey } from "./chain.ts";
import type { AuditReport } from "./report.ts";
import { linesOf, Snapshot } from "./snapshot.ts";
import { type ExpectedHead, Verification } from "./verification.ts";

/** How an audit log is verified. */
export interface AuditVerifyOptions {
  /**
   * The only keys that are believed, each for the lines that name it: those of a keyring, older ones included. Left out: the
   * log is one without a key.
   */
  readonly keys?: readonly AuditKey[] | undefined;
  /**
   * A head that was remembered elsewhere, as `AuditLog.head` or `AuditReport.head`: every line up to it has to be here, or have
   * been dropped by the log, which in one without a key anybody can have it say.
   */
  readonly expectHead?: string | undefined;
}

/**
 * Reads an audit log with all its rotated files, from the oldest line to the newest, as they are at one moment.
 * @throws CacheError `ERR_CACHE_STORE` when a file cannot be read, `ERR_CACHE_UNSAFE_PATH` for a directory, a pipe or a device
 * @throws TypeError for options that make no sense
 */
export async function verifyAuditLog(path: string, options: AuditVerifyOptions = {}): Promise<AuditReport> {
  checkOptions("verifyAuditLog", options, ["keys", "expectHead"]);
  const verification = new Verification(options.keys, expected(options.expectHead));
  try {
    const snapshot = await Snapshot.of(resolve(path));
    try {
      for (const file of snapshot.files) {
        let line = 0;
        for await (const bytes of linesOf(file)) {
          line += 1;
          verification.take(bytes, { file: file.path, line });
        }
      }
    } finally {
      snapshot.close();
    }
    return verification.report(snapshot.files.map((file) => file.path));
  } catch (cause) {
    if (isCacheError(cause)) throw cause;
    throw new CacheError("ERR_CACHE_STORE", "the audit log cannot be read", { cause });
  }
}

const HEAD = /^(\d{1,16})-[0-9a-f]{64}$/;

function expected(head: string | undefined): ExpectedHead | undefined {
  if (head === undefined) return undefined;
  const [text, seq] = HEAD.exec(head) ?? [];
  if (text === undefined) throw new TypeError("a head is what auditLog or verifyAuditLog gave: <number>-<64 hex>");
  return { text, seq: Number(seq) };
}
