import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { addKey, encodeKeyring, Keyring, type KeyringProtection, MasterKey, parseKeyring } from "@cache/core/keyring";
import {
  createKeyringFile,
  protectKeyringFile,
  readKeyringFile,
  updateKeyringFile,
  updatePrivateFile,
  writeKeyringFile,
} from "@cache/core/keyring-file";
import { describe, expect, it, vi } from "vitest";
import { newFile } from "./files.ts";

const keyring = Keyring.of(MasterKey.generate());
const isRoot = process.geteuid?.() === 0;
const grown = (present: Keyring): Keyring => addKey(present, MasterKey.generate());
const fileOf = (ring: Keyring): string => newFile(encodeKeyring(ring));
const stored = (path: string): Keyring => parseKeyring(readFileSync(path, "utf8"));

describe("a change of a keyring file", () => {
  it("M49: is refused when the file holds another generation than was thought, and leaves it", async () => {
    const path = fileOf(grown(keyring));
    for (const expected of [keyring.generation, keyring.generation + 2]) {
      const written = writeKeyringFile(path, grown(grown(keyring)), { expect: expected });
      await expect(written).rejects.toMatchObject({ code: "ERR_CACHE_ROLLBACK" });
    }
    expect(stored(path).generation).toBe(keyring.generation + 1);
    await writeKeyringFile(path, grown(grown(keyring)), { expect: keyring.generation + 1 });
    expect(stored(path).generation).toBe(keyring.generation + 2);
  });

  it("M49: is refused when it does not go forward", async () => {
    const path = fileOf(grown(keyring));
    for (const change of [(present: Keyring) => present, () => keyring]) {
      await expect(updateKeyringFile(path, change)).rejects.toMatchObject({ code: "ERR_CACHE_ROLLBACK" });
    }
    expect(stored(path).generation).toBe(keyring.generation + 1);
  });

  it("does not take back what somebody who knows no lock wrote meanwhile", async () => {
    const path = fileOf(keyring);
    const other = grown(keyring);
    const protection: KeyringProtection = {
      async protect(plain) {
        writeFileSync(path, encodeKeyring(other));
        return plain;
      },
      unprotect: async (bytes) => bytes,
    };
    const changed = protectKeyringFile(path, protection);
    await expect(changed).rejects.toMatchObject({ code: "ERR_CACHE_ROLLBACK" });
    expect(encodeKeyring(stored(path))).toBe(encodeKeyring(other));
  });

  it("that makes one leaves the one that is there", async () => {
    const path = fileOf(keyring);
    const made = createKeyringFile(path, Keyring.of(MasterKey.generate()));
    await expect(made).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG", cause: { code: "EEXIST" } });
    expect(encodeKeyring(stored(path))).toBe(encodeKeyring(keyring));
  });
});

/** A process that is over, of this machine. */
const deadPid = (): number => spawnSync(process.execPath, ["--version"]).pid;

/** When this process started, as the lock of a keyring says it. */
function ownStart(): string {
  const stat = readFileSync("/proc/self/stat", "latin1");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] as string;
}

function lockedFile(holder: string): { path: string; lock: string } {
  const path = fileOf(keyring);
  const lock = `${path}.lock`;
  writeFileSync(lock, holder);
  return { path, lock };
}

/** Waits for a lock until patience is over, by a clock that runs ahead but lets many looks at it happen. @returns the refusal */
async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  let refusal: unknown;
  const over = work.catch((error: unknown) => {
    refusal = error;
  });
  vi.useFakeTimers({ toFake: ["performance"] });
  for (let turn = 0; refusal === undefined && turn < 2000; turn++) {
    vi.advanceTimersByTime(50);
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 1))]);
  }
  vi.useRealTimers();
  return refusal;
}

const BUSY = { code: "ERR_CACHE_CONFIG", message: expect.stringContaining("another process is changing the keyring") };

