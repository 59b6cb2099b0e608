import { randomUUID } from "node:crypto";
import { type FileHandle, link, lstat, open, readFile, rename, rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { isRunning, machine, processText } from "./processes.ts";

/** Milliseconds. */
const [LOOK, BEAT] = [50, 5_000];
/** Whoever holds a lock writes who it is right after it was made. */
const NAMELESS_FOR = 5_000;
/** What runs on another machine, or in another container, tells by the time of its lock that it does. */
const SILENT_FOR = 60_000;

/** A lock as it was found. */
interface Found {
  /** Who holds it, as the file says: the machine and the lock's own name, then a process a line. */
  readonly text: string;
  /** Another one with every sign of life. */
  readonly beat: string;
}

/** How a lock is waited for. */
export interface Waiting {
  readonly signal?: AbortSignal | undefined;
  /** Called once, when somebody else has it. */
  readonly onWait?: (() => void) | undefined;
  /** Locks that this process works under, since whoever has them started it and waits for it. */
  readonly within?: readonly string[] | undefined;
}

/** A file that is there while somebody works on a place: of a process, and of the processes that work for it. */
export class Lock {
  readonly id: string;
  readonly #path: string;
  readonly #file: FileHandle | undefined;
  readonly #beating: NodeJS.Timeout | undefined;

  private constructor(path: string, id: string, file?: FileHandle) {
    this.#path = path;
    this.id = id;
    this.#file = file;
    // Only so often that others see a living process; one that misses a beat loses nothing.
    this.#beating =
      file && setInterval(() => void file.utimes(new Date(), new Date()).catch(() => undefined), BEAT).unref();
  }

  /** Waits until it is free, or nobody is left who holds it. @throws Error of the system, and the reason of the signal */
  static async take(path: string, { signal, onWait, within = [] }: Waiting): Promise<Lock> {
    let [last, since, waits] = ["", performance.now(), false];
    for (;;) {
      signal?.throwIfAborted();
      const id = randomUUID();
      const file = await make(path, `${machine()} ${id}\n${processText(process.pid)}\n`);
      if (file !== undefined) return new Lock(path, id, file);
      const found = await look(path);
      if (found === undefined) continue;
      if (within.includes(idIn(found.text))) return new Lock(path, idIn(found.text));
      if (found.beat !== last) [last, since] = [found.beat, performance.now()];
      // By the time this process waited and not by the lock's age, since clocks differ and are set.
      if (await isLeft(found.text, performance.now() - since)) await breakUp(path, found.text);
      else {
        if (!waits) onWait?.();
        waits = true;
        await pause(LOOK, undefined, { signal });
      }
    }
  }

  /** Whether nobody took its holder for dead. */
  async isHeld(): Promise<boolean> {
    return idIn((await look(this.#path))?.text ?? "") === this.id;
  }

  /** Holds it as long as this process runs, too, were the one that took it killed. */
  async include(pid: number): Promise<void> {
    await this.#file?.appendFile(`${processText(pid)}\n`);
  }

  /** Of a lock that others hold it is theirs to give back. */
  async release(): Promise<void> {
    if (this.#file === undefined) return;
    clearInterval(this.#beating);
    const isHeld = await this.isHeld();
    await this.#file.close();
    if (isHeld) await rm(this.#path, { force: true });
  }
}

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
const idIn = (text: string): string => text.split("\n", 1)[0]?.split(" ")[1] ?? "";

/** @returns nothing when somebody has it */
async function make(path: string, text: string): Promise<FileHandle | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "ax", 0o600);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return undefined;
    throw error;
  }
  try {
    await file.appendFile(text);
    return file;
  } catch (error) {
    // Empty, on a full medium, it would keep others waiting.
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
}

async function look(path: string): Promise<Found | undefined> {
  try {
    const text = await readFile(path, "utf8");
    return { text, beat: `${text} ${(await lstat(path)).mtimeMs}` };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether nobody is left who holds a lock, as far as this machine can tell. @param silent - milliseconds without a sign of life */
async function isLeft(text: string, silent: number): Promise<boolean> {
  const [head = "", ...processes] = text.split("\n").slice(0, -1);
  if (idIn(text) === "" || processes.length === 0) return silent > NAMELESS_FOR;
  if (head.split(" ")[0] !== machine()) return silent > SILENT_FOR;
  const running = await Promise.all(processes.map(isRunning));
  return !running.includes(true);
}

/** Takes a lock away that nobody will. One that another process made meanwhile is put back. */
async function breakUp(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await look(aside))?.text !== text) await link(aside, path);
  } catch {
    // Somebody else broke it first, or has it by now: both are found out by the next look, and whoever lost it looks before it stores.
  } finally {
    await rm(aside, { force: true });
  }
}
