import { type Actions, runAction } from "../actions.ts";
import type { Command, Options } from "../command.ts";
import { refuseUseless } from "../packages/action-options.ts";
import { CREATE_OPTIONS } from "../packages/create-options.ts";
import { TRANSFER_OPTIONS } from "../packages/transfer-options.ts";

const ACTIONS: Actions = new Map([
  ["create", async () => (await import("../packages/create.ts")).create],
  ["verify", async () => (await import("../packages/verify.ts")).runVerify],
  ["sign", async () => (await import("../packages/sign.ts")).sign],
  ["inspect", async () => (await import("../packages/inspect.ts")).runInspect],
  ["extract", async () => (await import("../packages/extract.ts")).extract],
  ["run", async () => (await import("../packages/extracted.ts")).run],
  ["export", async () => (await import("../packages/export.ts")).exportTo],
  ["import", async () => (await import("../packages/import.ts")).importFrom],
  ["list", async () => (await import("../packages/extracted.ts")).list],
  ["clean", async () => (await import("../packages/extracted.ts")).clean],
]);

const OPTIONS: Options = {
  name: { type: "string", value: "NAME", help: "as what the package was, or is, made" },
  level: { type: "string", value: "LEVEL", help: "verify: quick, standard (the default), deep or paranoid" },
  "max-bytes": { type: "string", value: "SIZE", help: "most bytes once extracted (16GiB); clean: of all that stay" },
  "older-than": { type: "string", value: "TIME", help: "clean: what was not used for so long" },
  threshold: { type: "string", value: "N", help: "so many keys have to have signed the package" },
  signature: { type: "string", multiple: true, value: "FILE", help: "a signature of a further key; may be repeated" },
  output: { type: "string", short: "o", value: "FILE", help: "sign: write the signature there" },
  "dry-run": { type: "boolean", help: "clean, import: only say what would be done" },
  ...TRANSFER_OPTIONS,
  ...CREATE_OPTIONS,
};

/** `cache bundle`. */
export const command: Command = {
  usage: "bundle create|verify|sign|inspect|extract|run|export|import|list|clean",
  summary: "Make, verify and run packages whose every byte is signed",
  details: `  bundle create FILE DIR...    make a package of what is in the directories, signed with the configured key
  bundle verify FILE           verify it with the configured keys
  bundle sign FILE             verify it, and sign it by the configured key too, into a file beside it
  bundle inspect FILE          say what it claims, without keys; nothing is verified
  bundle extract FILE DIR      verify it, then extract it to a directory that is not there yet
  bundle run FILE -- ARGS      run its command from an extraction that is verified before each run
  bundle export FILE [KEY...]  make a package of entries of the cache: those of the keys, or all of the namespace
  bundle import FILE           verify it, then bring its entries into the cache, signed and sealed by the cache's own keys
  bundle list                  what is extracted
  bundle clean                 remove what killed processes left, and what is too old or too much; never what is in use

create packs files and directories; a link, like those in node_modules/.bin, is left out with --exclude. The configured keyring, a secret key in its
native form and a PEM private key are never packed. A FILE in one of the directories is left out, with its signatures. A package takes the place of a package,
a signature that of a signature, and neither that of anything else.
A package has the name of its file without what follows the last dot, or that of --name; one that was made as another is
refused. Without keys only packages that nobody signed are accepted, and called "integrity only"; run runs none of them.
--threshold N, of all that verify a package, demands that N believed Ed25519 keys signed it: the one that made it, and those of the
signatures beside it, FILE.*.sig, or named by --signature. sign makes one that counts until --ttl is over.
Levels of verify: quick reads all but the contents of members, standard every byte, deep also expands what is compressed,
paranoid reads and digests all a second time with another library and tries an extraction. None accepts a bad signature, and none goes on
after a failure.
run ends with the exit code of the command, or with 128 and the number of the signal that ended it; what goes wrong before it starts is
told by a line with ERR_CACHE_ and the codes below. Packages are extracted to "bundles" in the directory of the cache.
export verifies what it takes, with the content that it needs; a sealed cache gives sealed entries, which need the same master key to be
imported. What has expired stays behind; what does not hold, too, and the exit code is 3; of keys without a value, and the exit code is 1: then, and when nothing was
found, a package that was there stays. import
leaves what the cache has under a key, unless --overwrite; stopped or killed, it goes on when it is run again. It ends with 3 when entries
in a package that holds are not to be believed by these keys.
--json: create prints {file, name, digest, members, fileSize}; verify and extract print {state, name, namespace, version, digest,
trust, signedBy, cosignedBy, retiredKey, retiredCosigners, rollbackChecked, created, expires, sequence, writer, launch, members, size, fileSize}, verify also level, and {state, level,
code} for what is rejected, missing or unreadable; inspect the same without state, with trust "unverified" and claimedKey; list a document for each
{digest, name, size, lastUsed, inUse}; clean {removed, bytes, kept, inUse, leftovers, dryRun}; export the same as create with {sealed, copied, there, expired, refused,
untold, missing, bytes}, sign {file, signedBy, expires}, import as extract without directory, launch and members, with {dryRun, copied, there, expired, refused, untold, missing, bytes}.`,
  options: OPTIONS,
  positionals: [1, Number.POSITIVE_INFINITY],
  run(invocation) {
    refuseUseless(invocation.given, OPTIONS);
    return runAction(ACTIONS, invocation);
  },
};
