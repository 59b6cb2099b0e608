import { type Alert, type Monitor, monitorStore } from "@cache/cas/monitor";
import type { Command, Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { note, printable, writeJson, writeLine } from "../output.ts";
import { openSession } from "../session.ts";

/** `2026-01-31T13:05:09.123Z damaged v1/blobs/…: ERR_CACHE_AUTH, set aside`. */
function lineOf(alert: Alert): string {
  const { type, path, time } = alert;
  const more = remarksOn(alert).join(", ");
  return printable(`${new Date(time).toISOString()} ${type} ${path}${more === "" ? "" : `: ${more}`}`);
}

function remarksOn(alert: Alert): string[] {
  const aside = "quarantined" in alert && alert.quarantined ? ["set aside"] : [];
  if (alert.type === "damaged") return [alert.code, ...aside];
  if (alert.type === "planted") return [alert.what, ...aside];
  if (alert.type === "unverified") return alert.code === undefined ? [] : [alert.code];
  if (alert.type === "deleted") return alert.name === undefined ? [`${alert.values} values`] : [];
  if (alert.type === "permissions") return [`mode ${alert.mode.toString(8)}`, `user ${alert.uid}`];
  return "reason" in alert ? [alert.reason] : [];
}

/** Prints alerts one after the other, and says what to end with. */
class Printer {
  readonly #json: boolean;
  #printed: Promise<void> = Promise.resolve();
  #exitCode: number = EXIT.ok;
  #fail: (error: unknown) => void = () => undefined;

  /** Rejects when the output takes nothing more. */
  readonly failed: Promise<never> = new Promise((_, reject) => {
    this.#fail = reject;
  });

  constructor(json: boolean) {
    this.#json = json;
  }

  readonly print = (alert: Alert): void => {
    if (alert.level === "security") this.#exitCode = EXIT.rejected;
    this.#printed = this.#printed.then(() => (this.#json ? writeJson(alert) : writeLine(lineOf(alert))));
    this.#printed.catch(this.#fail);
  };

  async end(): Promise<number> {
    await this.#printed;
    return this.#exitCode;
  }
}

/** Resolves when the process is asked to end. */
function askedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}

async function run(invocation: Invocation): Promise<number> {
  const { given } = invocation;
  const interval = given.text("interval");
  const { store, protection, onEvent } = await openSession(invocation);
  const { seal, sign, described } = protection;
  const printer = new Printer(given.flag("json"));
  const asked = askedToEnd();
  const onAlert = printer.print;
  const options = { store, seal, sign, onEvent, onAlert, interval, quarantine: given.flag("quarantine") };
  const monitor: Monitor = await monitorStore(options);
  // For programs as well: from here on nothing is missed.
  note(`watching ${store.directory}; ${described}`);
  try {
    await Promise.race([asked, printer.failed]);
  } finally {
    await monitor.close();
  }
  return await printer.end();
}

/** `cache watch`. */
export const command: Command = {
  usage: "watch [--quarantine] [--interval TIME]",
  summary: "Print what other processes do to the cache, as it happens",
  details: `One line for each alert until SIGINT, SIGTERM or SIGHUP ends it; the exit code is 3 when there was damage, something planted or a
right to write for others, and 0 otherwise. What other processes put is verified with these keys: "written" holds, "damaged" is
not what its writer left, "unverified" cannot be told here. It begins with what is there as it is: run verify first, or beside it.
--json prints one document a line: type, level, time, path, and name, code, what, quarantined and others where there are any.`,
  options: {
    quarantine: { type: "boolean", help: "set aside what is damaged, and what is planted" },
    interval: { type: "string", value: "TIME", help: "time between scans for what was not reported; 5m unless given" },
  },
  positionals: [0, 0],
  run,
};
