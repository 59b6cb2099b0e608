import { execFileSync, fork } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { addKey, formatKey, Keyring, MasterKey, promoteKey, SigningKey } from "../src/keyring/index.ts";
import { createKeyringFile, readKeyringFile, updateKeyringFile } from "../src/keyring-file/index.ts";

function file(text?: string, mode = 0o600): string {
  const folder = mkdtempSync(join(tmpdir(), "keyring-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "keys");
  if (text !== undefined) writeFileSync(path, text, { mode });
  return path;
}

const key = MasterKey.generate();

describe("readKeyringFile", () => {
  it("reads a list with comments, and JSON", async () => {
    const list = await readKeyringFile(file(`# ours\n${formatKey(key)}\n\n`));
    expect(list.primary?.id).toEqual(key.id);
    const path = file();
    const ring = promoteKey(addKey(Keyring.of(key, SigningKey.generate()), MasterKey.generate()), key.id);
    await createKeyringFile(path, ring);
    const read = await readKeyringFile(path);
    expect([read.generation, read.masters.length, read.primarySigner?.id]).toEqual([3, 2, ring.primarySigner?.id]);
  });

  it("M41: a file that others can reach is refused, and read when that is asked for", async () => {
    for (const mode of [0o640, 0o604, 0o660, 0o601]) {
      const path = file(formatKey(key));
      chmodSync(path, mode);
      await expect(readKeyringFile(path)).rejects.toMatchObject({ code: "ERR_CACHE_KEY_PERMISSIONS" });
      expect((await readKeyringFile(path, { permissions: "relaxed" })).primary?.id).toEqual(key.id);
    }
  });

  it.runIf(process.geteuid?.() === 0)("M41: a file of another user is refused to a user who is not its owner", () => {
    const path = file(formatKey(key));
    chownSync(path, 65534, 65534);
    const status = statSync(path);
    expect(status.uid).toBe(65534);
    return expect(readKeyringFile(path)).rejects.toMatchObject({ code: "ERR_CACHE_KEY_PERMISSIONS" });
  });

  it("a link to a private file is read, as mounted secrets are links", async () => {
    const path = file(formatKey(key));
    symlinkSync(path, `${path}.link`);
    expect((await readKeyringFile(`${path}.link`)).primary?.id).toEqual(key.id);
  });

  it("M39: what is missing, a directory, a FIFO, too long or no keyring is an error with a code, at once", async () => {
    await expect(readKeyringFile(file())).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
    await expect(readKeyringFile(tmpdir())).rejects.toMatchObject({ name: "CacheError" });
    const fifo = file();
    execFileSync("mkfifo", ["-m", "600", fifo]);
    await expect(readKeyringFile(fifo)).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
    await expect(readKeyringFile(file("#".repeat(300_000)))).rejects.toMatchObject({ code: "ERR_CACHE_LIMIT" });
    for (const text of ["", "nothing", "{}", '{"format":"cache-keyring"', "\ufffe"]) {
      await expect(readKeyringFile(file(text))).rejects.toMatchObject({ code: "ERR_CACHE_KEY_FORMAT" });
    }
  });

  it("M42: no error repeats the secret", async () => {
    const secret = formatKey(key);
    const broken = [secret.slice(0, -1), `${secret}x`, `{"secret":"${secret}"`, `{"format":"${secret}"}`];
    for (const text of broken) {
      const error = await readKeyringFile(file(text)).catch((reason: Error) => reason);
      expect(`${error}${(error as Error).stack}${JSON.stringify(error)}`).not.toContain(secret.slice(20, 40));
    }
  });
});

describe("createKeyringFile and updateKeyringFile", () => {
  it("makes a private file whatever the umask, and never replaces one", async () => {
    const path = file();
    const before = process.umask(0);
    await createKeyringFile(path, Keyring.of(key)).finally(() => process.umask(before));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, "utf8");
    await expect(createKeyringFile(path, Keyring.of(MasterKey.generate()))).rejects.toMatchObject({
      cause: { code: "EEXIST" },
    });
    expect(readFileSync(path, "utf8")).toBe(text);
  });

  it("changes by several callers and processes at once are all kept, and nothing is left behind", async () => {
    const path = file();
    await createKeyringFile(path, Keyring.of(key));
    const add = (ring: Keyring) => addKey(ring, MasterKey.generate());
    await Promise.all(Array.from({ length: 8 }, () => updateKeyringFile(path, add)));
    const read = await readKeyringFile(path);
    expect([read.masters.length, read.generation]).toEqual([9, 9]);
    expect(readdirSync(join(path, ".."))).toEqual(["keys"]);
  });

  it("the lock of a killed process is broken; a live one is waited for", async () => {
    const path = file();
    await createKeyringFile(path, Keyring.of(key));
    const child = fork("-e", [], { execArgv: ["-e", "process.exit()"], stdio: "ignore" });
    const dead = child.pid;
    await new Promise((resolve) => child.once("exit", resolve));
    const { hostname } = await import("node:os");
    writeFileSync(`${path}.lock`, `${hostname()} ${dead} x`);
    await updateKeyringFile(path, (ring) => addKey(ring, MasterKey.generate()));
    expect((await readKeyringFile(path)).generation).toBe(2);
  });

  it("M49: a change that does not go forward is refused and leaves the file", async () => {
    const path = file();
    await createKeyringFile(path, Keyring.of(key));
    await expect(updateKeyringFile(path, (ring) => ring)).rejects.toMatchObject({ code: "ERR_CACHE_ROLLBACK" });
    expect((await readKeyringFile(path)).generation).toBe(1);
  });
});
