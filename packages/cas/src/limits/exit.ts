import type { Ledger } from "./ledger.ts";

const waiting = new Set<Ledger>();

const flushAll = (): void => {
  for (const ledger of waiting) ledger.flush();
};

/**
 * Has a ledger told to others should the process end before its turn comes: a program that puts one value and exits,
 * again and again, would never be counted.
 * @returns what takes it back
 */
export function flushAtExit(ledger: Ledger): () => void {
  if (waiting.size === 0) process.on("exit", flushAll);
  waiting.add(ledger);
  return () => {
    waiting.delete(ledger);
    if (waiting.size === 0) process.off("exit", flushAll);
  };
}
