import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { CacheEvent } from "@cache/core";
import { describe, expect, it } from "vitest";
import { type Extracted, extractionCache, type NewMember } from "../src/index.ts";
import { MEMBERS, noise, TRUSTED, text, useBench } from "./bench.ts";

const bench = useBench();
const home = () => bench().path("extracted");
const cache = () => extractionCache(home());
const use = <T>(work: (extracted: Extracted) => Promise<T>, more: object = {}) =>
  cache().use(bench().file, { ...TRUSTED, ...more }, work);
const directoryOf = () => use(async ({ directory }) => directory);
const listed = async () => {
  const found = [];
  for await (const each of cache().list()) found.push(each);
  return found;
};
const below = (name: string) => readdirSync(join(home(), "v1", name));
const code = async (work: Promise<unknown>) =>
  ((await work.catch((error: unknown) => error)) as { code?: string }).code;
const MINUTE = 60_000;
// Nobody else can give a file away.
const isRoot = process.geteuid?.() === 0;

/** Makes a package of one file under its own digest, uses it, and sets back when. */
async function used(name: string, size: number, ago: number): Promise<string> {
  await bench().make({}, [{ path: name, content: noise(size) }]);
  const digest = await use(async ({ bundle }) => bundle.digest);
  const then = new Date(Date.now() - ago);
  utimesSync(join(home(), "v1", "packages", digest), then, then);
  return digest;
}

/** A file that is long and takes no room. */
function writeHole(path: string, size: number): void {
  writeFileSync(path, "");
  truncateSync(path, size);
}

