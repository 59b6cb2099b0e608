import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ephemeralStore, fileStore } from "@cache/cas";
import { createCache } from "@cache/core";
import { onTestFinished } from "vitest";
import { directory } from "../slots.ts";
import { type Outcome, tryAttack } from "./attack.ts";
import { everyCache, type Keyed } from "./keyed.ts";

const cwd = fileURLToPath(new URL("../..", import.meta.url));

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
}

/** A program in a process of its own; `end` is sent to it when it has printed something. */
function runProgram(program: string, args: readonly string[], end?: NodeJS.Signals): Promise<Ended> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (piece) => {
    out += piece;
    if (end !== undefined) child.kill(end);
  });
  return new Promise((resolve) => child.on("close", (_, signal) => resolve({ signal, out })));
}

/** Every writer makes the same temporary file. */
const sharedTemporary = (): Keyed => {
  const root = directory();
  return {
    root,
    async put(key, value) {
      const temporary = join(root, `.tmp.${key}`);
      await writeFile(temporary, value);
      await rename(temporary, join(root, key));
    },
    get: async (key) => (await readFile(join(root, key))).toString(),
    stranger: sharedTemporary,
    forge: () => Promise.resolve(),
  };
};

tryAttack<Keyed>({
  title: "A13: two writers of the same entry",
  async run({ put, get }) {
    const values = Array.from({ length: 20 }, (_, i) => `value ${i} `.repeat(4000));
    const ended = await Promise.allSettled([...values, ...values].map((value) => put("a", value)));
    if (ended.some(({ status }) => status === "rejected")) return "succeeded: a writer failed";
    return values.includes((await get("a")) as string) ? "stopped" : "succeeded: what is there was never put";
  },
  ours: everyCache(),
  weak: { "writers that share a temporary file": sharedTemporary },
});

/** Every reader makes the same file of what it decrypted, and reads that. */
const sharedDecrypted = (): Keyed => {
  const inner = sharedTemporary();
  return {
    ...inner,
    async get(key) {
      const path = join(inner.root, `${key}.decrypted`);
      const value = (await inner.get(key)) as string;
      const file = await open(path, "w");
      for (let at = 0; at < value.length; at += 10_000) {
        await file.write(value.slice(at, at + 10_000));
        // However loaded the machine is, others have begun before this one is at its end.
        await new Promise(setImmediate);
      }
      await file.close();
      return readFile(path, "utf8");
    },
  };
};

tryAttack<Keyed>({
  title: "A14: many readers",
  async run({ put, get }) {
    const value = "the value ".repeat(20_000);
    await put("a", value);
    for (let round = 0; round < 10; round++) {
      const readers = Array.from({ length: 40 }, async (_, i) => {
        // One after the other, so that some are at the end when others begin.
        for (let turn = 0; turn < i; turn++) await new Promise(setImmediate);
        return get("a");
      });
      const read = await Promise.all(readers);
      if (read.some((each) => each !== value)) return "succeeded: a reader got something else";
    }
    return "stopped";
  },
  ours: everyCache(),
  weak: { "readers that share a file of what they decrypted": sharedDecrypted },
});

/** Something that a process of its own writes, and that this one reads. */
interface Written {
  readonly root: string;
  /** Puts the value of the second argument under `a` in the directory of the first. */
  readonly program: string;
  readonly get: () => Promise<string | undefined>;
}

/** Kills the process at a call that changes files; at a write, when a half of it is done. */
const killedAt = (at: number) => `
  import fs from "node:fs";
  import { syncBuiltinESMExports } from "node:module";
  let calls = 0;
  for (const name of ["openSync", "writeSync", "writeFileSync", "renameSync", "linkSync", "unlinkSync", "fsyncSync"]) {
    const real = fs[name];
    fs[name] = (...args) => {
      if (globalThis.armed !== true || ++calls < ${at}) return real(...args);
      if (name === "writeSync") real(args[0], args[1].subarray(0, args[1].length >> 1));
      if (name === "writeFileSync") real(args[0], args[1].slice(0, args[1].length >> 1));
      process.kill(process.pid, "SIGKILL");
    };
  }
  syncBuiltinESMExports();
  const [root, value] = process.argv.slice(1);
`;

const writtenByUs = (durable: boolean): Written => {
  const root = join(directory(), "store");
  return {
    root,
    program: `
      const { fileStore } = await import("@cache/cas");
      const { createCache } = await import("@cache/core");
      const cache = createCache({ store: fileStore(root, { durable: ${durable} }), inlineLimit: 100 });
      globalThis.armed = true;
      await cache.set("a", value);
      globalThis.armed = false;`,
    get: async () => (await createCache({ store: fileStore(root) }).get("a")) as string | undefined,
  };
};

