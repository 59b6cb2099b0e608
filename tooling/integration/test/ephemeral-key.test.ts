import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { Keyring, MasterKey, parseKey } from "@cache/core/keyring";
import { sealer } from "@cache/crypto-envelope";
import { hmacSigner } from "@cache/signer";
import { describe, expect, it } from "vitest";
import { directory } from "./slots.ts";

const PROGRAM = `
  import { writeSync } from "node:fs";
  import { ephemeralStore, fileStore } from "@cache/cas";
  import { createCache } from "@cache/core";
  import { formatKey, Keyring, MasterKey } from "@cache/core/keyring";
  import { sealer } from "@cache/crypto-envelope";
  import { hmacSigner } from "@cache/signer";

  const [base] = process.argv.slice(1);
  const key = MasterKey.generate();
  const keyring = Keyring.of(key);
  for (const store of [fileStore(base + "/kept"), await ephemeralStore({ parent: base })]) {
    const cache = createCache({ store, seal: sealer(keyring), sign: hmacSigner(keyring) });
    await cache.set("small", "a secret value");
    await cache.set("large", "a secret value".repeat(10_000));
    await cache.blobs.put(new Uint8Array(2_000_000));
  }
  writeSync(3, formatKey(key) + "\\n");
  setInterval(() => {}, 1000);
`;

/** Runs the program until it has told its key, by a pipe of its own since nothing that is printed may hold one, then kills it with no chance to tidy up. */
async function keyOfKilled(base: string): Promise<string> {
  const cwd = new URL("..", import.meta.url);
  const child = spawn(process.execPath, ["--input-type=module", "-e", PROGRAM, base], {
    cwd,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  let [told, errors] = ["", ""];
  child.stderr?.on("data", (piece) => {
    errors += piece;
  });
  child.stdio[3]?.on("data", (piece) => {
    told += piece;
    if (told.endsWith("\n")) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.on("close", resolve));
  if (!told.endsWith("\n")) throw new Error(errors);
  return told.trim();
}

const filesBelow = (path: string): Buffer[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

describe("a key that a process made for itself", () => {
  it("M52: reaches no disk in any form, and what it sealed is lost with it", async () => {
    const base = directory();
    const secret = parseKey(await keyOfKilled(base)) as MasterKey;
    const files = filesBelow(base);
    expect(files.length).toBeGreaterThan(8);
    const bytes = Buffer.from(secret.reveal());
    const forms = [
      bytes,
      ...(["hex", "base64", "base64url"] as const).map((form) => bytes.toString(form).slice(0, 42)),
    ];
    for (const file of files) for (const form of forms) expect(file.includes(form)).toBe(false);

    const read = (keyring: Keyring) =>
      createCache({ store: fileStore(join(base, "kept")), seal: sealer(keyring), sign: hmacSigner(keyring) });
    expect(await read(Keyring.of(MasterKey.generate())).get("small")).toBeUndefined();
    expect(await read(Keyring.of(secret)).get("small")).toBe("a secret value");
  });
});
