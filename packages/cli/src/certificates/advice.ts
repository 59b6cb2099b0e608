import { withHint } from "../failure.ts";

const HERE: Readonly<Record<string, string>> = {
  ERR_CACHE_UNKNOWN_KEY: "cache trust show FILE tells who certified which key, and for what",
  ERR_CACHE_AUTH: "get it again from whoever has the root",
  ERR_CACHE_EXPIRED: "whoever has the root makes the next list with cache trust revoke --after",
  ERR_CACHE_ROLLBACK: "get the newest list from whoever has the root",
};

const AT_THE_ROOT: Readonly<Record<string, string>> = {
  ERR_CACHE_UNKNOWN_KEY: "it is by another root than that of --root-file",
  ERR_CACHE_AUTH: "it was changed after the root signed it",
};

const advising =
  (hints: Readonly<Record<string, string>>) =>
  (error: unknown): never => {
    const hint = hints[String((error as { code?: unknown } | null)?.code)];
    throw hint === undefined ? error : withHint(error, hint);
  };

/** Says what to do about failures of certificates where they are used, for which entries have other advice. */
export const advised: (error: unknown) => never = advising(HERE);

/** The same where a root revokes. */
export const advisedAtTheRoot: (error: unknown) => never = advising(AT_THE_ROOT);
