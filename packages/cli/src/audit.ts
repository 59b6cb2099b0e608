import type { EventListener } from "@cache/core";
import type { AuditLog } from "@cache/core/audit";
import type { MasterKey } from "@cache/core/keyring";
import { note } from "./output.ts";

/** Hears of events and keeps the loud ones in a file, which is opened when there is one. */
export async function auditListener(path: string, key: MasterKey | undefined): Promise<EventListener> {
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
    const begun = auditLog(path, { key, onError: lost });
    process.once("exit", () => begun.close());
    return begun;
  }
}

const lost = (): void => note("the audit log could not be written, and lacks an event");
