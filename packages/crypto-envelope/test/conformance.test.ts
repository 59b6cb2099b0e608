import { sealerCases } from "@cache/conformance";
import { addKey, Keyring, MasterKey, promoteKey, retireKey, revokeKey } from "@cache/core/keyring";
import { describe, it } from "vitest";
import { sealerWith } from "../src/sealer.ts";
import { providers } from "./support.ts";

const [a, b] = [MasterKey.generate(), MasterKey.generate()];
const rotated = retireKey(promoteKey(addKey(Keyring.of(a), b), b.id), a.id);

for (const { name, ...pair } of providers) {
  describe(`sealer keeps the contract, by ${name}`, () => {
    const make = (keyring: Keyring) => () => sealerWith(pair, keyring);
    const fixture = {
      make: make(Keyring.of(a)),
      other: make(Keyring.of(b)),
      rotated: make(rotated),
      revoked: make(revokeKey(rotated, a.id)),
    };
    for (const each of sealerCases) it(each.name, () => each.run(fixture));
  });
}
