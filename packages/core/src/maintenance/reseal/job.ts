import { crypto } from "#platform";
import type { Settings } from "../../cache/options.ts";
import { CacheError } from "../../errors.ts";
import type { Sealer } from "../../ports/sealer.ts";
import type { CallOptions, Name } from "../../ports/store.ts";
import { prefixOf } from "../prefix.ts";
import type { Outcome, ResealOptions, ResealReport } from "./report.ts";

/** Whose a stored thing is, by its clear prefix: to be sealed again, or the reason why not. */
export type Standing = "older" | Extract<Outcome, "untouched" | "foreign" | "revoked">;

/** One run of sealing again. */
export interface ResealJob {
  readonly settings: Settings & { readonly seal: Sealer };
  readonly dryRun: boolean;
  readonly call: CallOptions;
  /** What would have gone by now, in a dry run. */
  readonly gone: Set<Name>;
  readonly report: { -readonly [field in keyof ResealReport]: number };
  /** `undefined` when the thing is gone. @throws CacheError `ERR_CACHE_REVOKED_KEY` when `from` names a revoked key */
  standing(name: Name): Promise<Standing | undefined>;
}

/** The id of the key that seals now. @throws CacheError `ERR_CACHE_READ_ONLY` when there is none */
function primaryOf(seal: Sealer): Uint8Array {
  const context = { namespace: "", kind: "entries", key: new Uint8Array(1) } as const;
  const claim = seal.inspect(seal.seal(context, new Uint8Array(0), { created: 0, expires: 0, sequence: 0 }));
  if (claim === undefined) throw new TypeError("the sealer does not know what it has just sealed");
  return claim.keyId;
}

/** Begins a run; nothing is read yet. */
export function beginReseal(settings: ResealJob["settings"], { from, dryRun, signal }: ResealOptions): ResealJob {
  const { store, seal } = settings;
  const primary = primaryOf(seal);
  const call = { signal };
  const counts = { entries: 0, contents: 0, untouched: 0, expired: 0, damaged: 0, foreign: 0, revoked: 0 };
  const gone = new Set<Name>();
  const standing = async (name: Name): Promise<Standing | undefined> => {
    if (gone.has(name)) return undefined;
    const prefix = await prefixOf(store, name, call);
    if (prefix === undefined) return undefined;
    const claim = seal.inspect(prefix);
    if (claim === undefined || claim.state === "unknown") return "foreign";
    const asked = from === undefined ? !crypto.equal(claim.keyId, primary) : crypto.equal(claim.keyId, from);
    if (claim.state === "readable") return asked ? "older" : "untouched";
    if (from === undefined || !asked) return "revoked";
    throw new CacheError("ERR_CACHE_REVOKED_KEY", "what a revoked key sealed is never sealed again: it may be forged");
  };
  return {
    ...{ settings, dryRun: dryRun ?? false, call, gone, standing },
    report: { ...counts, unnamed: 0, busy: 0, bytes: 0 },
  };
}
