import { isCacheError } from "@cache/core";
import type { Invocation } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { flecheKeys, namesKeys } from "../fleche/keys.ts";
import { namedDirectory } from "../foreign/directory.ts";
import { Report } from "../foreign/report.ts";
import { importingSession } from "../foreign/take.ts";
import { note, printable, writeJson, writeLine } from "../output.ts";
import { openSession, type Session } from "../session.ts";
import { UsageError } from "../usage-error.ts";
import { CachePlan } from "./cache.ts";
import { DeltaGliderPlan } from "./deltaglider.ts";
import { withDeltaGliderKey } from "./deltaglider-key.ts";
import { FlechePlan } from "./fleche.ts";
import { DEEPEST, isStore, layoutOf } from "./layout.ts";
import type { Plan } from "./plan.ts";
import { Risks } from "./risks.ts";
import { filesBelow } from "./walk.ts";

/** What is to be done: nothing unless it is said. */
type Action = "look" | "import" | "delete";

function actionOf({ given }: Invocation): Action {
  const [importing, deleting] = [given.flag("import"), given.flag("delete")];
  if (importing && deleting)
    throw new UsageError(
      "--import and --delete are two steps",
      "import first, look whether all of it came, then delete",
    );
  if (!importing && !deleting && given.flag("dry-run"))
    throw new UsageError("--dry-run belongs to --import and --delete");
  if (importing) return "import";
  return deleting ? "delete" : "look";
}

/** What can be done about a directory; `undefined` for one of no layout that is known. */
async function planFor(
  invocation: Invocation,
  session: Session,
  directory: string,
  risks: Risks,
): Promise<Plan | undefined> {
  const keys = namesKeys(invocation) ? await flecheKeys(invocation) : undefined;
  const store = isStore(directory);
  const files = filesBelow(directory, store ? DEEPEST.cache : DEEPEST.others, risks);
  // By the name that was given: the store itself decides which links it follows.
  if (store) return CachePlan.of(invocation.given.positionals[0] as string, session);
  const layout = layoutOf(files);
  if (layout === "deltaglider") return new DeltaGliderPlan(directory, files);
  const plan = layout === "fleche" ? await FlechePlan.of(directory, files, keys) : undefined;
  return plan?.values === 0 ? undefined : plan;
}

/** @param plan - absent: a store that is not opened, since others could write to it; that is told with the rest */
async function look(plan: Plan | undefined, directory: string, risks: Risks, json: boolean): Promise<number> {
  await plan?.inspect(risks);
  const { layout = "cache", values } = plan ?? {};
  if (json) await writeJson({ directory, layout, values, risks });
  else {
    await writeLine(`${printable(directory)}: a directory of ${layout}, ${values ?? "an unknown number of"} values`);
    for (const line of risks.lines()) await writeLine(printable(line));
    await writeLine(
      "nothing was changed: --import takes over what can be verified, --delete removes it; both take --dry-run",
    );
  }
  return risks.any ? EXIT.rejected : EXIT.ok;
}

/** `cache migrate`. */
export async function migrate(given: Invocation): Promise<number> {
  const action = actionOf(given);
  const invocation = withDeltaGliderKey(given);
  const directory = namedDirectory(invocation.given.positionals[0]);
  const session = action === "import" ? await importingSession(invocation) : await openSession(invocation);
  const risks = new Risks();
  const json = invocation.given.flag("json");
  let plan: Plan | undefined;
  try {
    plan = await planFor(invocation, session, directory, risks);
  } catch (error) {
    if (action !== "look" || !isCacheError(error, "ERR_CACHE_UNSAFE_PATH")) throw error;
    return look(undefined, directory, risks, json);
  }
  if (plan === undefined) {
    note("nothing there is of a cache, of DeltaGlider or of fleche");
    if (json) await writeJson({ directory });
    return EXIT.miss;
  }
  if (action === "look") return look(plan, directory, risks, json);
  const dryRun = invocation.given.flag("dry-run");
  const report = new Report(action === "import" ? "importing" : "removing", json);
  if (action === "import") await plan.take(session, report, dryRun);
  else await plan.remove(report, dryRun);
  return report.end({ directory, layout: plan.layout, dryRun });
}
