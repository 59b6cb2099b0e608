import type { CallQuery } from "@cache/calls";
import { parseDuration } from "@cache/core/adapter";
import type { Given, Options } from "../command.ts";
import { UsageError } from "../usage-error.ts";

/** The options that choose calls. */
export const QUERY: Options = {
  name: { type: "string", value: "NAME", help: "calls of this function" },
  "of-version": { type: "string", value: "VERSION", help: "of this version of it" },
  digest: { type: "string", value: "DIGITS", help: "with arguments whose digest begins with these 4 or more digits" },
  since: { type: "string", value: "TIME", help: "begun since then: 1d for a day ago, or a date such as 2026-01-31" },
  until: { type: "string", value: "TIME", help: "begun before then" },
  tag: { type: "string", value: "NAME=VALUE", help: "with this tag" },
};

/** A moment: a duration before now, or a date, of UTC where it names no zone. */
function moment(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?$/.test(text)) {
    // A day that its month has not, the platform takes for one of the next month.
    const day = text.slice(0, 10);
    const start = new Date(`${day}T00:00:00Z`);
    const isDay = !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
    const time = Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
    if (isDay && !Number.isNaN(time)) return time;
  }
  try {
    return Date.now() - parseDuration(text);
  } catch {
    throw new UsageError(`--${option} is no time`, "give a duration such as 1d, or a date such as 2026-01-31");
  }
}

function tagOf(text: string | undefined): CallQuery["tags"] {
  if (text === undefined) return undefined;
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError("--tag is NAME=VALUE");
  return Object.fromEntries([[text.slice(0, at), text.slice(at + 1)]]);
}

/** The query that the options are, and whether any was given. */
export function queryOf(given: Given): { readonly query: CallQuery; readonly isAll: boolean } {
  const query = {
    name: given.text("name"),
    version: given.text("of-version"),
    digest: given.text("digest"),
    since: moment("since", given.text("since")),
    until: moment("until", given.text("until")),
    tags: tagOf(given.text("tag")),
  };
  return { query, isAll: Object.values(query).every((each) => each === undefined) };
}
