import { believedBy, configuredProtection, isChain, type Protection } from "@cache/config/keys";
import type { Invocation } from "./command.ts";
import type { LoadedConfig } from "./config/load.ts";
import { withHint } from "./failure.ts";
import { sourcesOf } from "./keyring-source.ts";

export type { Protection } from "@cache/config/keys";

const HINTS: Readonly<Record<string, string>> = {
  ERR_CACHE_UNKNOWN_KEY: "cache trust show FILE tells who certified which key, and for what",
  ERR_CACHE_EXPIRED: "whoever has the root makes the next list with cache trust revoke --after",
  ERR_CACHE_ROLLBACK: "get the newest list from whoever has the root",
};

/** Says what to do about failures of certificates, for which entries have other advice. */
function advise(error: unknown): never {
  const hint = HINTS[String((error as { code?: unknown } | null)?.code)];
  throw hint === undefined ? error : withHint(error, hint);
}

/** What a command's cache is protected with. */
export async function protectionOf(invocation: Invocation, config: LoadedConfig): Promise<Protection> {
  const sources = sourcesOf(invocation);
  const believed = believedBy(config, sources);
  if (believed === undefined || !isChain(believed)) return configuredProtection(config, sources);
  const protection = await configuredProtection(config, sources).catch(advise);
  const { sign } = protection;
  if (sign?.identity === undefined) return protection;
  return {
    ...protection,
    sign: {
      identity: sign.identity,
      sign: async (message) => {
        try {
          return await sign.sign(message);
        } catch (error) {
          return advise(error);
        }
      },
      verify: (header, message, proof) => sign.verify(header, message, proof),
    },
  };
}
