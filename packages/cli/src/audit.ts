import type { EventListener } from "@cache/core";
import type { AuditLog } from "@cache/core/audit";
import type { Keyring } from "@cache/core/keyring";
import { note } from "./output.ts";

/** Hears of events and keeps the loud ones in a file, which is opened when there is one. Its lines are by the primary. */
export async function auditListener(path: string, keyring: Keyring | undefined): Promise<EventListener> {
  const { auditLog } = await import("@cache/core/audit");
  let log: AuditLog | undefined;
  return (event) => {
    if (event.level === "info") return;
    try {
      log ??= begin();
      log.listener(event);
    } catch {
      lost();
    }
  };

  function begin(): AuditLog {
    const key = keyring?.primary;
    // Without a primary the lines have no key, and those of others cannot be told from them.
    const otherKeys = key && keyring?.masters.filter((each) => each !== key);
    const begun = auditLog(path, { key, otherKeys, onError: lost });
    process.once("exit", () => begun.close());
    return begun;
  }
}

const lost = (): void => note("the audit log could not be written, and lacks an event");
