import { hash } from 'node:crypto';

/** SHA-256 as the simulated ids and the checks compute it. */
export const digestOf = (content: string | Uint8Array): string => hash('sha256', content);
