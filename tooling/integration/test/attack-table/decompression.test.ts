import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { HmacRawKey, readTrailing } from "@cache/signer/trailing";
import { tryAttack } from "./attack.ts";

const key = new Uint8Array(randomBytes(32));

/** Reads a compressed file whose signature is inside; `undefined` for one that it refuses. */
type Reader = (file: Uint8Array) => Promise<Uint8Array | undefined>;

const bomb = new Uint8Array(gzipSync(Buffer.alloc(100_000_000), { level: 1 }));
/** What a reader may take, in bytes. */
const LIMIT = 10_000_000;
/** Above that and what it leaves to be collected, below what the bomb needs. */
const MEMORY = 70_000_000;

/** The most that a job had in memory above what was there before it. */
async function memoryOf(job: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let most = 0;
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss() - before);
  };
  const timer = setInterval(look, 5);
  try {
    await job();
  } finally {
    clearInterval(timer);
    look();
  }
  return most;
}

tryAttack<Reader>({
  title: "A10: a small file decompresses to far more than there is room for",
  async run(reader) {
    let found: Uint8Array | undefined;
    const memory = await memoryOf(async () => {
      found = await reader(bomb);
    });
    if (found !== undefined) return "succeeded: it is believed";
    return memory > MEMORY ? `succeeded: ${memory} bytes of memory for ${bomb.length} bytes of file` : "stopped";
  },
  ours: {
    "files of fleche": () => async (file) => {
      try {
        return (await readTrailing(file, { keys: [HmacRawKey.import(key)], maxBytes: LIMIT })).payload;
      } catch {
        return undefined;
      }
    },
  },
  weak: {
    "decompression before the signature is looked at": () => async (file) => {
      const content = gunzipSync(file);
      const [payload, digits] = [content.subarray(0, -64), content.subarray(-64).toString()];
      const proof = createHmac("sha256", key).update(payload).digest("hex");
      return timingSafeEqual(Buffer.from(proof), Buffer.from(digits)) ? payload : undefined;
    },
  },
});
