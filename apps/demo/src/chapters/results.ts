import { createHmac, randomBytes } from "node:crypto";
import { join } from "node:path";
import { callRecords } from "@cache/calls";
import { fileStore } from "@cache/cas";
import { createCache, isCacheError, memoize, structuredCodec } from "@cache/core";
import type { Keyring } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { hmacSigner } from "@cache/signer";
import { parseSecretKeys, readTrailing } from "@cache/signer/trailing";
import type { ChapterRecord } from "../evidence.ts";
import type { SourceFile } from "../files.ts";
import { tokenise } from "../tokens.ts";

/** Results of functions, as fleche keeps them for Python: by the content of their arguments, with an account of the calls. */
export async function showResults(
  directory: string,
  keyring: Keyring,
  files: readonly SourceFile[],
): Promise<ChapterRecord> {
  const slots = { seal: sealer(keyring), sign: hmacSigner(keyring), codec: structuredCodec };
  const open = () => createCache({ store: fileStore(join(directory, "results")), ...slots });
  const calls = callRecords(open(), { tags: { chapter: "results" } });
  let runs = 0;
  const count = (bytes: Uint8Array, options: { readonly top: number }) => {
    runs += 1;
    return tokenise(new TextDecoder().decode(bytes)).frequent.slice(0, options.top);
  };
  const counted = memoize(open(), count, { name: "count tokens", version: 1, calls });
  for (const { bytes } of files) await counted(bytes, { top: 3 });
  const first = runs;
  const elsewhere = memoize(open(), count, { name: "count tokens", version: 1 });
  for (const { bytes } of files) await elsewhere(Uint8Array.from(bytes), { top: 3 });
  const newer = memoize(open(), count, { name: "count tokens", version: 2 });
  const [file] = files as [SourceFile];
  const isApart = !(await newer.has(file.bytes, { top: 3 })) && !(await elsewhere.has(file.bytes, { top: 4 }));
  const recorded = await calls.query({ name: "count tokens", tags: { chapter: "results" } }).count();
  const found = await calls.find(((await calls.query({}).newest())?.id ?? "").slice(0, 12));
  return {
    title: "Results of functions",
    explanation: "kept by the content of the arguments, with an account of every call",
    proofs: [
      {
        claim: `${first} calls ran the function, and as many with copies of the arguments ran it no more`,
        holds: first === files.length && runs === first,
      },
      { claim: "another version, or other arguments, have no result yet", holds: isApart },
      {
        claim: `${recorded} calls are on record, and one is found by 12 digits`,
        holds: recorded === first && found !== undefined,
      },
      ...(await foreignFiles()),
    ],
  };
}

/** Files as fleche writes them: a payload and its keyed digest behind it. They are read, and never unpickled. */
async function foreignFiles(): Promise<ChapterRecord["proofs"]> {
  const secret = randomBytes(32);
  const payload = Buffer.concat([Buffer.from("a pickled result"), Buffer.of(0x2e)]);
  const signed = Buffer.concat([payload, Buffer.from(createHmac("sha256", secret).update(payload).digest("hex"))]);
  const keys = parseSecretKeys(secret.toString("hex"));
  const { binding } = await readTrailing(signed, { keys });
  const outcomes: string[] = [];
  for (const wrong of [signed.map((byte, at) => (at === 3 ? byte ^ 1 : byte)), payload]) {
    const refusal: unknown = await readTrailing(wrong, { keys }).catch((error: unknown) => error);
    if (isCacheError(refusal)) outcomes.push(refusal.code);
  }
  return [
    {
      claim: `a file that fleche signed is read, and says what its signature covers: ${binding}`,
      holds: binding === "payload-only",
    },
    {
      claim: `changed, or without its signature, it is refused: ${outcomes.join(", ")}`,
      holds: outcomes.join() === "ERR_CACHE_AUTH,ERR_CACHE_UNSIGNED",
    },
  ];
}
