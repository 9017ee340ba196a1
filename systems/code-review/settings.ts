import { z } from 'zod';

/** Settings in config/<environment>.json, below `systems.code-review`. */
export const codeReviewSettings = z.strictObject({});
