import { createHmac, randomBytes } from "node:crypto";
import { join } from "node:path";
import { callRecords } from "@cache/calls";
import { fileStore } from "@cache/cas";
import { type Cache, createCache, isCacheError, memoize, structuredCodec } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { hmacSigner } from "@cache/signer";
import { parseSecretKeys, readTrailing } from "@cache/signer/trailing";
import type { ChapterRecord, Proof } from "../evidence.ts";
import type { SourceFile } from "../files.ts";
import { tokenise } from "../tokens.ts";

const NAME = "frequent words";

/** Results of functions, as fleche keeps them for Python: by the content of their arguments, with an account of the calls. */
export async function showResults(
  directory: string,
  keyring: Keyring,
  files: readonly SourceFile[],
): Promise<ChapterRecord> {
  const slots = { seal: sealer(keyring), sign: hmacSigner(keyring), codec: structuredCodec };
  const open = () => createCache({ store: fileStore(join(directory, "results")), ...slots });
  return {
    title: "Results of functions",
    explanation: "kept by the content of the arguments, with an account of every call",
    proofs: [...(await ownFunction(open, files)), ...(await foreignFiles())],
  };
}

async function ownFunction(open: () => Cache, files: readonly SourceFile[]): Promise<readonly Proof[]> {
  let runs = 0;
  const frequent = (bytes: Uint8Array, options: { readonly top: number }) => {
    runs += 1;
    return tokenise(new TextDecoder().decode(bytes)).frequent.slice(0, options.top);
  };
  const calls = callRecords(open(), { tags: { chapter: "results" } });
  const first = memoize(open(), frequent, { name: NAME, version: 1, calls });
  for (const { bytes } of files) await first(bytes, { top: 3 });
  const second = memoize(open(), frequent, { name: NAME, version: 1 });
  for (const { bytes } of files) await second(Uint8Array.from(bytes), { top: 3 });
  const newer = memoize(open(), frequent, { name: NAME, version: 2 });
  const { bytes } = files[0] as SourceFile;
  const isApart = !(await newer.has(bytes, { top: 3 })) && !(await second.has(bytes, { top: 4 }));
  const recorded = await calls.query({ name: NAME, tags: { chapter: "results" } }).count();
  const newest = await calls.query({}).newest();
  const found = newest && (await calls.find(newest.id.slice(0, 12)));
  return [
    { claim: `${runs} calls ran it, and as many with copies of the arguments did not`, holds: runs === files.length },
    { claim: "another version, or other arguments, have no result yet", holds: isApart },
    {
      claim: `${recorded} calls are on record; one is found by 12 digits`,
      holds: recorded === runs && found !== undefined,
    },
  ];
}

/** Files as fleche writes them: a payload and its keyed digest behind it. They are read, and never unpickled. */
async function foreignFiles(): Promise<readonly Proof[]> {
  const secret = randomBytes(32);
  const payload = Buffer.concat([Buffer.from("a pickled result"), Buffer.of(0x2e)]);
  const signed = Buffer.concat([payload, Buffer.from(createHmac("sha256", secret).update(payload).digest("hex"))]);
  const keys = parseSecretKeys(secret.toString("hex"));
  const { binding } = await readTrailing(signed, { keys });
  const refused: string[] = [];
  for (const wrong of [signed.map((byte, at) => (at === 3 ? byte ^ 1 : byte)), payload]) {
    const refusal: unknown = await readTrailing(wrong, { keys }).catch((error: unknown) => error);
    if (isCacheError(refusal)) refused.push(refusal.code);
  }
  const isRefused = refused.join() === "ERR_CACHE_AUTH,ERR_CACHE_UNSIGNED";
  return [
    {
      claim: `a file that fleche signed is read, and its signature covers: ${binding}`,
      holds: binding === "payload-only",
    },
    { claim: `changed, or without its signature, it is refused: ${refused.join(", ")}`, holds: isRefused },
  ];
}
