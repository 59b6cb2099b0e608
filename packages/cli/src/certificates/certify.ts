import { isCacheError } from "@cache/core";
import { toHex } from "@cache/core/bytes";
import type { SigningKey, VerifyingKey } from "@cache/core/keyring";
import { issueCertificate, readCertificate } from "@cache/signer/chain";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { shortId } from "../keys/file.ts";
import { timeText } from "../units.ts";
import { UsageError } from "../usage-error.ts";
import { asWrongUse } from "../wrong-use.ts";
import { holdingOutput, writeIssued } from "./issued.ts";
import { keyArgument, keyIn, textIn } from "./public-key.ts";
import { rootOf, timesOf } from "./root.ts";
import { scopeOf, scopeText } from "./scope.ts";

/** Another key's certificate stays: its owner would be believed no more. @throws UsageError */
const requireSame =
  (key: VerifyingKey, root: SigningKey) =>
  async (text: string): Promise<void> => {
    const before = await readCertificate(text, [root.publicKey]).catch((error: unknown) => {
      if (isCacheError(error)) return undefined;
      throw error;
    });
    if (before === undefined || toHex(before.key.id) !== toHex(key.id))
      throw new UsageError("-o names a certificate of another key, or by another root", "name another file");
  };

/** `cache trust certify`. */
export async function certify(invocation: Invocation, [source, ...rest]: readonly string[]): Promise<number> {
  const { given } = invocation;
  if (source === undefined) throw new UsageError("no key is named", "give a public key, or a file with one");
  if (rest.length > 0) throw new UsageError("there are too many arguments", "each key needs a certificate of its own");
  const [scope, times] = [scopeOf(given), timesOf(given)];
  const key = source.startsWith("cachek1.") ? keyArgument(source) : keyIn(await textIn(source));
  const root = await rootOf(invocation);
  const [id, issuer] = [toHex(key.id), toHex(root.id)];
  if (id === issuer) throw new UsageError("a root signs certificates and lists only, and does not certify itself");
  const text = await issueCertificate({ root, key, scope, ...times }).catch(asWrongUse);
  const words = `certified ${shortId(key.id)} until ${timeText(times.expires)}: ${scopeText(scope)}`;
  const fields = { key: id, issuer, ...scope, ...times };
  const issued = { type: "certificate", text, fields, words, requireSame: requireSame(key, root) } as const;
  await holdingOutput(given, () => writeIssued(given, issued));
  return EXIT.ok;
}
