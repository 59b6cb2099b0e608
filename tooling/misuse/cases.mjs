/**
 * What an attacker or a mistake may try, by number. The tests that try it begin with that number: `M7: …`.
 * @typedef {{ tried: string, answer: string, without?: string }} Misuse
 */

/** @type {(tried: string, answer: string, without?: string) => Misuse} */
const misuse = (tried, answer, without) => ({ tried, answer, ...(without === undefined ? {} : { without }) });

/** The heading before the first case of each group, by number. @type {Readonly<Record<number, string>>} */
export const GROUPS = {
  1: "Envelopes",
  29: "Names",
  36: "Keys and keyrings",
  53: "Signatures",
  65: "Packages",
  66: "Configuration",
};

/** @type {Readonly<Record<number, Misuse>>} */
export const MISUSES = {
  1: misuse("flip any one bit of a sealed file", "no plaintext"),
  2: misuse("cut a sealed file at any length", "refused; a stream never ends cleanly"),
  3: misuse("append a byte, a chunk or a whole envelope", "refused"),
  4: misuse("swap, double, drop or exchange chunks", "refused"),
  5: misuse("open under another namespace, key or kind", "refused before the body is read"),
  6: misuse("exchange two valid files", "both refused"),
  7: misuse("put the body of one under the head of another", "refused"),
  8: misuse("seal the same content twice", "one name, nothing else in common"),
  9: misuse("repeat a salt", "never in 100 000 seals; the source of randomness is asked at each"),
  10: misuse("use another key under a forged key id", "refused before any chunk is decrypted"),
  11: misuse("make a ciphertext that decrypts under two keys", "refused by the commitment"),
  12: misuse("change suite, version, reserved bits or lengths", "a clean error, and little memory"),
  13: misuse("use extreme numbers", "a clean error, and little memory"),
  14: misuse("state another size than the body has", "refused, though every tag holds"),
  15: misuse("state another digest than the content has", "refused, whole and at a stream's end"),
  16: misuse("seal content under the name of other content", "refused"),
  17: misuse(
    "get plaintext out before its tag was checked",
    "exactly the chunks before the damage, then an error for good",
  ),
  18: misuse("end a stream cleanly after a failure", "never"),
  19: misuse("shorten a tag", "refused"),
  20: misuse("use another length of nonce or key", "refused"),
  21: misuse("make two providers disagree", "the same bytes and verdicts from all"),
  22: misuse("store nothing, or whole chunks exactly", "round trip, exact length"),
  23: misuse("look for plaintext on the disk", "there is none, after failures either"),
  24: misuse("kill a writer before it is done", "what it left is never a value"),
  25: misuse("fill memory with a long stream", "it never rises by 64 MiB"),
  26: misuse("rewrite metadata under the same salt", "no way leads there"),
  27: misuse("plant plaintext in a sealed store", "refused"),
  28: misuse("have a large entry opened whole", "refused before memory is taken"),
  29: misuse("find a digest of the content in names or bytes", "there is none"),
  30: misuse("read in another process", "the same name, with the key alone"),
  31: misuse("use another key or namespace", "another name"),
  32: misuse("have a damaged, foreign or empty file count as there", "it does not"),
  33: misuse("move the border between namespace and key", "another name"),
  34: misuse("use lone surrogates, or two spellings of one letter", "refused; two names"),
  35: misuse("climb with `..`, NUL or separators", "only hexadecimal digits reach a path"),
  36: misuse("give a key that is empty or no hexadecimal text", "refused, never a shorter key"),
  37: misuse("give base64 that is not exact", "refused"),
  38: misuse("change a letter of a key, or paste another type", "refused"),
  39: misuse("name a source of keys that cannot be used", "refused, never without keys"),
  40: misuse("use a weak key", "refused"),
  41: misuse("leave a key file open to others", "refused, unless relaxed by an option"),
  42: misuse("find a secret in any output", "there is none"),
  43: misuse("contradict oneself in a keyring", "refused"),
  44: misuse("read what an unknown key wrote", "a miss, and the file stays"),
  45: misuse("have a wrong key destroy anything", "it destroys nothing"),
  46: misuse("use a revoked key", "refused"),
  47: misuse("interrupt sealing again", "nothing is lost, and the next run goes on"),
  48: misuse(
    "write with a retired key, or without the promoted one",
    "refused; the new primary writes at the next call",
  ),
  49: misuse("bring an older keyring back", "refused"),
  50: misuse("have two purposes share a key", "three subkeys that differ, by known answers"),
  51: misuse("try other passphrases, costs or bytes on a protected keyring", "a clean error, and little memory"),
  52: misuse("find a key that was made for one process", "it ends with the process"),
  53: misuse("change any byte of a signed record", "refused"),
  54: misuse("use a public key as a shared one, or another algorithm", "refused"),
  55: misuse("bring the key along with the data", "only keys that were named are believed"),
  56: misuse("verify without saying what is expected", "does not compile, and throws"),
  57: misuse("sign what breaks the format", "refused, whatever the proof says"),
  58: misuse("use an entry out of its time", "refused to the millisecond; clocks may differ by five minutes"),
  59: misuse("put an older entry back", "refused where a `rollback` slot remembers; results say whether one does"),
  60: misuse(
    "learn from how long a comparison takes",
    "comparisons of secrets take the same time; a rule of the repository",
  ),
  61: misuse("use an unsound public key or signature", "refused alike by all providers"),
  62: misuse(
    "change a file of fleche, strip its signature, or sign with an empty key",
    "refused; what holds is labelled payload-only",
  ),
  63: misuse("have a file of fleche decompress to far more than it is", "stopped at the limit, before anything else"),
  64: misuse("have a payload of fleche run", "payloads are bytes: nothing here reads pickles"),
  65: misuse(
    "alter, add, double, reorder, cut or append in a package, or have a path lead out of it",
    "refused before anything is extracted",
  ),
  66: misuse("weaken verification by a variable or a flag", "none does"),
};
