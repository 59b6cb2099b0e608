import { spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ephemeralStore } from "../src/index.ts";
import { bytesOf, failureOf, nameOf, newBase, treeOf } from "./directories.ts";
import { type How, Installed } from "./installed.ts";

const name = nameOf("a value");
const installed = new Installed();

/** A program with an ephemeral store that holds a value, and that says when it does. */
const program = (rest: string) => `
  const store = await ephemeralStore({ parent: args[0] });
  await store.put("${name}", new Uint8Array(100_000));
  process.stdout.write(store.directory + "\\n");
  ${rest}`;

const STAY = "setInterval(() => undefined, 1000);";

const run = (parent: string, rest: string, how: How = {}) => installed.run(program(rest), { ...how, args: [parent] });
const start = (parent: string, rest: string) => installed.start(program(rest), { args: [parent] });

describe("an ephemeral store", () => {
  it("is private, and of this process alone", async () => {
    const parent = newBase();
    await using one = await ephemeralStore({ parent });
    await using two = await ephemeralStore({ parent, levels: 2 });
    await one.put(name, bytesOf(10));
    expect(await two.get(name)).toBeUndefined();
    expect(one.directory).not.toBe(two.directory);
    for (const row of treeOf(parent)) {
      const found = lstatSync(join(parent, row.slice(0, -4)));
      if (found.isDirectory()) expect(row).toMatch(/ 700$/);
      if (found.isFile()) expect(row).toMatch(/ 600$/);
    }
  });

  it("is gone when it is closed, as often as one likes, and then every call fails", async () => {
    const parent = newBase();
    const store = await ephemeralStore({ parent });
    await store.put(name, bytesOf(10));
    const open = await store.open(name);
    await Promise.all([store.close(), store.close()]);
    await store[Symbol.asyncDispose]();
    expect(readdirSync(parent)).toEqual([]);
    expect(open).toBeDefined();
    for (const call of [store.get(name), store.put(name, bytesOf(1)), store.stat(name), store.delete(name)]) {
      const failure = await failureOf(call);
      expect(failure).toMatchObject({ code: "ERR_CACHE_STORE", message: expect.stringContaining("was closed") });
    }
    expect(readdirSync(parent)).toEqual([]);
  });

  it("closed in the midst of a put stays gone", async () => {
    const parent = newBase();
    const store = await ephemeralStore({ parent });
    async function* body(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(3_000_000);
      await store.close();
      yield new Uint8Array(3_000_000);
    }
    const finish = () => ({ name, head: new Uint8Array(0) });
    expect((await failureOf(store.putStream({ headLength: 0, body: body(), finish }))).code).toBe("ERR_CACHE_STORE");
    expect(readdirSync(parent)).toEqual([]);
  });

  it("lets the process end, and leaves no listener behind when it is closed", async () => {
    const { code, out, err } = await installed.run(
      `const events = ["exit", "SIGINT", "SIGTERM", "SIGHUP"];
       const before = events.map((event) => process.listenerCount(event));
       const more = () => events.map((event, at) => process.listenerCount(event) - before[at]).join();
       const stores = await Promise.all(Array.from({ length: 20 }, () => ephemeralStore({ parent: args[0] })));
       const during = more();
       await Promise.all(stores.map((store) => store.close()));
       console.log(during, more());
       await ephemeralStore({ parent: args[0] });`,
      { args: [newBase()] },
    );
    expect({ code, out, err }).toEqual({ code: 0, out: "1,1,1,1 0,0,0,0\n", err: "" });
  });

  it("a parent that cannot be is ERR_CACHE_STORE", async () => {
    const file = join(newBase(), "file");
    writeFileSync(file, "");
    expect((await failureOf(ephemeralStore({ parent: join(file, "x") }))).code).toBe("ERR_CACHE_STORE");
  });
});

