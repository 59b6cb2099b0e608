import type { Alert } from "./alerts.ts";

/** An alert as it is found, before it is given its time. */
export type Finding = Alert extends infer A ? (A extends Alert ? Omit<A, "time"> : never) : never;

/** Passes findings on. */
export type Tell = (finding: Finding) => void;
