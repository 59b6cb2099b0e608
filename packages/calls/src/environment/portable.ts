import type { Environment } from "./environment.ts";

/** Where this page or worker runs, by its own account. There is no name of the machine. */
export function environment(_withHost: boolean): Environment {
  const { navigator } = globalThis as { readonly navigator?: { readonly userAgent?: string } };
  return { runtime: navigator?.userAgent?.slice(0, 200) ?? "unknown", platform: "web" };
}
