import { believedBy, configuredProtection, isChain, type Protection } from "@cache/config/keys";
import type { Invocation } from "./command.ts";
import { lastingDirectory } from "./config/directory.ts";
import type { LoadedConfig } from "./config/load.ts";
import { sourcesOf } from "./keyring-source.ts";

export type { Protection } from "@cache/config/keys";

/** Says what to do about certificates, by what is loaded only then. */
async function advised(error: unknown): Promise<never> {
  const { advised: advise } = await import("./certificates/advice.ts");
  return advise(error);
}

/** What a command's cache is protected with. */
export async function protectionOf(invocation: Invocation, config: LoadedConfig): Promise<Protection> {
  const sources = sourcesOf(invocation);
  const believed = believedBy(config, sources);
  if (believed === undefined || !isChain(believed)) return configuredProtection(config, sources);
  const directory = lastingDirectory(invocation, config);
  const protection = await configuredProtection(config, { ...sources, directory }).catch(advised);
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
          return advised(error);
        }
      },
      verify: (header, message, proof) => sign.verify(header, message, proof),
    },
  };
}
