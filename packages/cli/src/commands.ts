import type { Commands } from "./command.ts";
import { command as get } from "./commands/get.ts";

/**
 * Every command, in the order of the help. Each is a file of its own that is loaded when it is asked for, but for the one
 * that scripts call in loops: loading it apart would cost more than it has to say.
 */
export const COMMANDS: Commands = Object.assign(Object.create(null), {
  get: async () => ({ command: get }),
  set: () => import("./commands/set.ts"),
  has: () => import("./commands/has.ts"),
  rm: () => import("./commands/rm.ts"),
  ls: () => import("./commands/ls.ts"),
  put: () => import("./commands/put.ts"),
  cat: () => import("./commands/cat.ts"),
  files: () => import("./commands/files.ts"),
  delta: () => import("./commands/delta.ts"),
  verify: () => import("./commands/verify.ts"),
  watch: () => import("./commands/watch.ts"),
  reseal: () => import("./commands/reseal.ts"),
  gc: () => import("./commands/gc.ts"),
  stats: () => import("./commands/stats.ts"),
  clear: () => import("./commands/clear.ts"),
  keys: () => import("./commands/keys.ts"),
  trust: () => import("./commands/trust.ts"),
  calls: () => import("./commands/calls.ts"),
  config: () => import("./commands/config.ts"),
  audit: () => import("./commands/audit.ts"),
  fleche: () => import("./commands/fleche.ts"),
  migrate: () => import("./commands/migrate.ts"),
  bundle: () => import("./commands/bundle.ts"),
  doctor: () => import("./commands/doctor.ts"),
  completion: () => import("./commands/completion.ts"),
});
