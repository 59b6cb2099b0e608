/**
 * A store for `@cache/core` in Template, through a client you already have.
 * @packageDocumentation
 */
export type { TemplateClient, TemplateRow } from "./client.ts";
export { type TemplateStoreOptions, templateStore } from "./template-store.ts";
