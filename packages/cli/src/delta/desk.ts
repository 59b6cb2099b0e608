import {
  copyInsertEngine,
  type DeltaEvent,
  type DeltaStore,
  type DeltaStoreOptions,
  deltaStore,
  xdelta3Engine,
} from "@cache/delta";
import type { Given, Invocation } from "../command.ts";
import { Look } from "../look.ts";
import { note } from "../output.ts";
import { openSession } from "../session.ts";
import { UsageError } from "../usage-error.ts";

/** What an action on versions works with. */
export interface Desk {
  readonly given: Given;
  readonly deltas: DeltaStore;
}

/** Engines by what the command line calls them. */
const ENGINES = { "copy-insert": copyInsertEngine, xdelta3: xdelta3Engine };

function engineOf(given: Given) {
  const name = given.text("engine") ?? "copy-insert";
  if (!Object.hasOwn(ENGINES, name)) throw new UsageError("there is no such engine", "it is copy-insert or xdelta3");
  return ENGINES[name as keyof typeof ENGINES]();
}

function ratioOf(given: Given): number | undefined {
  const text = given.text("max-ratio");
  if (text === undefined) return undefined;
  const ratio = /^[01](\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(ratio <= 1)) throw new UsageError("--max-ratio is a number from 0 to 1");
  return ratio;
}

/** What is rejected ends the command; what is lost is only a miss, so that is said. */
function tell({ type, part }: DeltaEvent): void {
  if (type === "lost")
    note(`the ${part === "reference" ? "reference" : "content"} of the version is not there any more`);
}

function optionsOf(given: Given): DeltaStoreOptions {
  return { engine: engineOf(given), maxRatio: ratioOf(given), readers: [xdelta3Engine()], onEvent: tell };
}

/** The versions in the cache that the command line describes. */
export async function openDesk(invocation: Invocation): Promise<Desk> {
  const { given } = invocation;
  const options = optionsOf(given);
  const { cache } = await openSession(invocation);
  return { given, deltas: deltaStore(cache, options) };
}

/** The same for what only looks. */
export interface LookingDesk extends Desk {
  readonly look: Look;
}

/** The same, which sets nothing aside and hears what is not believed. */
export async function openLookingDesk(invocation: Invocation): Promise<LookingDesk> {
  const { given } = invocation;
  const look = await Look.open(invocation);
  return { given, look, deltas: deltaStore(look.cache, optionsOf(given)) };
}
