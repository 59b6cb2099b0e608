import type { ChainConfig, TrustConfig } from "./config.ts";

/** Whether roots say who is believed, rather than keys. */
export function isChain(sign: TrustConfig | ChainConfig): sign is ChainConfig {
  return "roots" in sign;
}

/** Whether something is what a root signed, rather than a file with it. */
export function isTrustText(text: string): boolean {
  return text.startsWith("cachet1.");
}
