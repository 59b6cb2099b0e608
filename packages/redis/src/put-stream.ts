import { type Draft, type Name, type PutOptions, type PutResult, parseName } from "@cache/core/adapter";
import { concat } from "@cache/core/bytes";
import { Cutter, type Piece } from "./cutter.ts";
import { unexpected } from "./failures.ts";
import type { Medium } from "./medium.ts";
import { Staging } from "./staging.ts";
import { newVersion } from "./versions.ts";

/** Content that has been read to its end. All but the pieces in `rest` wait under a key already. */
interface Written {
  readonly version: string;
  readonly size: number;
  readonly first: number;
  readonly rest: readonly Piece[];
}

/**
 * Content in bounded memory. Its name is known only at the end, and with it what a cluster keeps its pieces beside:
 * until then they wait under a key of their own. One server gives that key its final name; in a cluster the pieces go
 * through here once more.
 */
export async function putStream(medium: Medium, draft: Draft, options: PutOptions): Promise<PutResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  const version = newVersion();
  const staging = new Staging(medium.connection, medium.keys.staged(version), signal);
  const cutter = new Cutter(draft.headLength, medium.settings.chunkSize);
  const end = await staging.write(async () => {
    for await (const bytes of draft.body) {
      signal?.throwIfAborted();
      for (const [at, piece] of cutter.push(bytes)) await staging.add(at, piece);
    }
    signal?.throwIfAborted();
    const { name, head } = draft.finish();
    parseName(name);
    return { name, rest: cutter.end(head) };
  });
  const written = { version, size: cutter.size, first: cutter.first, rest: end.rest };
  return finish(medium, staging, end.name, written, options);
}

async function finish(
  medium: Medium,
  staging: Staging,
  name: Name,
  written: Written,
  options: PutOptions,
): Promise<PutResult> {
  const { version, size, rest } = written;
  const chunk = medium.settings.chunkSize;
  if (size <= chunk) {
    const bytes = concat(...rest.map(([, piece]) => piece));
    return medium.writing.publish(name, { version, bytes }, options);
  }
  const isCluster = medium.connection.client.masters !== undefined;
  const last = isCluster ? await beside(medium, staging, name, written, options) : staging;
  await last.write(async () => {
    for (const [at, piece] of rest) await last.add(at, piece);
  });
  return last.publish(() => medium.writing.publish(name, { version, size, chunk, waiting: last.key }, options));
}

/** The pieces once more, where a cluster keeps them with the rest of the value. */
async function beside(
  medium: Medium,
  staging: Staging,
  name: Name,
  written: Written,
  { signal }: PutOptions,
): Promise<Staging> {
  const { version, size, first, rest } = written;
  const body = { key: staging.key, known: { version, size, modified: 0, chunk: medium.settings.chunkSize } };
  const target = new Staging(medium.connection, medium.keys.body(parseName(name).hex, version), signal);
  const last =
    Math.ceil(size / body.known.chunk) - (rest.at(-1)?.[0] === Math.ceil(size / body.known.chunk) - 1 ? 1 : 0);
  try {
    await target.write(async () => {
      for (let at = first; at < last; at++) {
        const piece = await medium.reading.piece("writing a value", body, at, signal);
        if (piece === undefined)
          throw unexpected("writing a value", "some of its pieces were evicted before it was complete");
        await target.add(at, piece);
      }
    });
  } finally {
    await staging.discard();
  }
  return target;
}
