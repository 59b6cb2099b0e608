import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { fromUtf8 } from "../bytes/text.ts";
import { CacheError, isCacheError } from "../errors.ts";
import type { Keyring } from "../keyring/keyring.ts";
import { MAX_KEYRING_BYTES, parseKeyring } from "../keyring/sources.ts";

/** How a keyring file is read. */
export interface KeyringFileOptions {
  /**
   * `strict`: the file is the user's or root's, and nobody else can read it. `relaxed`: for secrets that a container
   * mounts readable. On Windows nothing is checked.
   * @defaultValue "strict"
   */
  readonly permissions?: "strict" | "relaxed" | undefined;
}

/** An error of the platform as one of ours, the cause kept; wrong use stays what it is. */
export function unusable(doing: string, cause: unknown, path = ""): unknown {
  if (isCacheError(cause) || cause instanceof TypeError) return cause;
  const code = (cause as { code?: unknown } | null)?.code;
  return new CacheError(
    "ERR_CACHE_CONFIG",
    `the keyring file ${path === "" ? "" : `${path} `}cannot be ${doing}${code ? ` (${String(code)})` : ""}`,
    {
      cause,
    },
  );
}

/** Looks at the descriptor that is open, so that nobody can exchange the file between the look and the reading. */
function checkPrivate(file: number, path: string, permissions: "strict" | "relaxed"): void {
  const { mode, uid, size } = fstatSync(file);
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) {
    throw new CacheError("ERR_CACHE_CONFIG", "the keyring file is not a regular file");
  }
  if (size > MAX_KEYRING_BYTES) throw tooLarge();
  const user = process.geteuid?.();
  if (permissions === "relaxed" || user === undefined) return;
  if (uid !== user && uid !== 0) {
    throw new CacheError(
      "ERR_CACHE_KEY_PERMISSIONS",
      `the keyring file belongs to another user; make a copy of your own of ${path}, with chmod 600`,
    );
  }
  if ((mode & 0o077) !== 0) {
    throw new CacheError("ERR_CACHE_KEY_PERMISSIONS", `others can reach the keyring file; run chmod 600 ${path}`);
  }
}

const tooLarge = (): CacheError => new CacheError("ERR_CACHE_KEY_FORMAT", "a keyring file has at most 256 KiB");

/** Reads to the end, and no further than the limit: the size that was looked at may no longer be true. */
function readWhole(file: number): Uint8Array {
  const buffer = new Uint8Array(MAX_KEYRING_BYTES + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read) {
    read = readSync(file, buffer, length, buffer.length - length, length);
  }
  if (length > MAX_KEYRING_BYTES) throw tooLarge();
  return buffer.subarray(0, length);
}

function decode(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes);
  } catch {
    throw new CacheError("ERR_CACHE_KEY_FORMAT", "the keyring file is not UTF-8 text");
  }
}

/**
 * The keyring in a file: JSON, or one key a line (format, "Keys"). What is checked is the file that was opened, so
 * nobody can exchange it in between; symbolic links are followed, as secrets are mounted that way. Nothing waits: a FIFO or
 * a device is refused.
 * @throws CacheError `ERR_CACHE_CONFIG` when it cannot be read, `ERR_CACHE_KEY_PERMISSIONS`, and what
 * the parser refuses
 */
export async function readKeyringFile(
  path: string,
  { permissions = "strict" }: KeyringFileOptions = {},
): Promise<Keyring> {
  try {
    // Not blocking: a FIFO in its place would otherwise wait for a writer for ever. By synchronous calls, as small values
    // are read: the thread pool costs more than the work.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      checkPrivate(file, path, permissions);
      const bytes = readWhole(file);
      try {
        return parseKeyring(decode(bytes));
      } finally {
        bytes.fill(0);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unusable("read", error, path);
  }
}
