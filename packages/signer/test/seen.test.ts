import type { MonotonicStore, Seen } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import { SigningKey } from "@cache/core/keyring";
import { chainSigner, checkSeen, issueRevocations, readRevocations } from "@cache/signer/chain";
import { expect, it } from "vitest";

const [root, other] = [SigningKey.generate(), SigningKey.generate()];
const DAY = 86_400_000;

/** Remembers as it should, and counts how often it was told to. */
function memory(): MonotonicStore & { told: number } {
  const seen = new Map<string, Seen>();
  return {
    told: 0,
    get: async (scope) => seen.get(toHex(scope)),
    async advance(scope, next) {
      this.told += 1;
      const held = seen.get(toHex(scope));
      if (held !== undefined && held.sequence >= next.sequence) return held;
      seen.set(toHex(scope), next);
      return next;
    },
  };
}

it("what a reader would refuse for what it saw is told without a trace", async () => {
  const now = Date.now();
  const text = (number: number, revoked: readonly Uint8Array[] = []) =>
    issueRevocations({ root, number, revoked, created: now, expires: now + DAY });
  const list = async (...of: Parameters<typeof text>) => readRevocations(await text(...of), [root.publicKey]);
  const seen = memory();
  const check = (of: Awaited<ReturnType<typeof list>> | undefined) => checkSeen(seen, root.publicKey, of);
  await expect(check(undefined)).resolves.toBeUndefined();
  await expect(check(await list(2))).resolves.toBeUndefined();
  await expect(check(await list(1))).resolves.toBeUndefined();
  expect(seen.told).toBe(0);

  await chainSigner({ roots: [root.publicKey], certificates: [], revocations: [await text(2)], seen });
  for (const sound of [await list(2), await list(3)]) await expect(check(sound)).resolves.toBeUndefined();
  for (const refused of [undefined, await list(1), await list(2, [other.id])])
    await expect(check(refused)).rejects.toMatchObject({ code: "ERR_CACHE_ROLLBACK" });
  await expect(checkSeen(seen, other.publicKey, undefined)).resolves.toBeUndefined();
  expect(seen.told).toBe(1);
});
