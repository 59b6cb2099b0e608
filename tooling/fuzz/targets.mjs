import { auditTargets } from "./targets/audit.mjs";
import { bundleTargets } from "./targets/bundle.mjs";
import { cacheTargets } from "./targets/cache.mjs";
import { callTargets } from "./targets/calls.mjs";
import { chainTargets } from "./targets/chain.mjs";
import { commandTargets } from "./targets/command.mjs";
import { configTargets } from "./targets/config.mjs";
import { deltaTargets } from "./targets/delta.mjs";
import { directoryTargets } from "./targets/directory.mjs";
import { ed25519Targets } from "./targets/ed25519.mjs";
import { envelopeTargets } from "./targets/envelope.mjs";
import { fileTargets } from "./targets/files.mjs";
import { keyTargets } from "./targets/keys.mjs";
import { messageTargets } from "./targets/message.mjs";
import { noteTargets } from "./targets/notes.mjs";
import { recordTargets } from "./targets/record.mjs";
import { redisTargets } from "./targets/redis.mjs";
import { s3Targets } from "./targets/s3.mjs";
import { textTargets } from "./targets/text.mjs";
import { trailingTargets } from "./targets/trailing.mjs";

/**
 * Every parser of bytes or text that somebody else may have made.
 * @type {readonly import("./target.mjs").Target[]}
 */
export const targets = [
  ...recordTargets,
  ...redisTargets,
  ...s3Targets,
  ...envelopeTargets,
  ...messageTargets,
  ...noteTargets,
  ...ed25519Targets,
  ...keyTargets,
  ...chainTargets,
  ...auditTargets,
  ...callTargets,
  ...bundleTargets,
  ...commandTargets,
  ...configTargets,
  ...deltaTargets,
  ...directoryTargets,
  ...fileTargets,
  ...cacheTargets,
  ...textTargets,
  ...trailingTargets,
];
