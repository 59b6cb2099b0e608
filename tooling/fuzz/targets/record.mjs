import { utf8 } from "@cache/core/bytes";
import { crypto } from "@cache/core/crypto";
import {
  decodeStatement,
  encodeRecord,
  encodeStatement,
  integrityOnly,
  RecordKind,
  readClaim,
  verifyRecord,
} from "@cache/core/record";
import { ed25519Signer, hmacSigner } from "@cache/signer";
import { keyring, signing } from "../keys.mjs";
import { answer, answerLater, promise, same } from "../promises.mjs";
import { forgedRecord } from "./forge.mjs";

/** @typedef {import("../target.mjs").Target} Target */
/** @typedef {import("@cache/core/record").Statement} Statement */

const NOW = 1_700_000_000_000;
const EXPECTED = { namespace: "fuzz", key: utf8("key"), now: NOW };
const PAYLOAD = utf8("a payload");

/** @type {Statement} */
const STATEMENT = {
  kind: RecordKind.entry,
  created: NOW - 1000,
  expires: NOW + 1000,
  sequence: 7,
  size: PAYLOAD.length,
  digest: crypto.sha256(PAYLOAD),
  namespace: EXPECTED.namespace,
  key: EXPECTED.key,
  writer: "somebody",
  metadata: utf8("bytes"),
};

/** @type {readonly Statement[]} */
const STATEMENTS = [
  STATEMENT,
  { ...STATEMENT, kind: RecordKind.sealedFile, expires: 0, namespace: "", writer: "", metadata: new Uint8Array(0) },
  { ...STATEMENT, namespace: "é".repeat(127), key: new Uint8Array(300).fill(1), metadata: new Uint8Array(1000) },
];

const SIGNERS = [integrityOnly, hmacSigner(keyring), ed25519Signer({ identity: signing })];
const WRITTEN = encodeStatement(STATEMENT);
const REFUSALS = ["FORMAT", "UNSUPPORTED_VERSION", "UNKNOWN_KEY", "AUTH", "EXPIRED", "NOT_YET_VALID"];
const CODES = REFUSALS.map((code) => `ERR_CACHE_${code}`);

/** @type {Target} */
const statement = {
  name: "statement",
  covers: ["decodeStatement", "checkTime"],
  seeds: () => STATEMENTS.map(encodeStatement),
  async run(bytes) {
    const read = answer(["ERR_CACHE_FORMAT"], () => decodeStatement(bytes));
    if (read.value !== undefined) promise(same(encodeStatement(read.value), bytes), "one statement has one form");
    const record = await forgedRecord(bytes, PAYLOAD);
    const { value } = await answerLater(CODES, () => verifyRecord(record, integrityOnly, EXPECTED));
    if (value === undefined) return;
    promise(same(encodeStatement(value.statement), bytes), "what is believed is what was stated");
    const { namespace, key, created, expires } = value.statement;
    promise(namespace === EXPECTED.namespace && same(key, EXPECTED.key), "no other name is believed");
    promise(created <= NOW + 300_000 && (expires === 0 || expires > NOW), "no other time is believed");
  },
};

/** @type {Target} */
const record = {
  name: "record",
  covers: ["verifyRecord", "readClaim", "decodeHeader"],
  seeds: () => {
    const each = SIGNERS.flatMap((signer) => [
      encodeRecord(STATEMENT, signer, PAYLOAD),
      encodeRecord(STATEMENT, signer),
    ]);
    const late = { ...STATEMENT, created: NOW + 600_000, expires: 0 };
    const gone = { ...STATEMENT, expires: NOW - 1 };
    const other = { ...STATEMENT, namespace: "other" };
    return Promise.all([...each, ...[late, gone, other].map((value) => encodeRecord(value, integrityOnly, PAYLOAD))]);
  },
  async run(bytes) {
    const claim = answer(["ERR_CACHE_FORMAT", "ERR_CACHE_UNSUPPORTED_VERSION"], () => readClaim(bytes)).value;
    let believed = 0;
    for (const signer of SIGNERS) {
      const { value } = await answerLater(CODES, () => verifyRecord(bytes, signer, EXPECTED));
      if (value === undefined) continue;
      believed += 1;
      promise(same(encodeStatement(value.statement), WRITTEN), "nothing is believed that was not written");
      promise(value.payload === undefined || same(value.payload, PAYLOAD), "no other payload is believed");
      promise(claim !== undefined && same(encodeStatement(claim.statement), WRITTEN), "what is believed was claimed");
    }
    promise(believed <= 1, "one signer's proof is no other's");
  },
};

export const recordTargets = [statement, record];
