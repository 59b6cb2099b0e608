/** Is told what this process does to values, in the same turn of the event loop: nobody can look between the two. */
export interface Witness {
  /** A value has just been moved to its place. */
  written(path: string): void;
  /** Whatever was in the place of a value has just been taken away. */
  removed(path: string): void;
}

const witnesses = new Set<Witness>();

/** @returns what takes it back */
export function addWitness(witness: Witness): () => void {
  witnesses.add(witness);
  return () => witnesses.delete(witness);
}

/** Tells that a value has just been moved to its place. */
export function tellWritten(path: string): void {
  for (const witness of witnesses) witness.written(path);
}

/** Tells that what was in the place of a value has just been taken away. */
export function tellRemoved(path: string): void {
  for (const witness of witnesses) witness.removed(path);
}
