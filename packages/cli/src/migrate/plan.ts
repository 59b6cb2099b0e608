import type { Report } from "../foreign/report.ts";
import type { Session } from "../session.ts";
import type { Risks } from "./risks.ts";

/** What can be done about a directory of one layout. */
export interface Plan {
  /** Whose layout it is. */
  readonly layout: "cache" | "deltaglider" | "fleche";
  /** How many values it holds, however safe. */
  readonly values: number;
  /** Adds what is unsafe about the values themselves. */
  inspect(risks: Risks): Promise<void>;
  /** Takes over what can be verified. */
  take(session: Session, report: Report, dryRun: boolean): Promise<void>;
  /** Removes what belongs to the layout, and nothing else. */
  remove(report: Report, dryRun: boolean): Promise<void>;
}
