import type { CacheEvent, EventLevel, EventListener } from "@cache/core";
import { checkOptions, notify } from "@cache/core/adapter";

/** The part of a logger that is used: the console has it, pino, and whatever takes fields and then a message. */
export interface EventLogger {
  /** For events of level `info`. */
  info(fields: object, message: string): void;
  /** For events of level `warning`. */
  warn(fields: object, message: string): void;
  /** For events of level `security`. */
  error(fields: object, message: string): void;
}

/** Which events are logged. */
export interface LoggedEventsOptions {
  /**
   * The least that is logged: `info` is every hit and miss.
   * @defaultValue "warning"
   */
  readonly level?: EventLevel | undefined;
}

const LEVELS: readonly EventLevel[] = ["info", "warning", "security"];
const METHODS = { info: "info", warning: "warn", security: "error" } as const satisfies Record<
  EventLevel,
  keyof EventLogger
>;

/**
 * A listener for `onEvent` that logs: `security` as an error, `warning` and `info` as what they are called. The fields are under
 * `cache`, so that they meet none of the logger's own. It never throws, whatever the logger does.
 * @throws TypeError for what is no logger, and options that make no sense
 */
export function loggedEvents(logger: EventLogger, options: LoggedEventsOptions = {}): EventListener {
  checkOptions("loggedEvents", options, ["level"]);
  const { level = "warning" } = options;
  if (!LEVELS.includes(level)) throw new TypeError(`a level is one of ${LEVELS.join(", ")}`);
  for (const method of Object.values(METHODS)) {
    if (typeof logger?.[method] !== "function")
      throw new TypeError("loggedEvents needs a logger, with info, warn and error");
  }
  const log = (event: CacheEvent) => logger[METHODS[event.level]]({ cache: fieldsOf(event) }, messageOf(event));
  return (event) => {
    if (LEVELS.indexOf(event.level) >= LEVELS.indexOf(level)) notify(log, event);
  };
}

/** Field by field: what a later version adds to an event was not thought about here. */
function fieldsOf({ type, namespace, plane, id, code, keyId }: CacheEvent): object {
  const known = keyId === undefined ? {} : { keyId };
  return { type, namespace, plane, id, ...(code === undefined ? {} : { code }), ...known };
}

/** Without the namespace, which may be text of a user's: fields are escaped by every logger, messages are not. */
function messageOf({ type, code }: CacheEvent): string {
  return `cache: ${type}${code === undefined ? "" : ` (${code})`}`;
}
