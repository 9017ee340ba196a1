export { FleetClient, type FleetClientOptions, type FleetSession, type SubmitOptions } from './fleet-client.ts';
export { FleetError } from './fleet-error.ts';
export type { ManyRegions, RegionAddress } from './regions/transport.ts';
export type { OneRegion } from './transport.ts';
export type * from './types.ts';
export type { WaitOptions } from './patience.ts';
