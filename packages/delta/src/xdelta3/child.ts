import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CacheError } from "@cache/core";
import { namelessFile } from "./nameless-file.ts";

/** What to run, and within which bounds. */
export interface ChildCall {
  readonly program: string;
  readonly args: readonly string[];
  /** What the program finds behind descriptor 3. */
  readonly reference: Uint8Array;
  /** What it reads from its standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Most bytes it may write. */
  readonly limit: number;
  /** Milliseconds it may take. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** What it means that the program ends with an error. */
  readonly failure: (cause: Error) => CacheError;
}

/** Of what the program says about its failure, kept for the cause. */
const MOST_WORDS = 1000;

const unable = (why: string, cause?: unknown): CacheError => new CacheError("ERR_CACHE_ENGINE", why, { cause });

/** What a program writes to its standard output. It runs without a shell and with nothing of the environment but `PATH`. */
export async function* outputOf(call: ChildCall): AsyncGenerator<Uint8Array, void, undefined> {
  call.signal?.throwIfAborted();
  const { child, outcome } = await start(call);
  const { stdin, stdout, stderr } = child as ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable };
  const kill = (): boolean => child.kill("SIGKILL");
  const timer = setTimeout(kill, call.timeout);
  call.signal?.addEventListener("abort", kill);
  const fed = feed(call.input, stdin);
  const words = firstWords(stderr);
  try {
    yield* limited(stdout, call);
    const ended = await outcome;
    call.signal?.throwIfAborted();
    requireSuccess(call, ended, await fed, await words);
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", kill);
    kill();
  }
}

async function* limited(stdout: Readable, { limit, failure }: ChildCall): AsyncGenerator<Uint8Array, void, undefined> {
  let written = 0;
  for await (const piece of stdout as AsyncIterable<Uint8Array>) {
    written += piece.byteLength;
    if (written > limit) throw failure(new Error("it writes more than it may"));
    yield piece;
  }
}

/** A program that runs. */
interface Started {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

async function start({ program, args, reference }: ChildCall): Promise<Started> {
  if (process.platform === "win32") throw unable("the program is handed its reference in a way that Windows has not");
  const file = await namelessFile(reference).catch((cause: unknown) => {
    throw unable("the reference could not be handed to the program", cause);
  });
  try {
    const env = { PATH: process.env.PATH };
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe", file.fd], env, shell: false });
    // At once: a program that cannot be run says so before the next step of this function.
    return { child, outcome: outcomeOf(child) };
  } finally {
    await file.close();
  }
}

/** How a program ended. */
type Outcome = { readonly code: number | null } | { readonly error: unknown };

function outcomeOf(child: ChildProcess): Promise<Outcome> {
  return once(child, "close").then(
    ([code]: (number | null)[]) => ({ code: code ?? null }),
    (error: unknown) => ({ error }),
  );
}

/** What the input threw. */
interface Failed {
  readonly error: unknown;
}

/** Hands over the input. A program that does not take all of it says itself why. */
async function feed(input: AsyncIterable<Uint8Array>, stdin: Writable): Promise<Failed | undefined> {
  let failed: Failed | undefined;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* input;
    } catch (error) {
      failed = { error };
      throw error;
    }
  }
  await pipeline(watched(), stdin).catch(() => {});
  return failed;
}

async function firstWords(stderr: Readable): Promise<string> {
  let words = "";
  try {
    for await (const piece of stderr.setEncoding("utf8")) if (words.length < MOST_WORDS) words += piece;
  } catch {
    // They are for people; how the program ended says enough.
  }
  return words.slice(0, MOST_WORDS);
}

function requireSuccess(
  { program, failure }: ChildCall,
  outcome: Outcome,
  fed: Failed | undefined,
  words: string,
): void {
  if (fed !== undefined) throw fed.error;
  if ("error" in outcome) throw unable(`the program "${program}" could not be run`, outcome.error);
  if (outcome.code === null) throw unable(`the program "${program}" was stopped`);
  if (outcome.code !== 0) throw failure(new Error(words));
}