describe("the lock of a keyring file", () => {
  const dead: Readonly<Record<string, () => string>> = {
    "of a process that is over": () => `${hostname()} ${deadPid()} 1 x`,
    "of a process whose number another one has by now": () => `${hostname()} ${process.pid} 1 x`,
  };
  for (const [words, holder] of Object.entries(dead)) {
    it.runIf(process.platform === "linux")(`${words} is broken`, async () => {
      const { path, lock } = lockedFile(holder());
      await updateKeyringFile(path, grown);
      expect(stored(path).generation).toBe(keyring.generation + 1);
      expect(existsSync(lock)).toBe(false);
    });
  }

  it("that was never written, long ago, is broken", async () => {
    const { path, lock } = lockedFile("");
    utimesSync(lock, 1, 1);
    await updateKeyringFile(path, grown);
    expect(stored(path).generation).toBe(keyring.generation + 1);
  });

  const living: Readonly<Record<string, () => string>> = {
    "of a process that runs": () => `${hostname()} ${process.pid} ${ownStart()} x`,
    "of a process that runs, since nobody knows when": () => `${hostname()} ${process.pid} - x`,
    "of another machine, whose processes nobody here knows": () => `elsewhere.invalid ${deadPid()} 1 x`,
    "of what is no number of a process": () => `${hostname()} -${deadPid()} 1 x`,
    "of nobody in particular": () => "x",
  };
  for (const [words, holder] of Object.entries(living)) {
    it.runIf(process.platform === "linux")(`${words}, is waited for and not broken`, async () => {
      const { path, lock } = lockedFile(holder());
      const before = readFileSync(lock, "utf8");
      expect(await refusalOf(updateKeyringFile(path, grown))).toMatchObject(BUSY);
      expect(readFileSync(lock, "utf8")).toBe(before);
      expect(encodeKeyring(stored(path))).toBe(encodeKeyring(keyring));
    });
  }

  it("that is being written is waited for", async () => {
    const { path, lock } = lockedFile("");
    utimesSync(lock, 2 ** 32, 2 ** 32);
    expect(await refusalOf(updateKeyringFile(path, grown))).toMatchObject(BUSY);
    expect(existsSync(lock)).toBe(true);
  });

  // Root may ask every process.
  it.runIf(process.platform === "linux" && !isRoot)(
    "of another user's process is waited for: that it cannot be asked does not mean that it is over",
    async () => {
      const { path, lock } = lockedFile(`${hostname()} 1 1 x`);
      expect(await refusalOf(updateKeyringFile(path, grown))).toMatchObject(BUSY);
      expect(existsSync(lock)).toBe(true);
    },
  );

  const others: Readonly<Record<string, (lock: string) => void>> = {
    "a FIFO": (lock) => execFileSync("mkfifo", [lock]),
    "a link to what never ends": (lock) => symlinkSync("/dev/zero", lock),
    "a directory": (lock) => mkdirSync(lock),
    "a file without measure": (lock) => {
      writeFileSync(lock, "");
      truncateSync(lock, 2 ** 33);
    },
  };
  for (const [words, plant] of Object.entries(others)) {
    it.runIf(process.platform === "linux")(`that is ${words} is refused at once, and left`, async () => {
      const path = fileOf(keyring);
      plant(`${path}.lock`);
      await expect(updateKeyringFile(path, grown)).rejects.toMatchObject({ code: "ERR_CACHE_UNSAFE_PATH" });
      expect(lstatSync(`${path}.lock`)).toBeDefined();
      expect(encodeKeyring(stored(path))).toBe(encodeKeyring(keyring));
    });
  }

  it("that cannot be made is told at once, with the reason", async () => {
    const path = `${newFile()}${"x".repeat(247)}`;
    writeFileSync(path, encodeKeyring(keyring), { mode: 0o600 });
    expect((await readKeyringFile(path)).generation).toBe(keyring.generation);
    const changed = updateKeyringFile(path, grown);
    await expect(changed).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG", cause: { code: "ENAMETOOLONG" } });
    const other = updatePrivateFile(path, (bytes) => bytes as Uint8Array, { called: "the list of trusted files" });
    await expect(other).rejects.toMatchObject({
      message: "the list of trusted files cannot be locked (ENAMETOOLONG)",
      code: "ERR_CACHE_CONFIG",
    });
  });
});
