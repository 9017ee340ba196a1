import { randomUUID } from 'node:crypto';

/** An id in the API's format, e.g. `msg_0f8b…`. */
export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
