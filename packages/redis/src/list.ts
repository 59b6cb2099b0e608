import type { CallOptions, Kind, Listed } from "@cache/core/adapter";
import { listOf, textOf } from "./answers.ts";
import type { RedisNode } from "./clients/client.ts";
import { serverError, unexpected } from "./failures.ts";
import type { Medium } from "./medium.ts";
import { inOrder } from "./window.ts";

const DOING = "listing";
/** Keys that a server looks at for one answer. */
const COUNT = "1000";
/** Places at which a listing that comes to its end may be sent to again. */
const MOST_AGAIN = 1000;

/** Names of one kind, each once: a server may answer a key again while it makes its table of keys larger or smaller. */
export async function* list(
  medium: Medium,
  kind: Kind,
  { signal }: CallOptions,
): AsyncGenerator<Listed, void, undefined> {
  signal?.throwIfAborted();
  const seen = new Set<string>();
  for (const node of await nodesOf(medium, signal)) {
    for await (const page of pagesOf(medium, node, signal)) {
      const fresh = page.filter((digits) => !seen.has(digits));
      for (const digits of fresh) seen.add(digits);
      for await (const row of rowsOf(medium, kind, fresh, signal, node)) {
        yield row;
        signal?.throwIfAborted();
      }
    }
  }
}

/** Who is asked: each master of a cluster, or else the one server. */
async function nodesOf({ connection, keys }: Medium, signal: AbortSignal | undefined): Promise<readonly RedisNode[]> {
  const { client } = connection;
  if (client.masters === undefined) return [{ send: (command) => client.send(command, keys.prefix) }];
  try {
    return await client.masters();
  } catch (error) {
    throw serverError(DOING, error, signal);
  }
}

/** Digits of heads that one server holds, as they come. */
async function* pagesOf(
  { connection, keys }: Medium,
  node: RedisNode,
  signal: AbortSignal | undefined,
): AsyncGenerator<string[], void, undefined> {
  const cursors = new Set<string>();
  let [cursor, again] = ["0", 0];
  do {
    const command = ["SCAN", cursor, "MATCH", keys.pattern, "COUNT", COUNT];
    const answer = await connection.send({ doing: DOING, key: keys.prefix, signal }, command, node);
    const [next, found] = listOf(DOING, answer);
    cursor = textOf(DOING, next);
    // A table of keys that grows and shrinks can send one back now and then, a server that is none without end.
    if (cursors.has(cursor) && ++again > MOST_AGAIN) throw unexpected(DOING, "the server goes round in circles");
    cursors.add(cursor);
    const digits = listOf(DOING, found).map((key) => keys.digitsOf(textOf(DOING, key)));
    yield [...new Set(digits.filter((each) => each !== undefined))];
  } while (cursor !== "0");
}

async function* rowsOf(
  { keys, reading, connection }: Medium,
  kind: Kind,
  page: readonly string[],
  signal: AbortSignal | undefined,
  node: RedisNode,
): AsyncGenerator<Listed, void, undefined> {
  // A cluster refuses a script with keys of several slots, also when one server holds them all: more are under way then.
  const [most, window, asked] = connection.client.masters === undefined ? [100, 2, node] : [1, 64, undefined];
  const batches = Array.from({ length: Math.ceil(page.length / most) }, (_, at) =>
    page.slice(at * most, (at + 1) * most),
  );
  const describe = (at: number) =>
    reading.describe(
      kind,
      (batches[at] ?? []).map((digits) => keys.head(digits)),
      signal,
      asked,
    );
  let batch = 0;
  for await (const rows of inOrder(batches.length, describe, 0, window)) {
    const some = batches[batch++] ?? [];
    for (const [index, row] of rows.entries()) {
      if (row !== undefined) yield { name: `${kind}/${some[index] ?? ""}`, size: row.size, modified: row.modified };
    }
  }
}
