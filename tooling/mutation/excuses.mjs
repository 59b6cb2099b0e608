/**
 * Steps that no test can miss, with the reason: what they refuse is refused again, or cannot come.
 * @type {readonly { readonly file: string, readonly text: string, readonly because: string }[]}
 */
export const EXCUSED = [
  {
    file: "packages/delta/src/copy-insert/matcher.ts",
    text: "isBlock",
    because: "a hash of fewer bytes than a block's finds nothing that is equal: this one saves making it",
  },
  {
    file: "packages/delta/src/delta-store.ts",
    text: 'found.state === "hit"',
    because: "what is no hit has no value: this one is for the compiler",
  },
  {
    file: "packages/delta/src/xdelta3/child.ts",
    text: 'process.platform === "win32"',
    because: "on Windows the program would find no reference and say so: this one says why",
  },
  {
    file: "packages/config/src/load.ts",
    text: "isThere(path)",
    because:
      "whoever reads the user's own file finds out again whether there is one: this one saves loading the reader",
  },
  {
    file: "packages/crypto-envelope/src/envelope/metadata.ts",
    text: "bytes.byteLength < LENGTH",
    because: "a prefix that announces a shorter metadata message is refused before: this one keeps the decoder whole",
  },
  {
    file: "packages/crypto-envelope/src/passphrase/protection.ts",
    text: 'isCacheError(cause, "ERR_CACHE_AUTH")',
    because:
      "opening throws nothing else, unless the platform's cipher fails its own test, and no test can have it do so",
  },
  {
    file: "packages/core/src/keyring-file/lock.ts",
    text: '(error as { code?: string }).code === "ESRCH"',
    because:
      "root may ask every process, so only as another user does a test find it: keyring-write.test.ts has that one",
  },
  {
    file: "packages/core/src/keyring-file/lock.ts",
    text: "present !== UNKNOWN",
    because: "where Linux does not tell when a process began it has ended since it was asked whether it runs",
  },
  {
    file: "packages/core/src/keyring-file/private-file.ts",
    text: "size > MAX_KEYRING_BYTES",
    because: "what is read ends at the same bound: this one spares the reading",
  },
  {
    file: "packages/core/src/keyring-file/publish.ts",
    text: "NO_LINKS.includes(codeOf(error))",
    because: "what else a link fails of a rename fails of, too",
  },
  {
    file: "packages/core/src/keyring-file/publish.ts",
    text: "await exists(path)",
    because: "only a file system without hard links gets here, and no test can count on one",
  },
  {
    file: "packages/core/src/keyring-file/publish.ts",
    text: 'codeOf(error) === "ENOENT"',
    because: "only a file system without hard links gets here, and no test can count on one",
  },
  {
    file: "packages/core/src/keyring/key-string.ts",
    text: "bytes === undefined",
    because: "48 characters of that alphabet always stand for 36 bytes: this is for the compiler",
  },
  {
    file: "packages/signer/src/ed25519/check-signature.ts",
    text: "signature.byteLength !== SIGNATURE_LENGTH",
    because: "both verifiers refuse a signature of another length by themselves",
  },
  {
    file: "packages/core/src/audit/run.ts",
    text: "lock.isHeld()",
    because:
      "only a process that stands still for seconds between two calls loses its lock, and no test can have it do so",
  },
  {
    file: "packages/core/src/audit/lock.ts",
    text: "holderOf(this.#path) === this.#identity",
    because:
      "only a process that stands still for seconds between two calls loses its lock, and no test can have it do so",
  },
  {
    file: "packages/core/src/audit/snapshot.ts",
    text: "tries === TRIES",
    because: "a log would have to be put aside between any two of a hundred looks",
  },
  {
    file: "packages/core/src/audit/line.ts",
    text: "Array.isArray(files)",
    because: "of what is no list the next condition throws, and that is caught as no line, too",
  },
  {
    file: "packages/core/src/cache/set-aside.ts",
    text: "isCacheError(error)",
    because: "what is none has no code that lets anything be set aside: this is for the compiler",
  },
  {
    file: "packages/core/src/maintenance/collect-entries.ts",
    text: "isCacheError(error)",
    because: "what is none is the reason of an abort, and the next call to the store throws it again",
  },
  {
    file: "packages/core/src/maintenance/list.ts",
    text: "isCacheError(error)",
    because: "what is none is the reason of an abort, and the next call to the store throws it again",
  },
  {
    file: "packages/core/src/bytes/unpae.ts",
    text: "count <= bytes.byteLength / 8",
    because: "a count that is too large runs into the end of the bytes, which is refused",
  },
  {
    file: "packages/core/src/bytes/unpae.ts",
    text: "end <= bytes.byteLength",
    because: "a piece that is too long goes beyond the end, which has to be met exactly",
  },
  {
    file: "packages/cas/src/privacy.ts",
    text: 'errno(error) !== "ENOENT"',
    because: "what else keeps a path from being resolved keeps it from being looked at right after",
  },
  {
    file: "packages/cas/src/monotonic-store.ts",
    text: "checkPrivate(each);",
    because: "somebody would have to make the directory between the look at it and our making it",
  },
  {
    file: "packages/cas/src/monotonic-store.ts",
    text: 'errno(error) !== "EINVAL" && errno(error) !== "UNKNOWN"',
    because: "what else keeps a link from being read keeps the file from being read right after",
  },
  {
    file: "packages/cas/src/limits/ledger.ts",
    text: "found.isFile()",
    because: "what is no file gives no first line, and so is no ledger",
  },
  {
    file: "packages/cas/src/limits/ledger.ts",
    text: "found.size <= TOO_LONG",
    because: "no more than that is read of it: this one spares the reading",
  },
  {
    file: "packages/cas/src/ephemeral/liveness.ts",
    text: "Buffer.byteLength(path) > LONGEST_ADDRESS",
    because: "the system refuses a longer address where it does not cut it, and a test has one system",
  },
  {
    file: "packages/cas/src/root.ts",
    text: "found === undefined",
    because: "somebody would have to remove the store between our making it and the look at it right after",
  },
  {
    file: "packages/cas/src/file-store.ts",
    text: "durable === true",
    because: "without it every put is durable, which takes time and refuses nothing",
  },
  {
    file: "packages/cas/src/root.ts",
    text: "checkPrivate(paths.root)",
    because: "what it refuses it throws itself; where it finds nothing there is no version either",
  },
  {
    file: "packages/cas/src/root.ts",
    text: "checkPrivate(paths.version)",
    because: "what it refuses it throws itself; where it finds nothing there is no layout either",
  },
  {
    file: "packages/cas/src/root.ts",
    text: "checkPrivate(paths.root);",
    because: "the store is looked at again right after it was made, by the same check",
  },
  {
    file: "packages/cas/src/root.ts",
    text: "checkPrivate(directory);",
    because: "the store is looked at again right after it was made, by the same check",
  },
  {
    file: "packages/cas/src/fan-outs.ts",
    text: "isAbsence(error)",
    because: "between the look and the move the medium would have to fail, and the put behind it then fails, too",
  },
  {
    file: "packages/cas/src/open.ts",
    text: "readAll(fd, bytes, start) < bytes.byteLength",
    because: "a file would have to be cut off between two calls that nothing comes between in this process",
  },
  {
    file: "packages/cas/src/remove.ts",
    text: "ifVersion !== undefined && statValue(path)?.version !== ifVersion",
    because: "the version of what was moved aside is compared again: this one spares the move",
  },
  {
    file: "packages/cas/src/remove.ts",
    text: "await patiently(() => moveAside(root, path, aside), signal)",
    because: "another process would have to remove the value between the look and the move",
  },
  {
    file: "packages/cas/src/remove.ts",
    text: "isSharingViolation(error)",
    because: "only Windows refuses so, and of what it refuses a second try tells the same",
  },
  {
    file: "packages/cas/src/remove.ts",
    text: "lstatSync(path, { throwIfNoEntry: false }) === undefined",
    because: "another process would have to remove the value between the look and the move",
  },
  {
    file: "packages/cas/src/monotonic-store.ts",
    text: 'errno(error) !== "EPERM"',
    because: "only a file system without symbolic links answers so, and what else fails fails of a file, too",
  },
  {
    file: "packages/cas/src/monotonic-store.ts",
    text: "isAbsence(error)",
    because: "another process would have to remove the same older file at the same moment",
  },
  {
    file: "packages/cas/src/monitor/judge.ts",
    text: "isCacheError(error)",
    because: "a look at a store throws nothing else but what an abort gave, and that is thrown before",
  },
  {
    file: "packages/cas/src/root.ts",
    text: "this.#closed",
    because: "closing forgets what was found, and the look that follows refuses the same",
  },
  {
    file: "packages/crypto-envelope/src/message/layout.ts",
    text: "size >= 0",
    because: "what is shorter than a head is refused before: this one keeps the arithmetic whole",
  },
  {
    file: "packages/core/src/digest/fields.ts",
    text: "value instanceof URL",
    because: "Node keeps nothing of a URL in symbols: this one is for platforms that do",
  },
  {
    file: "packages/core/src/leases/store-leases.ts",
    text: "await this.#removeLeft(name, options)",
    because: "of a lease that is there no other is made: this one spares the put",
  },
  {
    file: "packages/core/src/cache/computations.ts",
    text: '"value" in reading',
    because: "what is believed was read: this one is for the compiler",
  },
  {
    file: "packages/core/src/cache/catalog.ts",
    text: 'opened.verdict === "opened"',
    because: "what did not open has no content, and reading none fails, which says the same",
  },
  {
    file: "packages/cas/src/value-file.ts",
    text: 'errno(error) === "ENOENT"',
    because: "it spares a look, which finds nothing either",
  },
  {
    file: "packages/cas/src/value-file.ts",
    text: 'errno(error) === "ENOTDIR"',
    because: "the look that follows fails with the same error",
  },
  {
    file: "packages/cas/src/value-file.ts",
    text: "isValue(path)",
    because:
      "root may open every file, so only as another user does a test find it: other-users.test.ts, in processes of its own",
  },
  {
    file: "packages/cas/src/value-file.ts",
    text: 'errno(error) === "ELOOP"',
    because: "only a look while somebody plants gets here: the directories above are looked at before, and refused",
  },
  {
    file: "packages/cas/src/put.ts",
    text: "options.ifAbsent === true && isThere(medium.root, place)",
    because: "it spares the writing: publishing refuses again",
  },
  {
    file: "packages/cas/src/put.ts",
    text: "mayPass(medium, error)",
    because: "it makes room on a full medium, not a verification; media-full.test.ts finds it, in a process of its own",
  },
  {
    file: "packages/cas/src/monitor/places.ts",
    text: "path.startsWith(version + sep)",
    because: "what it would remember of another store nobody asks for",
  },
  {
    file: "packages/cas/src/monitor/view.ts",
    text: "isHidden(name)",
    because: "what is hidden has no stat, and nothing is opened that has none",
  },
  {
    file: "packages/bundle/src/about/parse.ts",
    text: "name === undefined",
    because: "where there is no name there is no text either: this one is for the compiler",
  },
  {
    file: "packages/bundle/src/cache/ensure.ts",
    text: "await isThere(layout.entry(digest))",
    because: "only a move that the system forbids for another reason gets here, and fails again at each attempt",
  },
  {
    file: "packages/bundle/src/cache/layout.ts",
    text: "await isPrivate(path)",
    because:
      "what is there is looked at again when making it fails; what could not be made fails whoever writes there next",
  },
  {
    file: "packages/bundle/src/extract/compare-tree.ts",
    text: "found.isFile()",
    because: "somebody would have to put something else there between the look at it and its opening",
  },
  {
    file: "packages/bundle/src/extract/compare-tree.ts",
    text: "found.size !== size",
    because: "what has another length has another digest: this one spares the reading",
  },
  {
    file: "packages/bundle/src/extract/plan.ts",
    text: 'process.platform === "win32" && TRAILING.test(path)',
    because: "only Windows takes such a path for another, and only there it is refused",
  },
  {
    file: "packages/bundle/src/extract/plan.ts",
    text: "checkHere(member.path);",
    because: "only Windows takes such a path for another, and only there it is refused",
  },
  {
    file: "packages/bundle/src/extract/write-tree.ts",
    text: 'relative(root, target).split(sep)[0] === ".."',
    because: "no manifest that was read has such a path: this one stands where it would matter",
  },
  {
    file: "packages/bundle/src/manifest/decode.ts",
    text: "count * (MEMBER_FIXED + 1) > cursor.left",
    because: "what is missing is missed when its turn comes: this one spares keeping what stands before it",
  },
  {
    file: "packages/core/src/keyring/pem.ts",
    text: "der.byteLength !== length + KEY_LENGTH",
    because: "the importer of the key refuses every other length by the same code",
  },
  {
    file: "packages/core/src/maintenance/reseal/content.ts",
    text: "await drain(pieces)",
    because: "reading to the end is the verification, which throws; its answer is always true",
  },
  {
    file: "packages/files/src/restore/place.ts",
    text: "tries === TRIES",
    because: "somebody would have to take the place between two calls, as often as it is tried",
  },
  {
    file: "packages/files/src/restore/place.ts",
    text: "COMES_AND_GOES.has(codeOf(error))",
    because: "without it what fails in another way is tried again and again, and fails then",
  },
  {
    file: "packages/files/src/restore/place.ts",
    text: "left !== undefined",
    because: "somebody would have to make something there between its removal and the look right after",
  },
  {
    file: "packages/files/src/turns/lock-directory.ts",
    text: "found.isDirectory()",
    because: "nothing can be made below a file, and on Linux a link is open to others by its mode",
  },
  {
    file: "packages/bundle/src/cache/leases.ts",
    text: "bytes === undefined",
    because: "what is then read of nothing fails as well, by the same code",
  },
  {
    file: "packages/bundle/src/cache/read-regular.ts",
    text: "(await file.stat()).isFile()",
    because: "of what is no file nothing can be read at a place, or it never ends, which its bound finds",
  },
  {
    file: "packages/bundle/src/cache/read-regular.ts",
    text: "OTHER.includes((error as { code?: unknown }).code)",
    because: "what else a system answers when it opens a file takes a medium that fails",
  },
  {
    file: "packages/bundle/src/create/secret-text.ts",
    text: "likely.length === 0",
    because: "it is quicker, and the slower look finds nothing either",
  },
  {
    file: "packages/config/src/read/found.ts",
    text: "isChain(sign)",
    because: "what is no chain has no such field",
  },
  {
    file: "packages/config/src/keys/seen-apart.ts",
    text: "dirname(path) === path",
    because: "the root is always there",
  },
  {
    file: "packages/config/src/keys/seen-apart.ts",
    text: "links === 0",
    because: "the system follows no more links either, and says so before",
  },
  {
    file: "packages/config/src/open/required.ts",
    text: "added.length === 0",
    because: "without it the same is put together anew",
  },
  {
    file: "packages/config/src/keys/seen-apart.ts",
    text: '(error as { code?: unknown }).code !== "ENOENT"',
    because: "whatever else is wrong with a path is wrong with one that is looked at next, and is said there",
  },
];
