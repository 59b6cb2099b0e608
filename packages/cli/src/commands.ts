import type { Commands } from "./command.ts";

/** Every command, in the order of the help. Each is a file of its own that is loaded when it is asked for. */
export const COMMANDS: Commands = Object.assign(Object.create(null), {
  get: () => import("./commands/get.ts"),
  set: () => import("./commands/set.ts"),
  has: () => import("./commands/has.ts"),
  rm: () => import("./commands/rm.ts"),
  ls: () => import("./commands/ls.ts"),
  put: () => import("./commands/put.ts"),
  cat: () => import("./commands/cat.ts"),
  verify: () => import("./commands/verify.ts"),
  gc: () => import("./commands/gc.ts"),
  stats: () => import("./commands/stats.ts"),
  clear: () => import("./commands/clear.ts"),
  keys: () => import("./commands/keys.ts"),
  doctor: () => import("./commands/doctor.ts"),
  completion: () => import("./commands/completion.ts"),
});
