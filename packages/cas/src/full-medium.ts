import { isFull } from "./failures.ts";

/** What can make room on a medium. */
export interface Roomy {
  /** Present in a store with limits: removes what is too much. @returns whether anything went */
  readonly makeRoom?: (() => Promise<boolean>) | undefined;
}

/** Does a step that may find the medium full; if it does, and something can go, once more. */
export async function withRoom<T>(medium: Roomy, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    return await again(medium, error, step);
  }
}

/** The same for a step that has failed. @throws that failure, when it is another or nothing can go */
export async function again<T>(medium: Roomy, failure: unknown, step: () => Promise<T>): Promise<T> {
  if (!mayPass(medium, failure) || !(await medium.makeRoom?.())) throw failure;
  return await step();
}

/** Whether a failure may be gone when room was made. */
export function mayPass({ makeRoom }: Roomy, failure: unknown): boolean {
  return makeRoom !== undefined && isFull(failure);
}
