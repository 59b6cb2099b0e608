import { rm } from "node:fs/promises";
import { type FileStore, fileStore } from "@cache/cas";
import { type CaseResult, ConformanceError, runCases, storeCases } from "@cache/conformance";
import type { DeleteOptions, Name, Store } from "@cache/core";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { failureOf } from "../failure.ts";
import { writeJson, writeLine } from "../output.ts";
import { progressLine } from "../progress.ts";
import { openSession } from "../session.ts";

/** What a case says of itself, or the one line of any other failure. */
function reasonOf({ error }: CaseResult): string {
  return error instanceof ConformanceError ? error.message : failureOf(error).line;
}

/** The store as the cases see it, which remembers what they set aside. */
function noting(store: FileStore, setAside: Set<Name>): Store {
  return Object.assign(Object.create(store) as Store, {
    delete(name: Name, options?: DeleteOptions): Promise<void> {
      if (options?.quarantine === true) setAside.add(name);
      return store.delete(name, options);
    },
  });
}

/** What the cases set aside is nobody's damage. Their names are random, so nothing else has them. */
async function tidyUp(store: FileStore, setAside: ReadonlySet<Name>): Promise<void> {
  for await (const { name, path } of store.maintenance.quarantined()) {
    if (name !== undefined && setAside.has(name)) await rm(path, { recursive: true, force: true });
  }
}

async function runAll(directory: string): Promise<CaseResult[]> {
  const setAside = new Set<Name>();
  const open = async () => noting(fileStore(directory), setAside);
  const line = progressLine();
  let done = 0;
  try {
    return await runCases(storeCases, { open, reopen: open, persistent: true }, () => {
      done += 1;
      line.show(`checking: ${done} of ${storeCases.length}`);
    });
  } finally {
    line.done();
    await tidyUp(fileStore(directory), setAside);
  }
}

async function run(invocation: Invocation): Promise<number> {
  const { store, protection, config } = await openSession(invocation);
  // A store that cannot be used at all is one clear failure, not a hundred.
  await store.stat(`blobs/${"0".repeat(64)}`);
  const results = await runAll(store.directory);
  const failed = results.filter(({ ok }) => !ok);
  if (invocation.given.flag("json")) {
    const cases = results.map((each) => ({
      name: each.name,
      ok: each.ok,
      ...(each.ok ? {} : { reason: reasonOf(each) }),
    }));
    await writeJson({
      directory: store.directory,
      protection: protection.described,
      config: config.files,
      node: process.version,
      failed: failed.length,
      cases,
    });
  } else {
    await writeLine(`directory   ${store.directory}`);
    await writeLine(`protection  ${protection.described}`);
    await writeLine(`config      ${config.files.join(", ") || "none"}`);
    await writeLine(`node        ${process.version}`);
    for (const each of failed) await writeLine(`failed      ${each.name}: ${reasonOf(each)}`);
    await writeLine(`store       ${results.length - failed.length} of ${results.length} cases hold`);
  }
  return failed.length === 0 ? EXIT.ok : EXIT.store;
}

/** `cache doctor`. */
export const command: Command = {
  usage: "doctor",
  summary: "Check that the store keeps its contract, and show the settings",
  details: `Runs the published test cases of a store in the configured directory, under random names that are removed again. It
needs room for 64 MiB. A case that fails makes the exit code 4.
--json prints one document: directory, protection, config, node, failed, cases: [{name, ok, reason}].`,
  positionals: [0, 0],
  run,
};
