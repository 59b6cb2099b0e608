import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { CacheError, isCacheError } from "../errors.ts";
import { MAX_KEYRING_BYTES } from "../keyring/sources.ts";
import { withoutKeys } from "../without-keys.ts";

/** How a file that holds a secret is read. */
export interface PrivateFileOptions {
  /**
   * `strict`: the file is the user's or root's, and nobody else can read it. `relaxed`: for secrets that a container
   * mounts readable. On Windows nothing is checked.
   * @defaultValue "strict"
   */
  readonly permissions?: "strict" | "relaxed" | undefined;
  /**
   * What messages call it.
   * @defaultValue "the keyring file"
   */
  readonly called?: string | undefined;
}

const KEYRING = "the keyring file";

/** An error of the platform as one of ours, the cause kept; wrong use stays what it is. */
export function unusable(doing: string, cause: unknown, path = "", called: string = KEYRING): unknown {
  if (isCacheError(cause) || cause instanceof TypeError) return cause;
  const code = (cause as { code?: unknown } | null)?.code;
  const what = path === "" ? called : `${called} ${path}`;
  const why = code ? ` (${String(code)})` : "";
  return new CacheError("ERR_CACHE_CONFIG", `${what} cannot be ${doing}${why}`, { cause: shown(cause) });
}

/** The platform's error names the path, which a program prints with the cause: one with a key in it is left out. */
function shown(cause: unknown): unknown {
  if (!(cause instanceof Error) || withoutKeys(cause.message) === cause.message) return cause;
  const { code, errno, syscall } = cause as NodeJS.ErrnoException;
  return Object.assign(new Error(withoutKeys(cause.message)), { code, errno, syscall });
}

/**
 * All the bytes of a file that holds a secret, at most 256 KiB. What is checked is the file that was opened, so nobody can
 * exchange it in between; symbolic links are followed, as secrets are mounted that way. Nothing waits: a FIFO or a device is
 * refused.
 * @throws CacheError `ERR_CACHE_CONFIG` when it cannot be read, `ERR_CACHE_KEY_PERMISSIONS`, `ERR_CACHE_KEY_FORMAT` when it is too large
 */
export function readPrivateFile(path: string, options: PrivateFileOptions = {}): Uint8Array {
  const { permissions = "strict", called = KEYRING } = options;
  try {
    // Not blocking: a FIFO in its place would otherwise wait for a writer for ever. By synchronous calls, as small values
    // are read: the thread pool costs more than the work.
    const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      checkRegular(file, called);
      if (permissions === "strict") checkPrivate(file, path, called);
      return readWhole(file, called);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw unusable("read", error, path, called);
  }
}

function checkRegular(file: number, called: string): void {
  const { mode, size } = fstatSync(file);
  if ((mode & constants.S_IFMT) !== constants.S_IFREG) {
    throw new CacheError("ERR_CACHE_CONFIG", `${called} is not a regular file`);
  }
  if (size > MAX_KEYRING_BYTES) throw tooLarge(called);
}

/** Looks at the descriptor that is open, so that nobody can exchange the file between the look and the reading. */
function checkPrivate(file: number, path: string, called: string): void {
  const { mode, uid } = fstatSync(file);
  const user = process.geteuid?.();
  if (user === undefined) return;
  if (uid !== user && uid !== 0) {
    throw new CacheError(
      "ERR_CACHE_KEY_PERMISSIONS",
      `${called} belongs to another user; make a copy of your own of ${path}, with chmod 600`,
    );
  }
  if ((mode & 0o077) !== 0) {
    throw new CacheError("ERR_CACHE_KEY_PERMISSIONS", `others can reach ${called}; run chmod 600 ${path}`);
  }
}

const tooLarge = (called: string): CacheError =>
  new CacheError("ERR_CACHE_KEY_FORMAT", `${called} has more than 256 KiB`);

/** Reads to the end, and no further than the limit: the size that was looked at may no longer be true. */
function readWhole(file: number, called: string): Uint8Array {
  const buffer = new Uint8Array(MAX_KEYRING_BYTES + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length < buffer.length; length += read) {
    read = readSync(file, buffer, length, buffer.length - length, length);
  }
  if (length > MAX_KEYRING_BYTES) throw tooLarge(called);
  return buffer.subarray(0, length);
}
