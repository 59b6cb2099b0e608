import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import { addKey, encodeKeyring, formatKey, Keyring, MasterKey, promoteKey, SigningKey } from "@cache/core/keyring";
import { createKeyringFile, keyringFromSources, readKeyringFile, updateKeyringFile } from "@cache/core/keyring-file";
import { describe, expect, it } from "vitest";
import { newFile } from "./files.ts";

const key = MasterKey.generate();
const isRoot = process.geteuid?.() === 0;
const NOBODY = 65_534;

/** Runs as another user, as far as the file system is concerned. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe("readKeyringFile", () => {
  it("reads a list with comments, and JSON", async () => {
    const list = await readKeyringFile(newFile(`# ours\n${formatKey(key)}\n\n`));
    expect(list.primary?.id).toEqual(key.id);
    const ring = promoteKey(addKey(Keyring.of(key, SigningKey.generate()), MasterKey.generate()), key.id);
    const read = await readKeyringFile(newFile(encodeKeyring(ring)));
    expect(encodeKeyring(read)).toBe(encodeKeyring(ring));
  });

  it("M41: a file that any other user could reach is refused with the remedy, and read when that is asked for", async () => {
    for (const bit of [0o40, 0o20, 0o10, 0o4, 0o2, 0o1]) {
      const path = newFile(formatKey(key));
      chmodSync(path, 0o600 | bit);
      await expect(readKeyringFile(path)).rejects.toMatchObject({
        code: "ERR_CACHE_KEY_PERMISSIONS",
        message: expect.stringContaining(`chmod 600 ${path}`),
      });
      expect((await readKeyringFile(path, { permissions: "relaxed" })).primary?.id).toEqual(key.id);
      chmodSync(path, 0o600);
      expect((await readKeyringFile(path)).primary?.id).toEqual(key.id);
    }
    for (const mode of [0o400, 0o700]) {
      const path = newFile(formatKey(key));
      chmodSync(path, mode);
      expect((await readKeyringFile(path, { permissions: "strict" })).primary?.id).toEqual(key.id);
    }
  });

  it.runIf(isRoot)("M41: a file of another user is refused, private or not, unless that is asked for", async () => {
    const path = newFile(formatKey(key));
    chownSync(path, NOBODY, NOBODY);
    await expect(readKeyringFile(path)).rejects.toMatchObject({ code: "ERR_CACHE_KEY_PERMISSIONS" });
    expect((await readKeyringFile(path, { permissions: "relaxed" })).primary?.id).toEqual(key.id);
    chmodSync(dirname(path), 0o755);
    const own = await asNobody(() => readKeyringFile(path));
    expect(own.primary?.id).toEqual(key.id);
  });

  it.runIf(isRoot)(
    "M41: root's file is read by a user who was given it, and M39: one who was not is told so",
    async () => {
      const path = newFile(formatKey(key));
      chmodSync(dirname(path), 0o755);
      const refused = { code: "ERR_CACHE_CONFIG", cause: { code: "EACCES" } };
      await expect(asNobody(() => readKeyringFile(path))).rejects.toMatchObject(refused);
      chmodSync(path, 0o644);
      await expect(asNobody(() => readKeyringFile(path))).rejects.toMatchObject({ code: "ERR_CACHE_KEY_PERMISSIONS" });
      const read = await asNobody(() => readKeyringFile(path, { permissions: "relaxed" }));
      expect(read.primary?.id).toEqual(key.id);
    },
  );

  it("links are followed, as mounted secrets are links, and what counts is the file that they lead to", async () => {
    const path = newFile();
    const folder = dirname(path);
    mkdirSync(join(folder, "..2026_01_01"));
    writeFileSync(join(folder, "..2026_01_01", "keys"), formatKey(key), { mode: 0o600 });
    symlinkSync("..2026_01_01", join(folder, "..data"));
    symlinkSync(join("..data", "keys"), path);
    expect((await readKeyringFile(path)).primary?.id).toEqual(key.id);
    chmodSync(join(folder, "..2026_01_01", "keys"), 0o444);
    await expect(readKeyringFile(path)).rejects.toMatchObject({ code: "ERR_CACHE_KEY_PERMISSIONS" });
    expect((await readKeyringFile(path, { permissions: "relaxed" })).primary?.id).toEqual(key.id);
  });

  it("M41: what was looked at is what is read, however often the file is exchanged meanwhile", async () => {
    const path = newFile();
    const targets = { private: newFile(formatKey(key)), open: newFile(formatKey(MasterKey.generate())) };
    chmodSync(targets.open, 0o644);
    symlinkSync(targets.private, path);
    // In a thread of its own, so that it goes on while a file is being read.
    const exchange = new Worker(
      `const { workerData: { path, targets } } = require("node:worker_threads");
       const { renameSync, symlinkSync } = require("node:fs");
       for (let turn = 0; ; turn++) {
         symlinkSync(targets[turn % 2], path + ".next");
         renameSync(path + ".next", path);
       }`,
      { eval: true, workerData: { path, targets: [targets.open, targets.private] } },
    );
    const seen = new Set<string>();
    try {
      for (let i = 0; i < 2000 || seen.size < 2; i++) {
        const answer = await readKeyringFile(path).catch(({ code }: { code: string }) => code);
        seen.add(typeof answer === "string" ? answer : `${answer.primary}`);
      }
    } finally {
      await exchange.terminate();
    }
    expect([...seen].sort()).toEqual(["ERR_CACHE_KEY_PERMISSIONS", `${key}`]);
  });

  it("M39: what is missing or cannot be opened is an error that says why, never no keyring", async () => {
    const [dangling, ring] = [newFile(), newFile()];
    symlinkSync(`${dangling}.gone`, dangling);
    symlinkSync(ring, ring);
    const cases = [
      [newFile(), "ENOENT"],
      [dangling, "ENOENT"],
      [ring, "ELOOP"],
      [join(newFile("text"), "keys"), "ENOTDIR"],
    ] as const;
    for (const [path, code] of cases) {
      const error = { name: "CacheError", code: "ERR_CACHE_CONFIG", cause: { code } };
      await expect(readKeyringFile(path), path).rejects.toMatchObject(error);
    }
  });

  it("M39: a directory, a FIFO, a socket and a device are refused at once", async () => {
    const fifo = newFile();
    execFileSync("mkfifo", ["-m", "600", fifo]);
    const socket = newFile();
    const server = createServer().listen(socket);
    await new Promise((resolve) => server.once("listening", resolve));
    chmodSync(socket, 0o600);
    for (const path of [dirname(fifo), fifo, socket, "/dev/zero"]) {
      for (const permissions of ["strict", "relaxed"] as const) {
        await expect(readKeyringFile(path, { permissions })).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
      }
    }
    server.close();
  });

  it("more than 256 KiB are refused by the size, before anything is read, and 256 KiB are not", async () => {
    const path = newFile(`${formatKey(key)}\n`.padEnd(262_144, "#"));
    expect((await readKeyringFile(path)).primary?.id).toEqual(key.id);
    for (const size of [262_145, 2 ** 40]) {
      truncateSync(path, size);
      await expect(readKeyringFile(path)).rejects.toMatchObject({ code: "ERR_CACHE_KEY_FORMAT" });
    }
  });

  it.runIf(process.platform === "linux")("a file whose size is not known is read no further than that", async () => {
    // Its size is 0 by its own account, and it has more to give.
    expect(statSync("/proc/kallsyms").size).toBe(0);
    await expect(readKeyringFile("/proc/kallsyms", { permissions: "relaxed" })).rejects.toMatchObject({
      code: "ERR_CACHE_KEY_FORMAT",
    });
  });

  it("M39: text that is no keyring, and bytes that are no text, are refused", async () => {
    const ring = encodeKeyring(Keyring.of(key));
    const texts = ["", "\n", "nothing", "{}", ring.slice(0, -4), `${ring}x`, "null", "[]", `${formatKey(key)}\0`];
    for (const text of [...texts, Uint8Array.of(0x89, 0x43, 0x4b), Buffer.from(ring, "utf16le")]) {
      await expect(readKeyringFile(newFile(text))).rejects.toMatchObject({ code: "ERR_CACHE_KEY_FORMAT" });
    }
  });

  it("M42: no error repeats the secret", async () => {
    const secret = formatKey(key);
    const broken = [
      secret.slice(0, -1),
      `${secret}x`,
      `{"secret":"${secret}"`,
      `{"format":"${secret}"}`,
      `${secret}\xff`,
    ];
    for (const text of broken) {
      const error = await readKeyringFile(newFile(Buffer.from(text, "latin1"))).catch((reason: Error) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(secret.slice(20, 40));
    }
  });

  it("a path that is no text is wrong use", async () => {
    await expect(readKeyringFile(undefined as unknown as string)).rejects.toThrow(TypeError);
  });
});

describe("keyringFromSources", () => {
  const list = formatKey(key);

  it("reads whichever source is set, and is no keyring when none is", async () => {
    const path = newFile(list);
    const sources = [
      { environment: { CACHE_KEYRING: list } },
      { environment: { CACHE_KEYRING_FILE: path } },
      { environment: { OTHER: "x" }, file: path },
    ];
    for (const each of sources) expect((await keyringFromSources(each))?.primary?.id).toEqual(key.id);
    for (const environment of [{}, { CACHE_KEYRING: undefined, CACHE_KEYRING_FILE: undefined }]) {
      expect(await keyringFromSources({ environment, file: undefined })).toBeUndefined();
    }
  });

  it("M39: two sources at once are an error, also when they would say the same", async () => {
    const path = newFile(list);
    const sources = [
      { environment: { CACHE_KEYRING: list, CACHE_KEYRING_FILE: path } },
      { environment: { CACHE_KEYRING: list }, file: path },
      { environment: { CACHE_KEYRING_FILE: path }, file: path },
      { environment: { CACHE_KEYRING: "", CACHE_KEYRING_FILE: "" } },
    ];
    for (const each of sources) {
      await expect(keyringFromSources(each)).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
    }
  });

  it("M39: a source that is set and cannot be used is an error, never no keyring", async () => {
    const gone = newFile();
    for (const file of ["", gone, dirname(gone)]) {
      for (const sources of [{ environment: {}, file }, { environment: { CACHE_KEYRING_FILE: file } }]) {
        await expect(keyringFromSources(sources)).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
      }
    }
    for (const text of ["", " ", "off", `${list},`]) {
      const sources = { environment: { CACHE_KEYRING: text } };
      await expect(keyringFromSources(sources)).rejects.toMatchObject({ code: "ERR_CACHE_KEY_FORMAT" });
    }
  });

  it("M41: permissions are relaxed by the option and by no variable", async () => {
    const path = newFile(list);
    chmodSync(path, 0o644);
    const relaxing = ["CACHE_KEYRING_PERMISSIONS", "CACHE_KEYRING_RELAXED_PERMISSIONS", "CACHE_PERMISSIONS"];
    const environment = Object.fromEntries(relaxing.map((name) => [name, "relaxed"]));
    await expect(keyringFromSources({ environment, file: path })).rejects.toMatchObject({
      code: "ERR_CACHE_KEY_PERMISSIONS",
    });
    expect(await keyringFromSources({ environment, file: path, permissions: "relaxed" })).toBeInstanceOf(Keyring);
  });

  it("looks at the environment of the process when none is given", async () => {
    process.env["CACHE_KEYRING"] = list;
    try {
      expect((await keyringFromSources())?.primary?.id).toEqual(key.id);
    } finally {
      delete process.env["CACHE_KEYRING"];
    }
  });
});

describe("createKeyringFile", () => {
  it("makes a private file in private directories, whatever the umask", async () => {
    const folder = dirname(newFile());
    const path = join(folder, "a", "b", "keys");
    const before = process.umask(0);
    await createKeyringFile(path, Keyring.of(key)).finally(() => process.umask(before));
    expect(statSync(path).mode & 0o7777).toBe(0o600);
    for (const made of ["a", "a/b"]) expect(statSync(join(folder, made)).mode & 0o7777).toBe(0o700);
    expect((await readKeyringFile(path)).primary?.id).toEqual(key.id);
    chmodSync(join(folder, "a"), 0o755);
    await createKeyringFile(join(folder, "a", "keys"), Keyring.of(key));
    expect(statSync(join(folder, "a")).mode & 0o7777).toBe(0o755);
  });

  it("says why it cannot, and wrong use stays wrong use", async () => {
    const path = join(newFile("text"), "keys");
    await expect(createKeyringFile(path, Keyring.of(key))).rejects.toMatchObject({
      code: "ERR_CACHE_CONFIG",
      cause: { code: "ENOTDIR" },
    });
    await expect(createKeyringFile(newFile(), undefined as unknown as Keyring)).rejects.toThrow(TypeError);
  });
});

describe("updateKeyringFile while another process holds the lock", () => {
  it("gives up after ten seconds of waiting, though the clock is set back an hour meanwhile", async () => {
    const path = newFile(encodeKeyring(Keyring.of(key)));
    chmodSync(path, 0o600);
    writeFileSync(`${path}.lock`, `${hostname()} ${process.pid} - held`);
    const [time, passed] = [Date.now, performance.now];
    const began = passed.call(performance);
    try {
      // Ten seconds pass within a few milliseconds, and the clock goes back.
      performance.now = () => began + (passed.call(performance) - began) * 500;
      let asked = 0;
      Date.now = () => time() - (asked++ === 0 ? 0 : 3_600_000);
      const change = updateKeyringFile(path, (keyring) => addKey(keyring, MasterKey.generate()));
      await expect(change).rejects.toMatchObject({ code: "ERR_CACHE_CONFIG" });
    } finally {
      Date.now = time;
      performance.now = passed;
    }
  });
});
