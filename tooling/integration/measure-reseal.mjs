// How long sealing again takes for an entry of 1 KB: node tooling/integration/measure-reseal.mjs [ENTRIES]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argv } from "node:process";
import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { addKey, Keyring, MasterKey, promoteKey } from "@cache/core/keyring";
import { resealStore } from "@cache/core/maintenance";
import { sealer } from "@cache/crypto-envelope";
import { hmacSigner } from "@cache/signer";

const entries = Number(argv[2] ?? 4000);
const fresh = MasterKey.generate();
const before = Keyring.of(MasterKey.generate());
const after = promoteKey(addKey(before, fresh), fresh.id);
const slotsOf = (/** @type {Keyring} */ keyring) => ({ seal: sealer(keyring), sign: hmacSigner(keyring) });

for (const durable of [false, true]) {
  const base = mkdtempSync(join(tmpdir(), "cache-reseal-"));
  try {
    const store = fileStore(join(base, "store"), { durable });
    const cache = createCache({ store, ...slotsOf(before) });
    await cache.setMany(
      Array.from({ length: entries }, (_, i) => /** @type {const} */ ([`key ${i}`, "v".repeat(1000)])),
    );
    for (const run of ["moved", "done already"]) {
      const began = performance.now();
      const report = await resealStore({ store, ...slotsOf(after) });
      const each = (performance.now() - began) / entries;
      console.log(`durable ${durable}, ${run}: ${each.toFixed(3)} ms an entry, ${report.entries} moved`);
    }
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}
