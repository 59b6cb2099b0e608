import childProcess, { type ChildProcess } from "node:child_process";
import { appendFileSync, mkdirSync, openSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { MasterKey, SigningKey } from "../../packages/core/src/keyring/index.ts";

/**
 * Before each test file: remembers every key that is made and everything that programs print, for the search that follows the
 * tests.
 */

const { TEST_SECRETS } = process.env;
const DONE = Symbol.for("cache.secrets.recorded");

if (TEST_SECRETS !== undefined) {
  mkdirSync(TEST_SECRETS, { recursive: true, mode: 0o700 });
  recordKeys(join(TEST_SECRETS, `${process.pid}.keys`));
  // Builtin modules are one for all test files of a process.
  if (!(DONE in childProcess)) {
    Object.assign(childProcess, { [DONE]: true });
    recordPrograms(join(TEST_SECRETS, `${process.pid}.printed`));
  }
}

function recordKeys(file: string): void {
  // Open from the beginning: tests become other users, who may not write here.
  const fd = openSync(file, "a", 0o600);
  const noted = <T extends { reveal(): Uint8Array }>(key: T): T => {
    appendFileSync(fd, `${Buffer.from(key.reveal()).toString("hex")}\n`);
    return key;
  };
  for (const type of [MasterKey, SigningKey] as const) {
    const generate = type.generate.bind(type) as () => MasterKey & SigningKey;
    const take = type.import.bind(type) as (bytes: Uint8Array) => MasterKey & SigningKey;
    Object.assign(type, {
      generate: () => noted(generate()),
      import: (bytes: Uint8Array) => noted(take(bytes)),
    });
  }
}

/** All that children write to their standard output and error, however the test takes it. */
function recordPrograms(file: string): void {
  const fd = openSync(file, "a", 0o600);
  const note = (data: unknown): void => {
    if (typeof data === "string" || data instanceof Uint8Array) appendFileSync(fd, data);
  };
  const { spawn, spawnSync, execFileSync } = childProcess;
  const listened = (child: ChildProcess): ChildProcess => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      const emit = stream.emit.bind(stream);
      // Not by a listener: that would set the stream flowing before the test listens.
      stream.emit = (event: string | symbol, ...args: unknown[]) => {
        if (event === "data") note(args[0]);
        return emit(event, ...args);
      };
    }
    return child;
  };
  Object.assign(childProcess, {
    spawn: (...args: unknown[]) => listened(Reflect.apply(spawn, childProcess, args) as ChildProcess),
    spawnSync: (...args: unknown[]) => {
      const ran = Reflect.apply(spawnSync, childProcess, args) as ReturnType<typeof spawnSync>;
      for (const data of ran.output ?? []) note(data);
      return ran;
    },
    execFileSync: (...args: unknown[]) => {
      const out: unknown = Reflect.apply(execFileSync, childProcess, args);
      note(out);
      return out;
    },
  });
  syncBuiltinESMExports();
}
