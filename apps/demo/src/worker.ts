import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { decodeKeyring, encodeKeyring, type Keyring } from "@cache/core/keyring";
import { openCache } from "./caches.ts";
import { runCensus } from "./census.ts";
import type { RunRecord } from "./evidence.ts";
import { readSource, type SourceFile } from "./files.ts";

/** What the other process is told. It comes through standard input, since others can read a process's arguments. */
interface Job {
  readonly root: string;
  readonly directory: string;
  readonly keyring: string;
  readonly files: readonly { readonly path: string; readonly digest: string }[];
}

/** The argument that makes this program the other process. */
export const WORKER = "--as-other-process";

/** Does the job on standard input and answers with a {@link RunRecord} on standard output. */
export async function beWorker(): Promise<void> {
  const { root, directory, keyring, files } = JSON.parse(await text(process.stdin)) as Job;
  const sources = files.map(({ path, digest }) => {
    const file = readSource(root, path);
    if (file.digest !== digest) throw new Error(`${path} was changed during the demonstration; run it again`);
    return file;
  });
  const run = await runCensus("warm, another process", openCache(directory, decodeKeyring(keyring)), sources);
  process.stdout.write(JSON.stringify(run));
}

/** Runs the program over the same files in a process of its own. */
export async function runElsewhere(
  program: string,
  root: string,
  directory: string,
  keyring: Keyring,
  files: readonly SourceFile[],
): Promise<RunRecord> {
  const child = spawn(process.execPath, [...process.execArgv, program, WORKER], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const job: Job = {
    ...{ root, directory, keyring: encodeKeyring(keyring) },
    files: files.map(({ path, digest }) => ({ path, digest })),
  };
  // A child that dies early closes the pipe; its exit code says so better than EPIPE would.
  child.stdin.on("error", () => {}).end(JSON.stringify(job));
  const answer = await text(child.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`the other process ended with ${code}`);
  return JSON.parse(answer) as RunRecord;
}
