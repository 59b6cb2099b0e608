import { Keyring, type MasterKey, SigningKey } from "@cache/core/keyring";
import { freshKeyring } from "../caches.ts";
import { listing } from "./listing.ts";
import { type Attack, look, type Scene, target } from "./scene.ts";

/** Looks at the scene with other keys, and tells whether that changed anything in the directory. */
async function lookWith(scene: Scene, keyring: Keyring): Promise<{ seen: string[]; untouched: boolean }> {
  const before = listing(scene.directory);
  const seen = new Set<string>();
  for (let index = 0; index < 20; index++) seen.add(await look({ ...scene, keyring }, target(scene, index)));
  return { seen: [...seen].sort(), untouched: listing(scene.directory) === before };
}

/** A process with other keys finds nothing and breaks nothing. */
export const wrongKey: Attack = {
  title: "open with the wrong keys",
  deed: "reads twenty entries with keys of its own, then with the right sealing key and another signing key",
  promise:
    "names are keyed, so with the wrong key there is nothing to find; and what a key cannot judge it does not touch",
  expected: ["miss", "rejected ERR_CACHE_UNKNOWN_KEY"],
  async perform(scene) {
    const strange = await lookWith(scene, freshKeyring());
    const master = scene.keyring.primary as MasterKey;
    const distrustful = await lookWith(scene, Keyring.of(master, SigningKey.generate()));
    return {
      seen: [...strange.seen, ...distrustful.seen],
      proofs: [
        { claim: "with wrong keys: every file of the directory is as it was", holds: strange.untouched },
        { claim: "with the wrong signing key: every file of the directory is as it was", holds: distrustful.untouched },
      ],
    };
  },
};
