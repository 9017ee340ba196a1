export { startSimulatedWeb, type SimulatedWeb } from './start.ts';
export type { SimulatedWebOptions } from './options.ts';
export type { TruthEvent, Telling, TrapPage } from './truth.ts';
export type { Injection } from './faults/injections.ts';
export { FAULTS, type FaultName } from './faults/names.ts';
export type { LoggedRequest } from './http/log.ts';
export type { WebCompany } from './view.ts';
export type { EventKind } from './world/kinds.ts';
export type { EventFacts } from './world/events.ts';