const writtenInPlace = (): Written => {
  const root = directory();
  const path = join(root, "a");
  const program = `globalThis.armed = true; fs.writeFileSync(root + "/a", value); globalThis.armed = false;`;
  return { root, program, get: async () => (existsSync(path) ? readFileSync(path, "utf8") : undefined) };
};

tryAttack<Written>({
  title: "A15: a crash in mid-write",
  async run({ root, program, get }): Promise<Outcome> {
    const values = ["first ".repeat(50), "second ".repeat(50)] as const;
    await runProgram(killedAt(Number.POSITIVE_INFINITY) + program, [root, values[0]]);
    if ((await get()) !== values[0]) return "succeeded: a finished write is not there";
    for (let at = 1; ; at++) {
      const { signal } = await runProgram(killedAt(at) + program, [root, values[1]]);
      const read = await get();
      if (read !== values[0] && read !== values[1])
        return `succeeded: after a kill at call ${at} something else is read`;
      if (signal === null) return read === values[1] ? "stopped" : "succeeded: a finished write is not there";
      if (read === values[1]) await runProgram(killedAt(Number.POSITIVE_INFINITY) + program, [root, values[0]]);
    }
  },
  ours: { "a file store": () => writtenByUs(false), "a file store that is durable": () => writtenByUs(true) },
  weak: { "a file that is written in place": writtenInPlace },
});

tryAttack<string>({
  title: "A16: a process that keeps plaintext is ended by SIGTERM",
  async run(program) {
    const parent = directory();
    const { signal, out } = await runProgram(program, [parent], "SIGTERM");
    if (signal !== "SIGTERM" || !out.startsWith("ready")) throw new Error(`ended by ${signal} after ${out}`);
    return readdirSync(parent).length === 0 ? "stopped" : "succeeded: the plaintext is still there";
  },
  ours: {
    "an ephemeral store": () => `
      import { ephemeralStore } from "@cache/cas";
      import { createCache } from "@cache/core";
      const cache = createCache({ store: await ephemeralStore({ parent: process.argv[1] }) });
      await cache.set("a", "a secret");
      console.log("ready");
      setInterval(() => undefined, 1000);`,
  },
  weak: {
    "a directory that is removed when the process exits": () => `
      import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
      const directory = mkdtempSync(process.argv[1] + "/cache-");
      process.on("exit", () => rmSync(directory, { recursive: true }));
      writeFileSync(directory + "/a", "a secret");
      console.log("ready");
      setInterval(() => undefined, 1000);`,
  },
});

/** A directory of this process, and what a child does that has one, too. */
interface Inherited {
  readonly directory: string;
  /** The directory is the first argument. */
  readonly child: string;
  get(): Promise<unknown>;
}

tryAttack<Inherited>({
  title: "A17: a child process ends",
  async run({ directory: shared, child, get }) {
    const { signal } = await runProgram(child, [shared]);
    if (signal !== null) throw new Error(`the child was ended by ${signal}`);
    return (await get()) === "right" ? "stopped" : "succeeded: the child took its parent's cache along";
  },
  ours: {
    "an ephemeral store": async () => {
      const parent = directory();
      const store = await ephemeralStore({ parent });
      onTestFinished(() => store.close());
      const cache = createCache({ store });
      await cache.set("a", "right");
      const child = `
        import { ephemeralStore, fileStore } from "@cache/cas";
        import { createCache } from "@cache/core";
        import { dirname } from "node:path";
        const inherited = createCache({ store: fileStore(process.argv[1]) });
        if ((await inherited.get("a")) !== "right") process.kill(process.pid, "SIGKILL");
        await inherited.close();
        await ephemeralStore({ parent: dirname(dirname(process.argv[1])) });`;
      return { directory: store.directory, child, get: () => cache.get("a") };
    },
  },
  weak: {
    "a directory that whoever exits removes": async () => {
      const shared = join(directory(), "shared");
      mkdirSync(shared);
      writeFileSync(join(shared, "a"), "right");
      const child = `
        import { rmSync } from "node:fs";
        process.on("exit", () => rmSync(process.argv[1], { recursive: true }));`;
      const get = async () => (existsSync(join(shared, "a")) ? readFileSync(join(shared, "a"), "utf8") : undefined);
      return { directory: shared, child, get };
    },
  },
});
