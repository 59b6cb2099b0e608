import type { Options } from "../command.ts";

/** What says how a package is run. */
export const LAUNCH_OPTIONS: Options = {
  command: { type: "string", value: "PATH", help: "create: the member that run starts" },
  argument: { type: "string", multiple: true, value: "TEXT", help: "create: before the caller's; may be repeated" },
  "work-directory": { type: "string", value: "WHERE", help: "create: caller (the default), package or temporary" },
  pass: { type: "string", multiple: true, value: "NAME", help: "create: a variable the command gets; may end with *" },
  unset: { type: "string", multiple: true, value: "NAME", help: "create: a variable it does not get" },
  map: { type: "string", multiple: true, value: "NEW=OLD", help: "create: a variable it gets under another name" },
  set: { type: "string", multiple: true, value: "NAME=TEXT", help: "create: a variable it gets with this value" },
};

/** What says what a package is made as. */
export const CREATE_OPTIONS: Options = {
  release: { type: "string", value: "VERSION", help: "create, export: version of what is in it" },
  exclude: {
    type: "string",
    multiple: true,
    value: "NAME",
    help: "create: a name or path that is left out; may be repeated",
  },
  compression: { type: "string", value: "HOW", help: "create: none (the default) or brotli" },
  purpose: { type: "string", multiple: true, value: "PATH=WHAT", help: "create: code, config, data or document" },
  ttl: {
    type: "string",
    value: "TIME",
    help: "create, export, sign: time after which it is refused; never unless given",
  },
  sequence: { type: "string", value: "NUMBER", help: "create, export: one more than that of the package before" },
  writer: { type: "string", value: "TEXT", help: "create, export: who made it, by their own account" },
  ...LAUNCH_OPTIONS,
};
