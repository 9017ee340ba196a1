export { readAssembly } from './assembly/manifest.ts';
export { startLocalCloud } from './cloud.ts';
export type { LocalCloud, LocalCloudOptions } from './cloud.ts';
export type { CloudEvent } from './events.ts';
export type { ApiFront } from './services/apigateway/data-plane/front.ts';
export { ServiceError } from './services/service.ts';
export type { ServiceInput, ServiceOutput } from './services/service.ts';
