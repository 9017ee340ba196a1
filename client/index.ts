export { FleetClient, type FleetSession, type SubmitOptions } from './fleet-client.ts';
export { FleetError } from './fleet-error.ts';
export type { FleetClientOptions } from './transport.ts';
export type * from './types.ts';
export type { WaitOptions } from './wait.ts';
