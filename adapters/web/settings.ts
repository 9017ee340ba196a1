import { z } from 'zod';
import { standInSchema } from './stand-in.ts';

/** The environment variables of a function that fetches pages. */
export const webSettings = {
  /** Whom the owner of a site may ask: goes into the `User-Agent`. The SEC rejects requests without it. */
  WEB_CONTACT: z
    .string()
    .trim()
    .regex(
      /^(https:\/\/[\w.-]+\.[a-z]{2,}(\/[\w./~-]*)?|([\w .,&-]{1,80} )?[\w.+-]+@[\w-]+(\.[\w-]+)+)$/i,
      'must be an https address, or a name and an e-mail address such as "Example Inc. web@example.com"',
    ),
  /** Only on one machine: the server that has the sites below `.test`. */
  WEB_STAND_IN: standInSchema.optional(),
};
