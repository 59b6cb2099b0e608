import { type Actions, runAction } from "../actions.ts";
import type { Command } from "../command.ts";

const ACTIONS: Actions = new Map([
  ["certify", async () => (await import("../certificates/certify.ts")).certify],
  ["revoke", async () => (await import("../certificates/revoke.ts")).revoke],
  ["show", async () => (await import("../certificates/show.ts")).show],
]);

/** `cache trust`. */
export const command: Command = {
  usage: "trust certify|revoke|show",
  summary: "Certify signing keys by a root key, and revoke them",
  details: `  trust certify KEY           print a certificate, or write it with -o: what the key may sign, and until when
  trust revoke [KEY...]       print the list of all revoked keys, or write it with -o; of none, too
  trust show FILE...          what certificates and lists say, and whether they hold here; exit code 3 when one does not

certify and revoke take the root's secret key from --root-file, a private keyring file that cache keys new --type ed25519 makes; it may be
protected by a passphrase. KEY is a public key as cache keys list prints it, a file with one, PEM too, or - for standard input; for revoke
also an id of 32 hexadecimal digits, or a file with certificates; not the root itself. A scope is always said: --namespaces with --entries, --packages or
both; "any" is all, and a namespace covers those within it. The namespace of caches that name none is empty: --namespaces "".
A list ends soon, and until then only it is believed; the next one is made with --after and that list: its number is one higher, and
what it revokes stays revoked. -o takes the place of one certificate of the same key and root, or of the list of --after, and of a file with anything else in it
never. Several at once with --after FILE -o FILE follow one another: each revokes on top of the list that it finds there.
show asks the roots of the configuration or of CACHE_ROOTS, their lists, what was seen of these, and whom the keyring revoked, or else those of --root alone. Readers are told of all by the configuration:
"sign": { "roots": [...], "certificates": [FILE...], "revocations": [FILE...] }.
--json: certify prints {key, issuer, namespaces, entries, packages, created, expires, certificate}, revoke {number, revoked, issuer, created,
expires, revocations}, each with path instead of the text when there is -o. show prints a document for each: file, type, state (holds,
expired, not-yet-valid, revoked, no-list, rejected), code when rejected, else the same fields. Ids are 32 hexadecimal digits.`,
  options: {
    "root-file": { type: "string", value: "FILE", help: "for certify and revoke: private keyring file of the root" },
    root: { type: "string", multiple: true, value: "KEY", help: "for show: public key of a root; may be repeated" },
    namespaces: { type: "string", multiple: true, value: "NAMES", help: "for certify: names with commas, or any" },
    entries: { type: "boolean", help: "for certify: entries of caches" },
    packages: { type: "string", multiple: true, value: "NAMES", help: "for certify: names with commas, or any" },
    expires: { type: "string", value: "TIME", help: "for certify and revoke: time until the end, such as 30d" },
    number: { type: "string", value: "NUMBER", help: "for revoke: above that of the list before; 1 for the first" },
    after: { type: "string", value: "FILE", help: "for revoke: the list before" },
    output: { type: "string", short: "o", value: "FILE", help: "for certify and revoke: write to a file instead" },
  },
  positionals: [1, 4097],
  run: (invocation) => runAction(ACTIONS, invocation),
};
