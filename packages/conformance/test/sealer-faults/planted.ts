import type { SealContext, SealedMetadata, Sealer } from "@cache/core";
import type { SealerFixture } from "../../src/index.ts";
import type { Fault } from "../matrix.ts";
import type { Quirks } from "../toy-chunks.ts";
import { toySealerFixture } from "../toy-sealer.ts";

type Role = keyof SealerFixture;
type Planted = Fault<SealerFixture>;

/** The toy with a quirk. */
export const quirky = (fails: RegExp, quirks: Quirks): Planted => ({ fails, fixture: () => toySealerFixture(quirks) });

/** The toy bound to less than it was told. */
export const binding = (fails: RegExp, bind: (context: SealContext) => SealContext, quirks: Quirks = {}): Planted =>
  quirky(fails, { bind, ...quirks });

/** The toy with some of it replaced. */
export function planted(fails: RegExp, fault: (sealer: Sealer, role: Role) => Partial<Sealer>): Planted {
  const fixture = () => toySealerFixture({}, (sealer, role) => ({ ...sealer, ...fault(sealer, role) }));
  return { fails, fixture };
}

/** The toy with what all three ways to open answer changed. */
export function answering(fails: RegExp, change: (opened: Loose) => Loose): Planted {
  return planted(fails, (sealer) => {
    const loose = sealer as unknown as LooseOpenings;
    return {
      open: (...given: unknown[]) => change(loose.open(...given)),
      openStream: async (...given: unknown[]) => change(await loose.openStream(...given)),
      openRange: async (...given: unknown[]) => change(await loose.openRange(...given)),
    } as unknown as Partial<Sealer>;
  });
}
type Loose = { verdict: string; retired?: boolean; metadata?: SealedMetadata } & object;
type LooseOpenings = Record<"open" | "openStream" | "openRange", (...given: unknown[]) => Loose>;