describe("the end of a process", () => {
  it.each([
    ["that has nothing left to do", "", 0],
    ["by process.exit", "process.exit(7);", 7],
    ["by process.exit in the midst of a put", `store.put("${name}", new Uint8Array(9_000_000)); process.exit(7);`, 7],
    ["by an uncaught exception", `setTimeout(() => { throw new Error("uncaught"); }, 1); ${STAY}`, 1],
    ["by an unhandled rejection", `Promise.reject(new Error("unhandled")); ${STAY}`, 1],
  ])("%s removes the directory and keeps its exit code", async (_, rest, expected) => {
    const parent = newBase();
    const { code, out } = await run(parent, rest);
    expect(dirname(dirname(out.trim()))).toBe(parent);
    expect(code).toBe(expected);
    expect(readdirSync(parent)).toEqual([]);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s removes the directory and is still an end by that signal",
    async (signal) => {
      const parent = newBase();
      const child = start(parent, STAY);
      await child.lines(1);
      child.process.kill(signal);
      expect(await child.ended).toMatchObject({ code: null, signal });
      expect(readdirSync(parent)).toEqual([]);
    },
  );

  it.each(["on", "once"])("by a signal that the program listens for (%s) is the program's decision", async (listen) => {
    const parent = newBase();
    const child = start(
      parent,
      `process.${listen}("SIGTERM", async () => {
         await new Promise((resolve) => setTimeout(resolve, 100));
         const bytes = await store.get("${name}");
         await new Promise((resolve) => process.stdout.write("read " + bytes.length + "\\n", resolve));
         process.exit(5);
       });
       ${STAY}`,
    );
    await child.lines(1);
    child.process.kill("SIGTERM");
    const { code, out } = await child.ended;
    expect(out).toContain("read 100000\n");
    expect(code).toBe(5);
    expect(readdirSync(parent)).toEqual([]);
  });

  it("by a signal that the program listened for, ignored, and gets again when it no longer listens", async () => {
    const parent = newBase();
    const child = start(parent, `process.once("SIGINT", () => process.stdout.write("not yet\\n")); ${STAY}`);
    await child.lines(1);
    child.process.kill("SIGINT");
    await child.lines(2);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(readdirSync(parent).length).toBe(1);
    child.process.kill("SIGINT");
    expect(await child.ended).toMatchObject({ code: null, signal: "SIGINT" });
    expect(readdirSync(parent)).toEqual([]);
  });

  it("by a signal beside a library that ends the process only when nobody else listens", async () => {
    const child = start(
      newBase(),
      `process.on("SIGTERM", function only() {
         if (process.listeners("SIGTERM").length > 1) return;
         process.off("SIGTERM", only);
         process.kill(process.pid, "SIGTERM");
       });
       ${STAY}`,
    );
    await child.lines(1);
    child.process.kill("SIGTERM");
    expect(await child.ended).toMatchObject({ code: null, signal: "SIGTERM" });
  });
});

describe("left-overs", () => {
  it("of a process that was killed are removed by the next one, those of a living one are not", async () => {
    const parent = newBase();
    const [killed, living] = [start(parent, STAY), start(parent, STAY)];
    const [gone] = (await killed.lines(1)) as [string];
    const [kept] = (await living.lines(1)) as [string];
    killed.process.kill("SIGKILL");
    await killed.ended;
    expect(existsSync(gone)).toBe(true);

    await using own = await ephemeralStore({ parent });
    expect(existsSync(gone)).toBe(false);
    expect(readdirSync(parent).sort()).toEqual([own.directory, kept].map((path) => path.split("/").at(-2)).sort());
    living.process.kill("SIGTERM");
    await living.ended;
  });

  it("of a thread that was terminated are removed while its process lives on", async () => {
    const parent = newBase();
    const { out, err } = await installed.run(
      `import { readdirSync } from "node:fs";
       import { Worker } from "node:worker_threads";
       const code = \`setInterval(() => undefined, 1000);
         Promise.all([import("@cache/cas"), import("node:worker_threads")]).then(async ([cas, worker]) => {
           await cas.ephemeralStore({ parent: worker.workerData });
           worker.parentPort.postMessage("made");
         });\`;
       const worker = new Worker(code, { eval: true, workerData: args[0] });
       await new Promise((resolve) => worker.once("message", resolve));
       await worker.terminate();
       const before = readdirSync(args[0]);
       const store = await ephemeralStore({ parent: args[0] });
       console.log(before.length, readdirSync(args[0]).includes(before[0]));`,
      { args: [parent] },
    );
    expect({ out, err }).toEqual({ out: "1 false\n", err: "" });
  });

  it("a living process keeps its directory though it is too busy to answer", async () => {
    const parent = newBase();
    const child = start(parent, "for (;;);");
    const [kept] = (await child.lines(1)) as [string];
    await using _ = await ephemeralStore({ parent });
    expect(existsSync(kept)).toBe(true);
    child.process.kill("SIGKILL");
    await child.ended;
  });

  it("the number of a killed process does not protect its directory when another process has it", async () => {
    const parent = newBase();
    const child = start(parent, STAY);
    const [gone] = (await child.lines(1)) as [string];
    child.process.kill("SIGKILL");
    await child.ended;
    const other = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"]);
    const owner = join(dirname(gone), "owner");
    writeFileSync(owner, JSON.stringify({ ...JSON.parse(readFileSync(owner, "utf8")), pid: other.pid }));
    await using _ = await ephemeralStore({ parent });
    expect(existsSync(gone)).toBe(false);
    other.kill();
  });

  it("what is not known to be a left-over of this user stays", async () => {
    const parent = newBase();
    const make = (word: string) => {
      const path = join(parent, `cache-ephemeral-${word}`);
      mkdirSync(path);
      return path;
    };
    const foreign = make("of-another-machine");
    writeFileSync(
      join(foreign, "owner"),
      JSON.stringify({ pid: 1, host: "elsewhere", boot: "another", announced: true }),
    );
    const silent = make("without-a-socket");
    writeFileSync(join(silent, "owner"), JSON.stringify({ pid: 1, host: hostname(), announced: false }));
    writeFileSync(join(make("of-another-version"), "owner"), "something else");
    make("being-made");
    symlinkSync(newBase(), join(parent, "cache-ephemeral-link"));
    writeFileSync(join(parent, "cache-ephemeral-file"), "");
    mkdirSync(join(parent, "something else"));
    const old = Date.now() / 1000 - 2 * 3600;
    for (const word of ["link", "file"]) lutimesSync(join(parent, `cache-ephemeral-${word}`), old, old);
    // Only root can give a directory away, and only root could remove it.
    if (process.geteuid?.() === 0) {
      const theirs = make("of-another-user");
      chownSync(theirs, 12345, 12345);
      utimesSync(theirs, old, old);
    }
    const before = readdirSync(parent);
    await (await ephemeralStore({ parent })).close();
    expect(readdirSync(parent)).toEqual(before);
  });

  it("what was never finished is removed when it is old", async () => {
    const parent = newBase();
    const path = join(parent, "cache-ephemeral-abandoned");
    mkdirSync(path);
    const old = Date.now() / 1000 - 2 * 3600;
    utimesSync(path, old, old);
    await (await ephemeralStore({ parent })).close();
    expect(readdirSync(parent)).toEqual([]);
  });
});
