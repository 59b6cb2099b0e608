import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { runProgram } from "../audit-logs.ts";
import { directory } from "../slots.ts";
import { tryAttack } from "./attack.ts";

const MIB = 1_048_576;
/** Far more than any of the readers needs, and far less than what the bomb becomes. */
const TOO_MUCH = 150 * MIB;

/** A program that reads a file of the first argument, with the key of the second, and is told nothing by it. */
type Reader = string;

/** 400 MiB of zero bytes, with a signature that nobody made, as a file of some hundred kilobytes. */
const BOMB = `
  import { createHmac } from "node:crypto";
  import { writeFileSync } from "node:fs";
  import { gzipSync } from "node:zlib";
  writeFileSync(process.argv[1], gzipSync(Buffer.alloc(400 * ${MIB}), { level: 9 }));`;

tryAttack<Reader>({
  title: "A10: a decompression bomb",
  async run(reader) {
    const path = join(directory(), "bomb");
    await runProgram(BOMB, path);
    const program = `
      import { readFileSync } from "node:fs";
      const [path, key] = process.argv.slice(1);
      const before = process.resourceUsage().maxRSS;
      ${reader}
      console.log((process.resourceUsage().maxRSS - before) * 1024);`;
    const risen = Number(await runProgram(program, path, randomBytes(32).toString("hex")));
    if (Number.isNaN(risen)) throw new Error("the reader did not say how much memory it took");
    return risen < TOO_MUCH ? "stopped" : "succeeded: the reader unpacked what nobody signed";
  },
  ours: {
    "the reader of files that another cache signed": () => `
      import { parseSecretKeys, readTrailing } from "@cache/signer/trailing";
      await readTrailing(readFileSync(path), { keys: parseSecretKeys(key) }).catch(() => undefined);`,
    "a cache in which the file lies in an entry's place": () => `
      import { writeFileSync, readdirSync, mkdtempSync } from "node:fs";
      import { tmpdir } from "node:os";
      import { fileStore } from "@cache/cas";
      import { createCache } from "@cache/core";
      const root = path + "-store";
      const cache = createCache({ store: fileStore(root) });
      await cache.set("a", "right");
      for (const file of readdirSync(root + "/v1/entries", { recursive: true, withFileTypes: true }))
        if (file.isFile()) writeFileSync(file.parentPath + "/" + file.name, readFileSync(path));
      if ((await cache.get("a")) !== undefined) throw new Error("the bomb is a value");`,
  },
  weak: {
    "a reader that unpacks before it verifies": () => `
      import { createHmac } from "node:crypto";
      import { gunzipSync } from "node:zlib";
      const whole = gunzipSync(readFileSync(path));
      const [payload, proof] = [whole.subarray(0, -64), whole.subarray(-64).toString()];
      if (createHmac("sha256", Buffer.from(key, "hex")).update(payload).digest("hex") === proof) throw new Error("it verifies");`,
  },
});
