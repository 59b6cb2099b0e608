/** Tells a listener. Whatever it throws, now or later, is ignored: observers are guests, and what they watch is decided. */
export function notify<T>(listener: ((event: T) => unknown) | undefined, event: T): void {
  try {
    const told = listener?.(event);
    // An async function is a listener too, and its rejection would end the process.
    if (told instanceof Promise) told.catch(() => {});
  } catch {
    // As said above.
  }
}
