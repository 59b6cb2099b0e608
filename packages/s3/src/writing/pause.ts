const FIRST = 50;
const LONGEST = 5_000;

/**
 * Waits for a random time before another try, longer with every try: those who met once would meet again.
 * @param tries - how many there were
 * @param signal - ends it with its reason
 */
export function pause(tries: number, signal: AbortSignal | undefined): Promise<void> {
  const longest = Math.min(LONGEST, FIRST * 2 ** tries);
  return new Promise((resolve, reject) => {
    const aborted = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const over = (): void => {
      signal?.removeEventListener("abort", aborted);
      resolve();
    };
    const timer = setTimeout(over, Math.random() * longest);
    signal?.addEventListener("abort", aborted, { once: true });
  });
}
