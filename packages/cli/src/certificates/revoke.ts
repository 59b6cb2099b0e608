import { resolve } from "node:path";
import { trustLines } from "@cache/config/keys";
import { fromHex, toHex } from "@cache/core/bytes";
import type { SigningKey, VerifyingKey } from "@cache/core/keyring";
import { issueRevocations, type Revocations, readCertificate, readRevocations } from "@cache/signer/chain";
import type { Given, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { outputPath } from "../output-file.ts";
import { timeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { advisedAtTheRoot } from "./advice.ts";
import { holdingOutput, writeIssued } from "./issued.ts";
import { keyArgument, keyIn, textIn } from "./public-key.ts";
import { rootOf, timesOf } from "./root.ts";

/** Ids of the keys that an argument means: an id, a public key, or a file with one or with certificates of the root. */
async function idsOf(argument: string, root: VerifyingKey): Promise<readonly Uint8Array[]> {
  const id = /^[0-9a-f]{32}$/i.test(argument) ? fromHex(argument.toLowerCase()) : undefined;
  if (id !== undefined) return [id];
  if (/^[0-9a-f]{4,31}$/i.test(argument))
    throw new UsageError(
      "an id has 32 hexadecimal digits",
      "cache trust show --json prints it; or name the certificate",
    );
  if (argument.startsWith("cachek1.")) return [keyArgument(argument).id];
  const text = await textIn(argument);
  const lines = trustLines(text);
  if (!lines.some((line) => line.startsWith("cachet1."))) return [keyIn(text).id];
  const certificates = await Promise.all(lines.map((line) => readCertificate(line, [root]))).catch(advisedAtTheRoot);
  return certificates.map(({ key }) => key.id);
}

/** The list that the new one follows. */
async function listBefore(path: string | undefined, root: VerifyingKey): Promise<Revocations | undefined> {
  if (path === undefined) return undefined;
  const [line, ...more] = trustLines(await textIn(path));
  if (line === undefined || more.length > 0) throw new UsageError("the list before is one line", "check --after");
  return readRevocations(line, [root]).catch(advisedAtTheRoot);
}

function numberOf(text: string | undefined, before: Revocations | undefined): number {
  if (text !== undefined && !/^[1-9]\d{0,14}$/.test(text))
    throw new UsageError("--number is a whole number, from 1 on");
  if (before === undefined) {
    if (text !== undefined) return Number(text);
    throw new UsageError("the number of the list is not said", "give the list before with --after, or --number 1");
  }
  const number = text === undefined ? before.number + 1 : Number(text);
  if (number > before.number) return number;
  throw new UsageError(`the number has to be above ${before.number}, that of the list before`);
}

/** A list takes the place of the one that it follows and of no other, which could be a newer one. */
async function requireFollowed(given: Given): Promise<void> {
  const [output, after] = [await outputPath(given.text("output")), given.text("after")];
  if (output?.isThere !== true) return;
  if (after === undefined || resolve(after) !== resolve(output.path))
    throw new UsageError("-o names a file that is there", "if it is the list before, give it with --after, too");
}

interface Next {
  readonly given: Given;
  readonly root: SigningKey;
  readonly times: { readonly created: number; readonly expires: number };
  /** Ids of 16 bytes. */
  readonly named: readonly Uint8Array[];
}

async function issueNext({ given, root, times, named }: Next): Promise<void> {
  const before = await listBefore(given.text("after"), root.publicKey);
  const number = numberOf(given.text("number"), before);
  const revoked = new Map([...(before?.revoked ?? []), ...named].map((id) => [toHex(id), id] as const));
  const text = await issueRevocations({ root, number, revoked: [...revoked.values()], ...times });
  const fields = { number, revoked: [...revoked.keys()], issuer: toHex(root.id), ...times };
  const words = `list ${number} revokes ${revoked.size}, until ${timeText(times.expires)}`;
  await writeIssued(given, { type: "revocations", text, fields, words });
}

/** `cache trust revoke`. */
export async function revoke(invocation: Invocation, rest: readonly string[]): Promise<number> {
  const { given } = invocation;
  await requireFollowed(given);
  const times = timesOf(given);
  const root = await rootOf(invocation);
  const named = (await Promise.all(rest.map((each) => idsOf(each, root.publicKey)))).flat();
  if (named.some((id) => toHex(id) === toHex(root.id)))
    throw new UsageError("a root cannot revoke itself", "take its public key from every reader");
  await holdingOutput(given, async () => {
    // Again, as another command may have published there meanwhile.
    await requireFollowed(given);
    await issueNext({ given, root, times, named });
  });
  return EXIT.ok;
}
