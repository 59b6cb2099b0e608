import { runCases, sealerCases, signerCases, storeCases } from "@cache/conformance";
import { addKey, Keyring, MasterKey, promoteKey, retireKey, revokeKey, SigningKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { memoryStore } from "@cache/memory";
import { ed25519Signer, hmacSigner } from "@cache/signer";

/** Keys A and B as the fixtures of the suites know them. @param {MasterKey | SigningKey} a @param {MasterKey | SigningKey} b */
function keyrings(a, b) {
  const rotated = retireKey(promoteKey(addKey(Keyring.of(a), b), b.id), a.id);
  const readers = new Keyring({ entries: Keyring.of(a).entries, generation: 1 });
  return { make: Keyring.of(a), other: Keyring.of(b), readOnly: readers, rotated, revoked: revokeKey(rotated, a.id) };
}

const masters = keyrings(MasterKey.generate(), MasterKey.generate());
const [c, d] = [SigningKey.generate(), SigningKey.generate()];
const signing = keyrings(c, d);

/** @template T @param {(keyring: Keyring) => T} make */
const byMasters = (make) => ({
  make: () => make(masters.make),
  other: () => make(masters.other),
  readOnly: () => make(masters.readOnly),
  rotated: () => make(masters.rotated),
  revoked: () => make(masters.revoked),
});

const ed25519 = {
  make: () => ed25519Signer({ identity: c }),
  other: () => ed25519Signer({ identity: d, trusted: [] }),
  readOnly: () => ed25519Signer({ trusted: [c.publicKey] }),
  rotated: () => ed25519Signer({ identity: d, trusted: signing.rotated }),
  revoked: () => ed25519Signer({ identity: d, trusted: signing.revoked }),
};

/**
 * Runs the published suites where no test runner is.
 * @returns {Promise<{ readonly held: number, readonly failed: readonly string[] }>}
 */
export async function runClaims() {
  const store = memoryStore({ maxBytes: 16_000_000 });
  const results = [
    ...(await runCases(storeCases, { open: async () => store, reopen: async () => store, persistent: false })),
    ...(await runCases(sealerCases, byMasters(sealer))),
    ...(await runCases(signerCases, byMasters(hmacSigner))),
    ...(await runCases(signerCases, ed25519)),
  ];
  const failed = results.filter(({ ok }) => !ok).map(({ name, error }) => `${name}: ${String(error)}`);
  return { held: results.length - failed.length, failed };
}
