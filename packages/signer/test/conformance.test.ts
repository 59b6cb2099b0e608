import { signerCases } from "@cache/conformance";
import { addKey, Keyring, MasterKey, promoteKey, retireKey, revokeKey, SigningKey } from "@cache/core/keyring";
import { describe, it } from "vitest";
import { ed25519Signer, hmacSigner } from "../src/index.ts";

const [a, b] = [MasterKey.generate(), MasterKey.generate()];
const rotatedMasters = retireKey(promoteKey(addKey(Keyring.of(a), b), b.id), a.id);
const hmac = {
  make: () => hmacSigner(Keyring.of(a)),
  other: () => hmacSigner(Keyring.of(b)),
  readOnly: () => hmacSigner(new Keyring({ entries: Keyring.of(a).entries, generation: 1 })),
  rotated: () => hmacSigner(rotatedMasters),
  revoked: () => hmacSigner(revokeKey(rotatedMasters, a.id)),
};

const [c, d] = [SigningKey.generate(), SigningKey.generate()];
const rotatedSigners = retireKey(promoteKey(addKey(Keyring.of(c), d), d.id), c.id);
const ed25519 = {
  make: () => ed25519Signer({ identity: c }),
  other: () => ed25519Signer({ identity: d, trusted: [] }),
  readOnly: () => ed25519Signer({ trusted: [c.publicKey] }),
  rotated: () => ed25519Signer({ identity: d, trusted: rotatedSigners }),
  revoked: () => ed25519Signer({ identity: d, trusted: revokeKey(rotatedSigners, c.id) }),
};

for (const [name, fixture] of Object.entries({ hmacSigner: hmac, ed25519Signer: ed25519 })) {
  describe(`${name} keeps the contract of a signer`, () => {
    for (const each of signerCases) it(each.name, () => each.run(fixture));
  });
}