describe("an extraction", () => {
  it("is made at the first use, found at the next, and is what the package has there", async () => {
    await bench().make({ compression: "brotli" });
    const first = await directoryOf();
    for (const { path, content } of MEMBERS) {
      if (content !== undefined) expect(Buffer.compare(readFileSync(join(first, path)), content as Uint8Array)).toBe(0);
    }
    writeFileSync(join(home(), "v1", "packages", readdirSync(join(home(), "v1", "packages"))[0] as string, "mark"), "");
    expect(await directoryOf()).toBe(first);
    // It was not made anew.
    expect(existsSync(join(first, "..", "mark"))).toBe(true);
    expect([below("tmp"), below("leases")]).toEqual([[], []]);
  });

  const CHANGES: readonly (readonly [string, (directory: string) => void])[] = [
    [
      "a file with other bytes of the same length",
      (at) => writeFileSync(join(at, "bin/tool"), "#!/bin/sh\necho evil\n"),
    ],
    ["a longer file", (at) => appendFileSync(join(at, "data/noise"), "x")],
    ["a file that is gone", (at) => rmSync(join(at, "empty"))],
    ["an added file", (at) => writeFileSync(join(at, "bin/other"), "")],
    ["an added directory", (at) => mkdirSync(join(at, "bin/node_modules"))],
    [
      "a file in the place of a directory",
      (at) => {
        rmSync(join(at, "data/none"), { recursive: true });
        writeFileSync(join(at, "data/none"), "");
      },
    ],
    [
      "a link to the same bytes",
      (at) => {
        renameSync(join(at, "bin/tool"), join(at, "../tool"));
        symlinkSync("../../tool", join(at, "bin/tool"));
      },
    ],
    [
      "a directory that is a link",
      (at) => {
        renameSync(join(at, "bin"), join(at, "../bin"));
        symlinkSync("../bin", join(at, "bin"));
      },
    ],
    ["a right for others to write", (at) => chmodSync(join(at, "bin"), 0o777)],
    ["a set-uid bit", (at) => chmodSync(join(at, "bin/tool"), 0o4755)],
    ["no right to execute", (at) => chmodSync(join(at, "bin/tool"), 0o644)],
    ["another mode of all of it", (at) => chmodSync(at, 0o755)],
    ["all of it gone", (at) => rmSync(at, { recursive: true })],
    [
      "a link in the place of all of it",
      (at) => {
        renameSync(at, join(at, "../other"));
        symlinkSync("other", at);
      },
    ],
    [
      "a file in the place of its directory",
      (at) => {
        rmSync(join(at, ".."), { recursive: true });
        writeFileSync(join(at, ".."), "");
      },
    ],
    ["a directory that others can write to", (at) => chmodSync(join(at, ".."), 0o777)],
  ];
  const OWNERS: typeof CHANGES = [
    ["another owner of a file", (at) => chownSync(join(at, "bin/tool"), 1, 0)],
    ["another owner of a directory", (at) => chownSync(join(at, "bin"), 1, 0)],
  ];

  it.each([...CHANGES, ...(isRoot ? OWNERS : [])])("PW7: is made anew when it was changed: %s", async (_, change) => {
    await bench().make();
    const directory = await directoryOf();
    change(directory);
    const events: CacheEvent[] = [];
    const again = await use(async (extracted) => readFileSync(join(extracted.directory, "bin/tool"), "utf8"), {
      onEvent: (event: CacheEvent) => events.push(event),
    });
    expect(again).toBe("#!/bin/sh\necho tool\n");
    expect(events.map(({ type, level, plane }) => [type, level, plane])).toEqual([
      ["quarantined", "security", "packages"],
      ["hit", "info", "packages"],
    ]);
    expect(readdirSync(join(directory, "bin"))).toEqual(["tool"]);
    expect(below("tmp")).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("PW7: is made anew when a socket lies in the place of a file", async () => {
    await bench().make();
    const directory = await directoryOf();
    const server = createServer().listen(bench().path("socket"));
    try {
      await once(server, "listening");
      renameSync(bench().path("socket"), join(directory, "bin/tool"));
      expect(await use(async (extracted) => readFileSync(join(extracted.directory, "bin/tool"), "utf8"))).toBe(
        "#!/bin/sh\necho tool\n",
      );
    } finally {
      server.close();
    }
  });

  it("PW7: that fails stays a failure, though another process made the same meanwhile", async () => {
    const bytes = await bench().make();
    const entry = join(await directoryOf(), "..");
    const made = bench().path("made");
    renameSync(entry, made);
    const onProgress = () => {
      if (!existsSync(made)) return;
      renameSync(made, entry);
      bench().put(bytes.with(-1, (bytes.at(-1) as number) ^ 1));
    };
    expect(await code(use(async () => 1, { onProgress }))).toBe("ERR_CACHE_AUTH");
    expect([existsSync(made), below("tmp"), below("leases")]).toEqual([false, [], []]);
  });

  it("that is aborted leaves nothing, and fails with the reason", async () => {
    await bench().make();
    const controller = new AbortController();
    const reason = new Error("enough");
    const work = use(async () => 1, { signal: controller.signal, onProgress: () => controller.abort(reason) });
    await expect(work).rejects.toBe(reason);
    expect([below("packages"), below("tmp"), below("leases")]).toEqual([[], [], []]);
  });

  it("PW7: a package that is damaged serves no extraction that was made of it before", async () => {
    const bytes = await bench().make();
    await directoryOf();
    bytes[50] = (bytes[50] as number) ^ 1;
    bench().put(bytes);
    expect(await code(directoryOf())).toMatch(/^ERR_CACHE_(AUTH|FORMAT)$/);
    expect(await code(use(async () => 1, { name: "other" }))).toBe("ERR_CACHE_AUTH");
  });

  it("an unknown option is refused", async () => {
    await bench().make();
    await expect(use(async () => 1, { verify: false })).rejects.toThrow(TypeError);
  });

  it("PW8: packages of one name and other contents have directories of their own", async () => {
    await bench().make({ version: "1" });
    const first = await directoryOf();
    await bench().make({ version: "1" }, [{ path: "other", content: text("x") }]);
    const second = await directoryOf();
    expect(second).not.toBe(first);
    expect(readdirSync(second)).toEqual(["other"]);
    expect(readdirSync(first)).toEqual(["bin", "data", "empty"]);
  });

  it("PW9: many uses at once all get a whole one, and leave nothing behind", async () => {
    await bench().make();
    const found = await Promise.all(
      Array.from({ length: 8 }, () => use(async ({ directory }) => readFileSync(join(directory, "bin/tool"), "utf8"))),
    );
    expect(new Set(found)).toEqual(new Set(["#!/bin/sh\necho tool\n"]));
    expect([below("packages").length, below("tmp"), below("leases")]).toEqual([1, [], []]);
  });

  it("in a directory that others can write to is refused, and so is a link in its place", async () => {
    await bench().make();
    mkdirSync(home());
    chmodSync(home(), 0o777);
    for (const work of [directoryOf, listed, () => cache().clean()])
      expect(await code(work())).toBe("ERR_CACHE_UNSAFE_PATH");
    chmodSync(home(), 0o700);
    if (isRoot) {
      chownSync(home(), 1, 0);
      for (const work of [directoryOf, listed, () => cache().clean()])
        expect(await code(work())).toBe("ERR_CACHE_UNSAFE_PATH");
      chownSync(home(), 0, 0);
    }
    await directoryOf();
    const elsewhere = bench().path("elsewhere");
    mkdirSync(elsewhere, { mode: 0o700 });
    writeFileSync(join(elsewhere, `${"0".repeat(64)}.x`), "mine");
    rmSync(join(home(), "v1", "tmp"), { recursive: true });
    symlinkSync(elsewhere, join(home(), "v1", "tmp"));
    expect(await code(cache().clean({ maxBytes: 0 }))).toBe("ERR_CACHE_UNSAFE_PATH");
    expect(readdirSync(elsewhere)).toHaveLength(1);
  });

  it("in what is no directory is refused", async () => {
    writeFileSync(home(), "");
    for (const work of [listed, () => cache().clean()]) expect(await code(work())).toBe("ERR_CACHE_UNSAFE_PATH");
  });
});

describe("cleaning", () => {
  it("lists what is there with its claimed name, size and last use", async () => {
    expect(await listed()).toEqual([]);
    const digest = await used("a", 1000, MINUTE);
    await use(async () => {
      expect(await listed()).toMatchObject([{ digest, name: "tool", inUse: true }]);
    });
    const [found] = await listed();
    expect(found).toMatchObject({ digest, inUse: false });
    expect(found?.size).toBeGreaterThan(1000);
    expect(found?.lastUsed).toBeGreaterThan(Date.now() - MINUTE);
  });

  it("PW12: removes by age since the last use, with a dry run that removes nothing", async () => {
    const [old, young] = [await used("old", 10, 10 * MINUTE), await used("young", 10, MINUTE)];
    const dry = await cache().clean({ olderThan: "5m", dryRun: true });
    expect([dry.removed.map(({ digest }) => digest), dry.kept, dry.dryRun]).toEqual([[old], 1, true]);
    expect(await listed()).toHaveLength(2);
    const { removed, bytes, dryRun } = await cache().clean({ olderThan: "5m" });
    expect([removed.map(({ digest }) => digest), dryRun]).toEqual([[old], false]);
    expect(bytes).toBe(dry.bytes);
    expect((await listed()).map(({ digest }) => digest)).toEqual([young]);
    expect(below("tmp")).toEqual([]);
  });

  it("PW12: removes by size, what was used longest ago first", async () => {
    const digests = [];
    for (const [at, name] of ["a", "b", "c"].entries()) digests.push(await used(name, 100_000, (3 - at) * MINUTE));
    const { removed } = await cache().clean({ maxBytes: "250KB" });
    expect(removed.map(({ digest }) => digest)).toEqual(digests.slice(0, 1));
    expect((await cache().clean({ maxBytes: "150KB" })).removed.map(({ digest }) => digest)).toEqual([digests[1]]);
    expect((await cache().clean({ maxBytes: 0 })).removed.map(({ digest }) => digest)).toEqual([digests[2]]);
    expect(await listed()).toEqual([]);
  });

  it("PW12: never removes what is in use, and says how much that is", async () => {
    const digest = await used("a", 1000, 10 * MINUTE);
    await use(async ({ directory }) => {
      const report = await cache().clean({ maxBytes: 0 });
      expect(report).toMatchObject({ removed: [], kept: 1, inUse: 1, leftovers: 0 });
      expect(readdirSync(directory)).toEqual(["a"]);
    });
    expect((await cache().clean({ maxBytes: 0 })).removed.map((each) => each.digest)).toEqual([digest]);
  });

  it("a process that another was extended to keeps a package in use; one that cannot be asked does for seven days", async () => {
    await used("a", 1000, 10 * MINUTE);
    const lease = (line: string, ago = 0) => {
      const path = join(home(), "v1", "leases", `${below("packages")[0]}.lease.tmp`);
      writeFileSync(path, line);
      const then = new Date(Date.now() - ago);
      utimesSync(path, then, then);
    };
    const day = 24 * 60 * MINUTE;
    let own = "";
    await use(async ({ extendTo }) => {
      await extendTo(process.ppid);
      own = readFileSync(join(home(), "v1", "leases", below("leases")[0] as string), "utf8");
    });
    const [line, parent] = own.trim().split("\n") as [string, string];
    expect([line.split(" ")[1], parent.split(" ")[1]]).toEqual([String(process.pid), String(process.ppid)]);
    const [place = "", pid = "", start = ""] = line.split(" ");
    const inUse = async () => (await listed())[0]?.inUse;
    const cases: readonly (readonly [string, number, boolean])[] = [
      [`${line}\n`, 30 * day, true],
      [`${place} 4194400 1\n${parent}\n`, 30 * day, true],
      [`${place} 4194400 1\n`, 0, false],
      ["elsewhere 1 1\n", day, true],
      ["elsewhere 1 1\n", 8 * day, false],
      // What is no number of a process cannot be asked either.
      ...["0", "-1", "1.5", "x", ""].flatMap((none) => [
        [`${place} ${none} -\n`, day, true] as const,
        [`${place} ${none} -\n`, 8 * day, false] as const,
      ]),
      ["", day, true],
      ["", 8 * day, false],
      ["\n\n", 8 * day, false],
      // A process that has the number of one that ended.
      ...(process.platform === "linux" ? [[`${place} ${pid} ${Number(start) - 1}\n`, 0, false] as const] : []),
    ];
    for (const [words, ago, expected] of cases) {
      lease(words, ago);
      expect([words, ago, await inUse()]).toEqual([words, ago, expected]);
    }
    expect((await cache().clean()).leftovers).toBe(1);
    expect(below("leases")).toEqual([]);
  });

  it.runIf(process.platform === "linux")("a process that ended and whose parent never asked uses nothing", async () => {
    await used("a", 10, MINUTE);
    const script = "exec 3<&0; (read line <&3) & echo $!; exec sleep 60";
    const parent = spawn("sh", ["-c", script], { stdio: ["pipe", "pipe", "ignore"] });
    try {
      const [said] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = Number(String(said));
      // A shell would ask; what it becomes does not.
      await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, "latin1")).toBe("sleep\n");
      parent.stdin.end();
      await expect.poll(() => readFileSync(`/proc/${pid}/stat`, "latin1")).toMatch(/\) Z /);
      await use(async ({ extendTo }) => {
        await extendTo(pid);
        const lines = readFileSync(join(home(), "v1", "leases", below("leases")[0] as string), "utf8").split("\n");
        writeFileSync(join(home(), "v1", "leases", `${"0".repeat(64)}.x`), `${lines[1]}\n`);
        expect(await cache().clean({ dryRun: true })).toMatchObject({ leftovers: 1 });
      });
    } finally {
      parent.kill("SIGKILL");
    }
  });

  it("who uses packages is not known when a note of it cannot be read, and nothing is removed", async () => {
    const digest = await used("a", 10, MINUTE);
    mkdirSync(join(home(), "v1", "leases", `${digest}.x`));
    expect(await code(listed())).toBe("ERR_CACHE_STORE");
    expect(await code(cache().clean({ maxBytes: 0 }))).toBe("ERR_CACHE_STORE");
    expect(below("packages")).toEqual([digest]);
  });

  const PLANTED: readonly (readonly [string, (path: string) => void])[] = [
    ["a FIFO", (path) => execFileSync("mkfifo", [path])],
    ["a link to what never ends", (path) => symlinkSync("/dev/zero", path)],
    ["a file without end", (path) => writeHole(path, 2 ** 40)],
  ];
  it.skipIf(process.platform === "win32").each(PLANTED)(
    "waits for nothing and reads nothing without end: %s",
    async (_, plant) => {
      const digest = await used("a", 10, MINUTE);
      const record = join(home(), "v1", "packages", digest, "record");
      rmSync(record);
      plant(record);
      expect(await listed()).toMatchObject([{ digest, name: undefined }]);
      const lease = join(home(), "v1", "leases", `${digest}.x`);
      plant(lease);
      expect(await code(listed())).toBe("ERR_CACHE_STORE");
      expect(await code(cache().clean({ maxBytes: 0 }))).toBe("ERR_CACHE_STORE");
      rmSync(lease);
      expect(await cache().clean({ maxBytes: 0 })).toMatchObject({ kept: 0, removed: [{ digest }] });
    },
  );

  it("many clean-ups at once remove each package once, and none of them fails", async () => {
    const digests = [await used("a", 10, MINUTE), await used("b", 10, MINUTE)];
    const reports = await Promise.all(Array.from({ length: 6 }, () => cache().clean({ maxBytes: 0 })));
    const removed = reports.flatMap((report) => report.removed.map(({ digest }) => digest));
    expect(removed.sort()).toEqual(digests.sort());
    expect([below("packages"), below("tmp")]).toEqual([[], []]);
  });

  it("PW11: names are never taken from a caller, and what is no extracted package is left alone", async () => {
    await used("a", 10, 10 * MINUTE);
    for (const name of ["notes", "..x", "0".repeat(63)]) mkdirSync(join(home(), "v1", "packages", name));
    writeFileSync(join(home(), "v1", "tmp", "mine"), "");
    await cache().clean({ maxBytes: 0 });
    expect(below("packages").sort()).toEqual(["..x", "0".repeat(63), "notes"]);
    expect(below("tmp")).toEqual(["mine"]);
    await expect(cache().clean({ digest: ".." } as never)).rejects.toThrow(TypeError);
    await expect(cache().clean({ olderThan: "never" })).rejects.toThrow(TypeError);
  });

  it("PW16: removes what an extraction that was killed left behind, not what another is making", async () => {
    const members: NewMember[] = [{ path: "a", content: noise(10) }];
    await bench().make({}, members);
    await use(async ({ bundle }) => {
      const [mine, other] = [bundle.digest, "f".repeat(64)];
      for (const digest of [mine, other])
        mkdirSync(join(home(), "v1", "tmp", `${digest}.made.tmp`, "files"), { recursive: true });
      expect(await cache().clean({ dryRun: true })).toMatchObject({ leftovers: 1, removed: [] });
      expect(await cache().clean()).toMatchObject({ leftovers: 1 });
      expect(below("tmp")).toEqual([`${mine}.made.tmp`]);
    });
    expect(await cache().clean()).toMatchObject({ leftovers: 1, kept: 1 });
  });
});
