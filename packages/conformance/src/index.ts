/**
 * Test cases that every store, sealer, signer and memory of what was seen passes, as data for any test runner.
 * @packageDocumentation
 */
export type { Case } from "./case.ts";
export { ConformanceError } from "./expect.ts";
export { type ChaosOptions, type ChaosReport, chaos } from "./faults/chaos.ts";
export type { CacheInChaos } from "./faults/chaos-run.ts";
export { type FaultyStore, type FaultyStoreOptions, faultyStore } from "./faults/faulty-store.ts";
export { EVERY_FAULT, type Fault, type FaultPlan } from "./faults/plan.ts";
export { failingMonotonicStoreCases } from "./monotonic-store/failing.ts";
export type { FailingMonotonicStoreFixture, MonotonicStoreFixture } from "./monotonic-store/fixture.ts";
export { monotonicStoreCases } from "./monotonic-store/index.ts";
export { type CaseResult, type RunOptions, runCases } from "./run-cases.ts";
export type { SealerFixture } from "./sealer/fixture.ts";
export { sealerCases } from "./sealer/index.ts";
export type { SignerFixture } from "./signer/fixture.ts";
export { signerCases } from "./signer/index.ts";
export { failingStoreCases } from "./store/failing.ts";
export type { FailingStoreFixture, StoreFixture } from "./store/fixture.ts";
export { storeCases } from "./store/index.ts";
export { referenceStore } from "./store/reference-store.ts";
