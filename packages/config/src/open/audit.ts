import type { EventListener } from "@cache/core";
import type { AuditLog } from "@cache/core/audit";
import type { Keyring } from "@cache/core/keyring";

/** Keeps the loud events of a cache in a file. */
export interface AuditFile {
  readonly listener: EventListener;
  /** Writes what is left to write; nothing is kept afterwards. */
  readonly close: () => void;
}

/**
 * Hears of events and keeps the loud ones in a file, which is opened when there is one. Its lines are by the primary.
 * @param onLost - told when the file lacks an event
 */
export async function auditFile(path: string, keyring: Keyring | undefined, onLost: () => void): Promise<AuditFile> {
  const { auditLog } = await import("@cache/core/audit");
  let log: AuditLog | undefined;
  return {
    listener: (event) => {
      if (event.level === "info") return;
      try {
        log ??= begin();
        log.listener(event);
      } catch {
        onLost();
      }
    },
    close: end,
  };

  function begin(): AuditLog {
    const key = keyring?.primary;
    // Without a primary the lines have no key, and those of others cannot be told from them.
    const otherKeys = key && keyring?.masters.filter((each) => each !== key);
    process.once("exit", end);
    return auditLog(path, { key, otherKeys, onError: onLost });
  }

  function end(): void {
    process.removeListener("exit", end);
    log?.close();
  }
}
