import { closeSync, openSync, readSync } from "node:fs";
import type { CacheEvent } from "@cache/core";
import { addKey, type Keyring, MasterKey, promoteKey, retireKey, revokeKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { entryPath } from "./attacks/scene.ts";
import { openCache } from "./caches.ts";
import { censusOf, runCensus } from "./census.ts";
import type { Proof, RotationRecord } from "./evidence.ts";
import type { SourceFile } from "./files.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** The clear first bytes of an entry's file, which tell the id of the key that sealed it. */
function prefixOf(path: string): Uint8Array {
  const bytes = new Uint8Array(64);
  const file = openSync(path, "r");
  const length = readSync(file, bytes);
  closeSync(file);
  return bytes.subarray(0, length);
}

/** Which keys made a file's entry: the ids of the sealing key and of the signing key. */
async function madeBy(
  directory: string,
  keyring: Keyring,
  file: SourceFile,
): Promise<{ sealed: string; signed: string }> {
  const place = { directory, keyring, files: [file], onEvent: () => {} };
  const sealed = sealer(keyring).inspect(prefixOf(await entryPath(place, file)))?.keyId;
  const cache = openCache(directory, keyring);
  const found = await cache.lookup(censusOf(cache).keyOf(file));
  return { sealed: sealed === undefined ? "" : hex(sealed), signed: (found.state === "hit" && found.signedBy) || "" };
}

interface Step {
  readonly step: string;
  readonly explanation: string;
  readonly keyring: Keyring;
  /** Hits that this step must have. */
  readonly hits: number;
  /** What else must hold, given the events of the run. */
  readonly proofs?: (events: readonly CacheEvent[]) => Promise<readonly Proof[]>;
}

/**
 * Rotates both keys of a cache of its own: add, promote, retire, revoke. Every step runs the program over all the files;
 * its output must be the same each time.
 */
export async function rotate(
  directory: string,
  before: Keyring,
  files: readonly SourceFile[],
): Promise<RotationRecord[]> {
  const [renewed, ...others] = files as readonly [SourceFile, ...SourceFile[]];
  const untouched = others[0] as SourceFile;
  const [oldMaster, oldSigner] = [before.primary as MasterKey, before.primarySigner as SigningKey];
  const [master, signer] = [MasterKey.generate(), SigningKey.generate()];
  const added = addKey(addKey(before, master), signer);
  const promoted = promoteKey(promoteKey(added, master.id), signer.id);
  const retired = retireKey(retireKey(promoted, oldMaster.id), oldSigner.id);
  const revoked = revokeKey(revokeKey(retired, oldMaster.id), oldSigner.id);

  const isBy = async (keyring: Keyring, file: SourceFile, seal: MasterKey, sign: SigningKey): Promise<boolean> => {
    const { sealed, signed } = await madeBy(directory, keyring, file);
    return sealed === hex(seal.id) && signed === hex(sign.id);
  };
  const steps: readonly Step[] = [
    {
      ...{ step: "fill", explanation: "one sealing key and one signing key", keyring: before, hits: 0 },
      proofs: async () => [
        {
          claim: "entries are sealed and signed by the old keys",
          holds: await isBy(before, untouched, oldMaster, oldSigner),
        },
      ],
    },
    {
      ...{ step: "add", explanation: "the new keys read and do not write yet", keyring: added, hits: files.length },
      proofs: async () => {
        await censusOf(openCache(directory, added)).analysis.refresh(renewed);
        return [
          { claim: "a new entry is still by the old keys", holds: await isBy(added, renewed, oldMaster, oldSigner) },
        ];
      },
    },
    {
      ...{
        step: "promote",
        explanation: "the new keys write, the old ones read on",
        keyring: promoted,
        hits: files.length,
      },
      proofs: async () => {
        await censusOf(openCache(directory, promoted)).analysis.refresh(renewed);
        return [
          { claim: "a new entry is by the new keys", holds: await isBy(promoted, renewed, master, signer) },
          {
            claim: "an old entry is still by the old keys",
            holds: await isBy(promoted, untouched, oldMaster, oldSigner),
          },
        ];
      },
    },
    {
      ...{ step: "retire", explanation: "the old keys never write again; what they wrote is a hit", keyring: retired },
      ...{ hits: files.length },
      proofs: async (events) => [
        { claim: "every read under a retired key is an event", holds: count(events, "retired-key") === others.length },
      ],
    },
    {
      ...{ step: "revoke", explanation: "what the old keys wrote is a miss, not an error", keyring: revoked, hits: 1 },
      proofs: async () => [
        {
          claim: "what was worked out again is by the new keys",
          holds: await isBy(revoked, untouched, master, signer),
        },
      ],
    },
    { step: "afterwards", explanation: "the cache is warm under the new keys", keyring: revoked, hits: files.length },
  ];
  return perform(directory, files, steps);
}

const count = (events: readonly CacheEvent[], type: CacheEvent["type"]): number =>
  events.filter((event) => event.type === type).length;

async function perform(
  directory: string,
  files: readonly SourceFile[],
  steps: readonly Step[],
): Promise<RotationRecord[]> {
  const records: RotationRecord[] = [];
  let identity: string | undefined;
  for (const { step, explanation, keyring, hits, proofs } of steps) {
    const events: CacheEvent[] = [];
    const run = await runCensus(
      step,
      openCache(directory, keyring, { onEvent: (event) => void events.push(event) }),
      files,
    );
    identity ??= run.identity;
    records.push({
      ...{ step, explanation, hits: run.hits, computed: run.computed },
      proofs: [
        { claim: `${hits} of ${files.length} files are hits`, holds: run.hits === hits },
        { claim: "the output is the same bytes", holds: run.identity === identity },
        ...((await proofs?.(events)) ?? []),
      ],
    });
  }
  return records;
}
