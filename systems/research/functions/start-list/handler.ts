import { listHandler } from '#runtime/index.ts';
import { readNightList } from '../../companies/read-night-list.ts';

/** Starts a night of the companies of a CSV file that is put into the bucket. */
export const handler = listHandler(readNightList);
