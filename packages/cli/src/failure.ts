import { withoutKeys } from "@cache/core/adapter";
import { EXIT } from "./exit-codes.ts";
import { printable } from "./output.ts";
import { UsageError } from "./usage-error.ts";

const REJECTED = [
  "AUTH",
  "UNSIGNED",
  "FORMAT",
  "UNSUPPORTED_VERSION",
  "UNSUPPORTED_SUITE",
  "EXPIRED",
  "NOT_YET_VALID",
  "ROLLBACK",
  "CODEC",
  "LIMIT",
  "UNKNOWN_KEY",
  "REVOKED_KEY",
];
const STORE = ["STORE", "UNSAFE_PATH", "LAYOUT", "READ_ONLY", "ENGINE"];

const HINTS: Readonly<Record<string, string>> = {
  ERR_CACHE_KEY_PERMISSIONS: "for a mounted secret give --keyring-relaxed-permissions",
  ERR_CACHE_UNKNOWN_KEY: "whoever wrote it is not believed here; check which keys this command was given",
  ERR_CACHE_PASSPHRASE:
    "it is taken from --passphrase-file, CACHE_KEYRING_PASSPHRASE_FILE, CACHE_KEYRING_PASSPHRASE, or the terminal",
  ERR_CACHE_AUTH: "run cache verify to find all damage",
};

/** How a failure ends the process. */
export interface Failure {
  readonly exitCode: number;
  /** One line, without the program's name. */
  readonly line: string;
}

function exitCodeOf(code: string): number {
  const bare = code.replace("ERR_CACHE_", "");
  if (STORE.includes(bare)) return EXIT.store;
  return REJECTED.includes(bare) ? EXIT.rejected : EXIT.usage;
}

/** The reason that a store gives for its failure: the platform's word, never a stored byte. */
function reasonOf(error: Error): string {
  const { cause } = error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  if (typeof code !== "string" || error.message.includes(code)) return "";
  return /^E[A-Z0-9]+$/.test(code) ? `: ${code}` : "";
}

/** An error that says by itself what to do about it. */
export function withHint(error: unknown, hint: string): unknown {
  return error instanceof Error ? Object.assign(error, { hint }) : error;
}

function hintOf(error: Error & { readonly hint?: string }, code: string): string | undefined {
  const { message, cause, hint } = error;
  if (hint !== undefined) return hint;
  const isAbsent = (cause as { code?: unknown } | undefined)?.code === "ENOENT";
  if (isAbsent && message.startsWith("the keyring file")) return "cache keys new makes one";
  return HINTS[code];
}

function line(message: string, code: string, hint?: string): string {
  return printable(withoutKeys(`${message} (${code})${hint === undefined ? "" : `; ${hint}`}`));
}

/** What to tell a user about an error, and the exit code. */
export function failureOf(error: unknown): Failure {
  if (error instanceof UsageError)
    return { exitCode: EXIT.usage, line: line(error.message, "ERR_CACHE_USAGE", error.hint) };
  // By name, as isCacheError does it: loading the library for this would slow every start.
  if (error instanceof Error && error.name === "CacheError") {
    const { code } = error as Error & { code: string };
    return { exitCode: exitCodeOf(code), line: line(error.message + reasonOf(error), code, hintOf(error, code)) };
  }
  if (error instanceof TypeError && (error as { code?: unknown }).code === undefined) {
    return { exitCode: EXIT.usage, line: line(error.message, "ERR_CACHE_USAGE") };
  }
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (syscall === "uv_cwd")
    return { exitCode: EXIT.usage, line: line("the working directory is gone or cannot be read", "ERR_CACHE_USAGE") };
  const what = typeof code === "string" ? `unexpected failure ${code}` : "unexpected failure";
  return {
    exitCode: EXIT.internal,
    line: line(what, "ERR_CACHE_INTERNAL", "CACHE_DEBUG=1 shows where; please report it"),
  };
}
