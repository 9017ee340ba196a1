import { storeOf } from '../parts/store.ts';

/** Whether the API rejected the key of this tab, or there was none. */
export const signedOut = storeOf(false);
