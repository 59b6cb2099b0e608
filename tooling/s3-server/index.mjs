/** Servers of S3 for tests: an imitation that needs nothing, and real ones where a machine can have them. */
export { startImitation } from "./imitation/start.mjs";

/** @typedef {import("./imitation/start.mjs").Server} Server */
/** @typedef {import("./imitation/start.mjs").Server & import("./imitation/start.mjs").Imitated} Imitation */
