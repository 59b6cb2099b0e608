import { utf8 } from "@cache/core/bytes";
import { issueCertificate, issueRevocations, readCertificate, readRevocations } from "@cache/signer/chain";
import { signing } from "../keys.mjs";
import { answerLater, promise, textOf } from "../promises.mjs";
import { internal } from "../target.mjs";

/** @typedef {import("../target.mjs").Target} Target */

/** @type {typeof import("../../../packages/signer/src/chain/signed-by-root.ts")} */
const { signByRoot } = await internal("signer/chain/signed-by-root");

const root = signing;
const roots = [signing.publicKey];
const times = { created: 1_700_000_000_000, expires: 1_800_000_000_000 };
const CODES = ["ERR_CACHE_FORMAT", "ERR_CACHE_UNSUPPORTED_VERSION", "ERR_CACHE_UNKNOWN_KEY", "ERR_CACHE_AUTH"];
const KEY_CODES = [...CODES, "ERR_CACHE_KEY_FORMAT"];

/** What an owner of the root could have signed. @param {"certificate" | "revocations"} kind @param {Uint8Array} payload */
const signed = (kind, payload) => signByRoot(root, { kind, payload, ...times, sequence: 1 });

const scopes = [
  { namespaces: ["a", "b/c"], entries: true },
  { namespaces: /** @type {const} */ ("any"), packages: ["tool"] },
];
const certificates = await Promise.all(
  scopes.map((scope) => issueCertificate({ root, key: root.publicKey, scope, ...times })),
);
const list = await issueRevocations({ root, number: 3, revoked: [root.id], ...times });

/** The payload of a text, behind header, statement and proof. @param {string} text @param {number} statement */
const payloadOf = (text, statement) =>
  new Uint8Array(Buffer.from(text.split(".")[2] ?? "", "base64url")).slice(32 + statement + 64);

/** @type {Target} */
const certificate = {
  name: "certificate",
  covers: ["readCertificate", "verifyByRoot", "readScope", "readTexts"],
  most: 512,
  // Text, its bytes, and the record that is made of them.
  room: (length) => 1_000_000 + 200 * length,
  seeds: () => [...certificates.map(utf8), ...certificates.map((text) => payloadOf(text, 91))],
  dictionary: ["cachet1.certificate.", Uint8Array.of(0, 1, 0, 1), Uint8Array.of(0, 0)],
  async run(bytes) {
    const text = textOf(bytes);
    const read = text && (await answerLater(KEY_CODES, () => readCertificate(text, roots))).value;
    promise(!read || certificates.includes(/** @type {string} */ (text)), "only what the root signed is a certificate");
    const made = await signed("certificate", bytes);
    const { value } = await answerLater(KEY_CODES, () => readCertificate(made, roots));
    if (value === undefined) return;
    const again = await issueCertificate({ root, key: value.key, scope: value.scope, ...times });
    const payload = Buffer.from(payloadOf(again, 91));
    promise(payload.equals(Buffer.from(bytes)), "one certificate has one form");
  },
};

/** @type {Target} */
const revocations = {
  name: "revocations",
  covers: ["readRevocations", "readIds"],
  most: 512,
  room: (length) => 1_000_000 + 200 * length,
  seeds: () => [utf8(list), payloadOf(list, 91)],
  dictionary: ["cachet1.revocations.", Uint8Array.of(0, 1), Uint8Array.of(0, 2)],
  async run(bytes) {
    const text = textOf(bytes);
    const read = text && (await answerLater(CODES, () => readRevocations(text, roots))).value;
    promise(!read || text === list, "only what the root signed is a list");
    const made = await signed("revocations", bytes);
    const { value } = await answerLater(CODES, () => readRevocations(made, roots));
    if (value === undefined) return;
    const again = await issueRevocations({ root, number: 1, revoked: value.revoked, ...times });
    promise(again === made, "one list has one form");
  },
};

export const chainTargets = [certificate, revocations];
