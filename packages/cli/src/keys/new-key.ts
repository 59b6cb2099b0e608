import { type Key, MasterKey, SigningKey } from "@cache/core/keyring";
import { readPrivateFile } from "@cache/core/keyring-file";
import type { Invocation } from "../command.ts";
import { readInput } from "../input.ts";
import { permissionsOf } from "../keyring-source.ts";
import { UsageError } from "../usage-error.ts";

/** As long as a seed may be. */
const MOST_BYTES = 1024;

/** A seed is as secret as its key, so its file has to be as private as a keyring. */
function seedIn(invocation: Invocation, path: string): Promise<Uint8Array> | Uint8Array {
  if (path === "-") return readInput(path, MOST_BYTES, "a seed is smaller");
  return readPrivateFile(path, { ...permissionsOf(invocation), called: "the seed file" });
}

async function keyFromSeed(invocation: Invocation, path: string): Promise<Key> {
  const { signingKeyFromSeed } = await import("@cache/crypto-envelope/passphrase");
  const seed = await seedIn(invocation, path);
  try {
    return await signingKeyFromSeed(seed);
  } finally {
    seed.fill(0);
  }
}

/** The type of a fresh key, if one was said. `--ed25519` is short for the one that has to be. */
export function typeOf({ given }: Invocation): string | undefined {
  const type = given.text("type");
  if (!given.flag("ed25519")) return type;
  if (type !== undefined && type !== "ed25519") throw new UsageError("--ed25519 and --type say two types");
  return "ed25519";
}

/** The key that `keys new` and `keys add` make: of the type that `--type` says, fresh or from a seed. */
export async function newKey(invocation: Invocation): Promise<Key> {
  const type = typeOf(invocation) ?? "master";
  const seedFile = invocation.given.text("seed-file");
  if (type !== "master" && type !== "ed25519") throw new UsageError("--type is master or ed25519");
  if (seedFile === undefined) return type === "master" ? MasterKey.generate() : SigningKey.generate();
  if (type === "master")
    throw new UsageError("only a signing key is made of a seed", "give --type ed25519, or leave --seed-file out");
  return keyFromSeed(invocation, seedFile);
}
